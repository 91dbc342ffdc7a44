"""Who did what and who read what: the audit trail on screen, everything about a person, how long things are kept."""
