"""Recording and voiding evidence; the proficiency follows in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from training.competencies import rules
from training.competencies.models import Competency, Evidence, Framework, Proficiency
from training.lib.texts import Texts
from training.operations.services import Actor, Event, record, record_many
from training.people.models import User

Pair = tuple[int, int]
HELD_UNTIL = ("held_until_2", "held_until_3", "held_until_4", "held_until_5")


class AlreadyVoided(Exception):
    """The evidence was voided before."""

    def __str__(self) -> str:
        return str(_("This evidence was voided before. Nothing was changed."))


@dataclass(frozen=True)
class NewEvidence:
    """Something that was seen of a person: `value` (y) and `variance` (R) on the framework's scale, in logits."""

    person: User
    competency: Competency
    kind: str
    value: float
    variance: float
    observed_on: date
    source_label: Texts
    source_path: str = ""
    assessor: User | None = None


@transaction.atomic
def record_evidence(*, pieces: Sequence[NewEvidence], by: Actor, at: datetime) -> list[Evidence]:
    """Record pieces of evidence of one framework and bring the proficiencies they touch up to date."""
    if not pieces:
        return []
    framework = _framework_of(pieces)
    _lock({piece.person.pk for piece in pieces})
    rows = Evidence.objects.bulk_create(
        Evidence(**vars(piece), scale=framework.scale, recorded_at=at) for piece in pieces
    )
    refresh(pairs={(row.person_id, row.competency_id) for row in rows}, framework=framework, at=at)
    record_many(
        [
            Event("competencies.evidence_recorded", row, person=row.person, after={"y": row.value, "R": row.variance})
            for row in rows
        ],
        by=by,
        at=at,
    )
    return rows


@transaction.atomic
def void_evidence(*, evidence: Evidence, reason: str, by: User, at: datetime) -> None:
    """Take a piece of evidence out of the reckoning, for a reason; the row stays.

    Raises AlreadyVoided when somebody did so before.
    """
    _lock({evidence.person_id})
    changed = Evidence.objects.filter(pk=evidence.pk, voided_at=None).update(voided_at=at, void_reason=reason)
    if not changed:
        raise AlreadyVoided
    refresh(pairs={(evidence.person_id, evidence.competency_id)}, framework=evidence.competency.framework, at=at)
    record(action="competencies.evidence_voided", by=by, subject=evidence, person=evidence.person, at=at, reason=reason)


def refresh(*, pairs: Iterable[Pair], framework: Framework, at: datetime) -> None:
    """Recompute the stored proficiencies of (person, competency) pairs, set-based, from all their evidence."""
    wanted = set(pairs)
    groups: dict[Pair, list[rules.Evidence]] = defaultdict(list)
    evidence = Evidence.objects.filter(
        person__in={person for person, _competency in wanted},
        competency__in={competency for _person, competency in wanted},
        voided_at=None,
    ).values_list("person_id", "competency_id", "value", "variance", "observed_on", "kind", "assessor_id", "pk")
    for person, competency, y, variance, observed_on, kind, assessor, pk in evidence.iterator(chunk_size=5000):
        if (person, competency) in wanted:
            piece = rules.Evidence(y, variance, observed_on, kind, assessor, pk)
            groups[person, competency].append(piece)
    computed = rules.proficiencies(groups, framework.cuts())
    _store(computed, {pair: len(pieces) for pair, pieces in groups.items()}, at)
    for person, competency in wanted - computed.keys():
        Proficiency.objects.filter(person=person, competency=competency).delete()
    surprising = [pk for row in computed.values() for pk in row.surprises if isinstance(pk, int)]
    if surprising:
        Evidence.objects.filter(pk__in=surprising, surprising=False).update(surprising=True)


def _store(computed: dict[Pair, rules.Proficiency], counts: dict[Pair, int], at: datetime) -> None:
    rows = [
        Proficiency(
            person_id=person,
            competency_id=competency,
            mean=row.mean,
            variance=row.variance,
            as_of=row.observed_on,
            level=row.level,
            confirmed_level=row.confirmed_level,
            evidence_count=counts[person, competency],
            updated_at=at,
            **dict(zip(HELD_UNTIL, row.held_until, strict=True)),
        )
        for (person, competency), row in computed.items()
    ]
    Proficiency.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["person", "competency"],
        update_fields=[
            "mean", "variance", "as_of", "level", "confirmed_level", "evidence_count", "updated_at", *HELD_UNTIL
        ],
    )  # fmt: skip


def _framework_of(pieces: Sequence[NewEvidence]) -> Framework:
    """Return the one framework; evidence of two scales must never be mixed in one call."""
    (_only,) = {piece.competency.framework_id for piece in pieces}
    return pieces[0].competency.framework


def _lock(people: set[int]) -> None:
    """Let two writers of one person's evidence follow one another, or the later would not see the earlier's."""
    list(User.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))


@transaction.atomic
def record_export(*, by: User, what: str, rows: int, at: datetime) -> None:
    """Write down that somebody took a table out of the system."""
    record(action="competencies.exported", by=by, subject=by, at=at, after={"what": what, "rows": rows})
