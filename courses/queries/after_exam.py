"""What to read after an exam."""

from dataclasses import dataclass

from assessments.queries import Result
from courses.models import CourseVersion
from training.competencies.models import Competency

from .learning import CatalogueEntry, courses_of


@dataclass(frozen=True)
class Reading:
    """A course and the competencies of the exam it teaches that came out below what was asked."""

    entry: CatalogueEntry
    competencies: list[Competency]


def reading_after(result: Result, *, language: str) -> list[Reading]:
    """Return the courses on offer that teach what fell short, those that teach most of it first (at most 4 queries).

    A competency fell short when its evidence lies below the cut of the level asked for. Where the exam was not passed
    and no competency can be told apart, all of the paper's count; where nothing fell short there is nothing to read.
    """
    rows = result.competencies
    short = [row.competency for row in rows if row.evidence and row.evidence.evidence.value < result.cut]
    if not short and not result.attempt.passed:
        short = [row.competency for row in rows]
    if not short:
        return []
    taught: dict[int, set[int]] = {}
    links = CourseVersion.competencies.through.objects.filter(competency__in=[one.pk for one in short])
    for version, competency in links.values_list("courseversion", "competency"):
        taught.setdefault(version, set()).add(competency)
    entries = courses_of(result.attempt.person, taught.keys(), language)
    readings = [
        Reading(entry, [one for one in short if one.pk in taught[entry.outline.version.pk]]) for entry in entries
    ]
    return sorted(readings, key=lambda reading: (reading.entry.state == "done", -len(reading.competencies)))
