"""Reading the ledger: may somebody handle a matter on a day, until when and why; all they may handle."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from training.authorisations.models import PRACTICE_DAYS, Authorisation, AuthorisationQuerySet, Condition, Entrustment
from training.lib.templatetags.words import day as say
from training.lib.texts import text_in
from training.matters.models import ServiceMatter
from training.people.models import User

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """May a person handle a matter on a day: until which day as things stand, and why or why not, in words."""

    allowed: bool
    until: date | None
    because: str
    entrustment: int | None


@dataclass(frozen=True)
class Scope:
    """One matter a person is entrusted with on a day.

    `since` is the first day of this entrustment and `until` the last day it counts as things stand;
    `conditional_until` is the last day of grace of a condition that is open, None when none is.
    """

    matter: ServiceMatter
    entrustment: int
    entrustment_label: str
    since: date
    until: date
    conditional_until: date | None


def may_handle(*, person: User, matter: ServiceMatter, day: date) -> Verdict:
    """Answer for one person, matter and day.

    Who may handle with a teacher beside is allowed (`entrustment` says how much supervision is needed); who only
    watches is not. Somebody suspended from the platform may handle nothing, on any day.
    """
    if not person.is_active:
        return _refusal(_("This member of staff does not work here at present."))
    rows = Authorisation.objects.filter(person=person, matter=matter).with_hindrances()
    row = rows.effective_on(day).first()
    if row is None:
        return _refusal(_why_not(rows, day))
    if row.entrustment < Entrustment.DIRECT:
        return _refusal(_("This member of staff only watches this matter being handled."), row.entrustment)
    return Verdict(allowed=True, until=last_day(row, day), because=_why(row, day), entrustment=row.entrustment)


def scope_on(*, person: User, day: date) -> list[Scope]:
    """Return what the person is entrusted with on `day`, each matter once, in the order of their codes."""
    if not person.is_active:
        return []
    rows = Authorisation.objects.filter(person=person).effective_on(day).with_hindrances()
    return [_scope(row, day) for row in rows.select_related("matter").order_by("matter__code")]


def last_day(row: Authorisation, day: date) -> date:
    """Return the last day an authorisation that counts on `day` goes on counting, if nothing else happens.

    Its own last day, the day before a suspension written down already, the end of a condition's grace, or 180 days
    after the matter was last handled: whichever comes first. Takes a row of `with_hindrances()`.
    """
    suspended = [one.starts_on - A_DAY for one in row.suspensions.all() if one.starts_on > day]
    barred = [_first_barred(one) - A_DAY for one in row.conditions.all() if _first_barred(one) > day and _bars(one)]
    return min(row.until, row.practised_on + timedelta(days=PRACTICE_DAYS), *suspended, *barred)


def _scope(row: Authorisation, day: date) -> Scope:
    return Scope(
        matter=row.matter,
        entrustment=row.entrustment,
        entrustment_label=str(Entrustment(row.entrustment).label),
        since=row.starts_on,
        until=last_day(row, day),
        conditional_until=min((one.grace_until for one in _open(row, day)), default=None),
    )


def _first_barred(condition: Condition) -> date:
    return max(condition.opens_on, condition.grace_until + A_DAY)


def _bars(condition: Condition) -> bool:
    """Tell whether the condition is, or was, uncleared on a day after its grace."""
    return condition.cleared_on is None or condition.cleared_on > _first_barred(condition)


def _open(row: Authorisation, day: date) -> list[Condition]:
    return [one for one in row.conditions.all() if one.opens_on <= day and not _cleared(one, day)]


def _cleared(condition: Condition, day: date) -> bool:
    return condition.cleared_on is not None and condition.cleared_on <= day


def _refusal(because: str, entrustment: int | None = None) -> Verdict:
    return Verdict(allowed=False, until=None, because=because, entrustment=entrustment)


def _why(row: Authorisation, day: date) -> str:
    """Say what a permission rests on: the condition that is open, else what it was granted for."""
    conditions = sorted(_open(row, day), key=_first_barred)
    return text_in(conditions[0].reason if conditions else row.source_label)


def _why_not(rows: AuthorisationQuerySet, day: date) -> str:
    """Say what keeps the authorisation of that day, else the last one before it, from counting."""
    running = rows.within_dates(day).order_by("-pk").first()
    if running is not None:
        return _hindrance(running, day)
    ended = rows.filter(until__lt=day).order_by("-until").first()
    if ended is not None:
        return _("The authorisation ended on %(day)s.") % {"day": say(ended.until, day)}
    return _("There is no authorisation for this matter.")


def _hindrance(row: Authorisation, day: date) -> str:
    """Say what keeps an authorisation within its dates from counting: suspension, condition, or want of practice."""
    suspension = row.suspensions.on(day).first()
    if suspension is not None:
        return _("The authorisation is suspended since %(day)s.") % {"day": say(suspension.starts_on, day)}
    condition = row.conditions.barring(day).order_by("grace_until").first()
    if condition is not None:
        told = {"day": say(condition.grace_until, day), "condition": text_in(condition.reason)}
        return _("Was to be done by %(day)s: %(condition)s") % told
    return _("Not handled within %(n)s days, last on %(day)s.") % {
        "n": PRACTICE_DAYS,
        "day": say(row.practised_on, day),
    }
