"""Pages of matters, what windows serve, and matters in files."""
