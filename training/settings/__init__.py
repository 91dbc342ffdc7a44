"""Settings: base, and one module per place the project runs in."""
