"""The centre and its people: departments, positions, windows, postings, roles, access."""
