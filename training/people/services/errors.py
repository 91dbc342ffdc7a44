"""What may go wrong with staff records, in words for whoever tried."""


class PeopleError(Exception):
    """Something a person can put right; the message says how."""


class NotAllowedError(PeopleError):
    """Whoever acts may not do this to that person, department or role."""
