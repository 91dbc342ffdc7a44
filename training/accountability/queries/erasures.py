"""What an erasure of somebody would do, and which erasures there are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from training.accountability.models import Erasure
from training.lib.erasing import AT_ONCE, Fate, Identity, Kind, kinds_about
from training.lib.retention import LOG_MONTHS, months_after
from training.operations.models import AuditEvent
from training.operations.services import redactable
from training.operations.verification import REDACTED
from training.people import permissions
from training.people.models import User
from training.people.services import anonymous_name

ABOUT_ERASURES = "accountability.erasure"
"""How the actions begin that tell of erasures: they name nobody, and are the proof of what was done."""
MOST_NAMESAKES = 500
LATEST = 200
"""How many erasures the page lists."""


@dataclass(frozen=True)
class Line:
    """Rows of one kind in the dry run; without a number where all of the kind go."""

    name: str
    title: str
    why: str
    number: int | None


@dataclass(frozen=True)
class DryRun:
    """What would go, what would lose the name, what would stay; kinds of which there is nothing are left out."""

    goes: Sequence[Line]
    emptied: Sequence[Line]
    stays: Sequence[Line]
    anonymous: str

    def counts(self) -> dict[str, int]:
        lines = (*self.goes, *self.emptied, *self.stays)
        return {line.name: line.number for line in lines if line.number is not None}


def identity_of(person: User) -> Identity:
    """Return how the person is written anywhere, and the name that takes the place of all that."""
    forms = (str(person), person.display_name, person.latin_name, person.staff_number, person.email)
    longer = User.objects.filter(display_name__contains=person.display_name).exclude(pk=person.pk)
    spared = longer.values_list("display_name", flat=True)[:MOST_NAMESAKES]
    return Identity.of(*forms, instead=anonymous_name(person), spared=spared)


def dry_run(person: User) -> DryRun:
    """Count what an erasure of the person would meet today."""
    identity = identity_of(person)
    kinds = [_record(), _trail(), *kinds_about(person, identity)]
    return DryRun(*(_lines(kinds, fate) for fate in (Fate.GOES, Fate.EMPTIED, Fate.STAYS)), identity.instead)


def _record() -> Kind:
    why = _("Names, staff number, e-mail address and password go. The record itself stays, because others rest on it.")
    return Kind("record", _("Staff record"), Fate.EMPTIED, why, lambda: 1)


def _trail() -> Kind:
    """All events about, by and naming the person; not counted, for looking at the dry run is one more of them."""
    why = _("Who did what to whom and when stays, by numbers; names and details go for good.")
    return Kind("audit-trail", _("Audit trail"), Fate.EMPTIED, why, None)


def _lines(kinds: Iterable[Kind], fate: Fate) -> list[Line]:
    """Return the kinds of one fate of which there is something; those of one name as one line."""
    lines: dict[str, Line] = {}
    for kind in kinds:
        number = kind.number() if kind.number and kind.fate is fate else 0
        if kind.fate is fate and (number or kind.number is None):
            before = lines[kind.name].number or 0 if kind.name in lines else 0
            told = None if kind.number is None else before + number
            lines[kind.name] = Line(kind.name, str(kind.title), str(kind.why), told)
    return list(lines.values())


def own_events(person: User) -> "QuerySet[AuditEvent]":
    """Return the events about and by the person that still say something."""
    return redactable(AuditEvent.objects.filter(_own(person)))


def events_naming(person: User, identity: Identity) -> Iterator["QuerySet[AuditEvent]"]:
    """Yield the other events that name the person, some hundred at a time.

    What names them only because somebody else is called the same is about that one, and stays.
    """
    events = redactable(AuditEvent.objects.exclude(person_id__in=_namesakes(person)))
    texts = ("actor_name", "subject_name", "before", "after", "reason")
    keys = list(identity.naming(events, texts))
    for first in range(0, len(keys), AT_ONCE):
        yield AuditEvent.objects.filter(pk__in=keys[first : first + AT_ONCE])


def _own(person: User) -> Q:
    about = Q(person_id=person.pk) & ~Q(action__startswith=ABOUT_ERASURES)
    return about | Q(actor_id=person.pk) | Q(subject_type=User._meta.label_lower, subject_id=str(person.pk))


def _namesakes(person: User) -> list[int]:
    same = User.objects.filter(display_name__contains=person.display_name).exclude(pk=person.pk)
    return list(same.values_list("pk", flat=True)[:MOST_NAMESAKES])


def erasable_from(person: User) -> date | None:
    """Return the first day on which the person's acts are old enough to be emptied; None when they never acted.

    What somebody did on a network must be kept for six months (Cybersecurity Law, article 21).
    """
    acts = AuditEvent.objects.filter(actor_id=person.pk).exclude(action=REDACTED)
    last: datetime | None = acts.aggregate(last=Max("happened_at"))["last"]
    return months_after(timezone.localdate(last), LOG_MONTHS) if last else None


def erasures_seen_by(viewer: User) -> "QuerySet[Erasure]":
    """Return the erasures of people whose record the viewer keeps, the latest first."""
    departments = permissions.departments_kept(viewer)
    kept = Q(person__department__in=departments)
    if permissions.may_keep(viewer, None):
        kept |= Q(person__department=None)
    rows = Erasure.objects.filter(kept).select_related("person", "asked_by", "decided_by")
    return rows.order_by("-asked_at", "-pk")
