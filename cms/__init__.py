"""Pages people read, publishing, the desk, and the wiring of the API."""
