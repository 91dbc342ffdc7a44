"""Papers before and after a regrade.

Choices of one difficulty b: for r right of n Warm's estimate is b + ln((r + 0.5) / (n - r + 0.5)), and level 3 begins
at -0.7. So seven of ten pass and six do not; eight of twelve pass, seven of twelve and of eleven do not.
"""

import math
from typing import Any

from django.forms.models import model_to_dict

from assessments import services
from assessments.models import Attempt, Exam, Mark, Regrade, RegradedResult
from tests.factories.marking import all_marked, handed_in
from tests.factories.regrading import ASKED
from training.competencies.models import Evidence, Proficiency

MOVES = {"policy": Regrade.Policy.EVERYTHING_MOVES, "certificates": "keep"}
Change = RegradedResult.Change


def theta(right: int, of: int) -> float:
    return -0.7 - math.log(0.65 / 0.35) + math.log((right + 0.5) / (of - right + 0.5))


def rows_of(attempt: Attempt) -> dict[str, Any]:
    """Everything that is kept of a paper and what it gave, as it stands in the database."""
    evidence = Evidence.objects.filter(attempt_link__attempt=attempt).order_by("pk")
    return {
        "attempt": model_to_dict(Attempt.objects.get(pk=attempt.pk)),
        "items": list(attempt.items.values()),
        "marks": list(Mark.objects.filter(attempt_item__attempt=attempt).order_by("pk").values()),
        "evidence": [model_to_dict(one) for one in evidence],
        "proficiency": list(Proficiency.objects.filter(person=attempt.person).values("mean", "variance", "level")),
    }


def changes(regrade: Regrade) -> dict[int, str]:
    return dict(regrade.results.values_list("attempt", "change"))


def now(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)


def released(exam: Exam) -> Attempt:
    """Return an attempt that people marked well, with its result."""
    attempt = all_marked(handed_in(exam))
    services.release_by_rule(now=ASKED)
    return now(attempt)
