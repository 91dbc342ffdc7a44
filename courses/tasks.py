"""What the tick does for courses."""

from datetime import datetime

from .services import reminding, requiring


def keep_rules_up(*, now: datetime) -> None:
    """Give a line to whoever has come under a rule of required training, and take it from whoever has left it."""
    requiring.keep_up(at=now)


def remind(*, now: datetime) -> None:
    """Tell in the morning what is due soon or late."""
    reminding.remind(at=now)
