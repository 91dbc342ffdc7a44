"""Jobs as whoever started them sees them; health, for whatever watches the server."""
