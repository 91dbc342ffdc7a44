"""A whole exam day against the real server, on a machine without other work: lost answers fail, times do not."""
