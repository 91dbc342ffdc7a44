"""Template filters for certificates."""
