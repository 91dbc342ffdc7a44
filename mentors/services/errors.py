"""What may go wrong in coaching, in words for whoever tried."""


class CoachingError(Exception):
    """Something a person can put right, or must hear; the message says how."""


class NotYoursError(CoachingError):
    """Whoever acts has no part in this that would let them."""


class AlreadyDoneError(CoachingError):
    """It was done before, by this person or another; nothing was changed."""
