"""How people want to be told: what they chose, and what holds where they chose nothing."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from training.notices.models import Choice, How, Notice
from training.notices.texts import THEMES
from training.people.models import User


def default_for(theme: str) -> How:
    """Return what holds without a choice: urgent things at once, all others in the digest."""
    return How.NOW if THEMES[theme].urgent else How.DIGEST


def choices_of(person: User, channels: Iterable[str]) -> dict[tuple[str, str], How]:
    """Return how the person wants each theme by each channel, defaults included."""
    chosen = {(row.theme, row.channel): How(row.how) for row in person.notice_choices.all()}
    return {
        (theme, channel): chosen.get((theme, channel), default_for(theme)) for channel in channels for theme in THEMES
    }


def who_want_at_once(theme: str, channel: str) -> Q:
    """Return the condition on people who want a theme at once by this channel."""
    chosen = Choice.objects.filter(theme=theme, channel=channel)
    if default_for(theme) == How.NOW:
        return ~Q(pk__in=chosen.exclude(how=How.NOW).values("person"))
    return Q(pk__in=chosen.filter(how=How.NOW).values("person"))


def wanted_in_digest(channel: str) -> Q:
    """Return the condition on notices that their person wants in the digest by this channel."""
    condition = Q(pk__in=[])
    for key, theme in THEMES.items():
        chosen = Choice.objects.filter(theme=key, channel=channel)
        if default_for(key) == How.DIGEST:
            wants = ~Q(person__in=chosen.exclude(how=How.DIGEST).values("person"))
        else:
            wants = Q(person__in=chosen.filter(how=How.DIGEST).values("person"))
        condition |= Q(kind__in=theme.kinds) & wants
    return condition


def in_digest(notices: "QuerySet[Notice]", channel: str) -> "QuerySet[Notice]":
    """Keep unread notices that belong into their person's digest by this channel."""
    return notices.filter(wanted_in_digest(channel), read_at=None)
