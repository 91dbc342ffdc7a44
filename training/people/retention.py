"""How long sign-in records, leave and the roster are kept."""

from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from training.lib.retention import LOG_MONTHS, Kept
from training.operations.retention import BY_LAW

from .models import Leave, LoginCode, Shift


def kinds() -> Iterator[Kept]:
    """Yield who signed in from where, sessions that ran out, one-time codes, leave, shifts."""
    yield Kept(
        name="sign-ins",
        title=_("Sessions with address and device"),
        what=_("From where and on what somebody signed in, counted from when the session was last used."),
        usual=12,
        least=LOG_MONTHS,
        column="last_seen_at",
        old=lambda before: UserSession.objects.filter(last_seen_at__lt=before),
        by_law=BY_LAW,
    )
    yield Kept(
        name="sessions",
        title=_("Sessions that ran out"),
        what=_("What the browser was given to stay signed in. Nobody can use it any more."),
        usual=1,
        least=1,
        column="expire_date",
        old=lambda before: Session.objects.filter(expire_date__lt=before),
    )
    yield Kept(
        name="login-codes",
        title=_("One-time codes"),
        what=_("When a code was made for whom, by whom, and used; the code itself is kept nowhere."),
        usual=12,
        least=LOG_MONTHS,
        column="expires_at",
        old=lambda before: LoginCode.objects.filter(expires_at__lt=before),
        by_law=BY_LAW,
    )
    yield Kept(
        name="leave",
        title=_("Leave"),
        what=_("Counted from its last day."),
        usual=36,
        least=12,
        column="until",
        old=lambda before: Leave.objects.filter(until__lt=before.date()),
    )
    yield Kept(
        name="shifts",
        title=_("Shifts"),
        what=_("Who stood at which window, half day by half day."),
        usual=60,
        least=12,
        column="day",
        old=lambda before: Shift.objects.filter(day__lt=before.date()),
    )
