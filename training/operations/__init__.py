"""What keeps the platform running: the audit trail, jobs with progress, the tick."""
