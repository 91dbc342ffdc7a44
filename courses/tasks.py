"""What the tick does for courses."""

from datetime import datetime

from .services import requiring


def keep_rules_up(*, now: datetime) -> None:
    """Give a line to whoever has come under a rule of required training, and take it from whoever has left it."""
    requiring.keep_up(at=now)
