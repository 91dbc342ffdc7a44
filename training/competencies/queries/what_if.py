"""What would become of levels if pieces of evidence were replaced; nothing is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from training.competencies import rules
from training.competencies.models import Evidence, Framework

Pair = tuple[int, int]


def levels_then(
    *, gone: Collection[int], new: Iterable[tuple[Pair, rules.Evidence]], framework: Framework, today: date
) -> dict[Pair, tuple[int | None, int | None]]:
    """Return {(person, competency): (level now, level then)} for the pairs whose evidence would change.

    `gone`: ids of evidence that would be voided; `new`: what would be recorded instead. None: no evidence, no level.
    """
    added: dict[Pair, list[rules.Evidence]] = defaultdict(list)
    for pair, piece in new:
        added[pair].append(piece)
    touched = set(Evidence.objects.filter(pk__in=gone).values_list("person_id", "competency_id")) | set(added)
    now: dict[Pair, list[rules.Evidence]] = {pair: [] for pair in touched}
    then: dict[Pair, list[rules.Evidence]] = {pair: list(added[pair]) for pair in touched}
    rows = Evidence.objects.filter(
        person__in={person for person, _competency in touched},
        competency__in={competency for _person, competency in touched},
        voided_at=None,
    ).values_list("person_id", "competency_id", "value", "variance", "observed_on", "kind", "assessor_id", "pk")
    leaving = set(gone)
    for person, competency, y, variance, observed_on, kind, assessor, pk in rows.iterator(chunk_size=5000):
        if (pair := (person, competency)) in touched:
            piece = rules.Evidence(y, variance, observed_on, kind, assessor, pk)
            now[pair].append(piece)
            if pk not in leaving:
                then[pair].append(piece)
    before, after = (rules.proficiencies(groups, framework.cuts()) for groups in (now, then))
    return {
        pair: tuple(found[pair].level_on(today) if pair in found else None for found in (before, after))  # type: ignore[misc]
        for pair in touched
    }
