"""What was known of people before they sat an exam here: results of paper tests and visits, brought over in sets."""

import random
from collections.abc import Iterator

from training.competencies.models import Competency, Evidence, Framework, Target
from training.competencies.services import NewEvidence, record_evidence
from training.people.models import Posting, User

from .clock import Clock

SET = 2000
PAPER_TEST = {"en": "Paper test, brought over", "zh-hans": "纸质测试（补录）"}
VISIT = {"en": "Visit to the window, brought over", "zh-hans": "窗口实地检查（补录）"}
PAPER_TEST_VARIANCE, VISIT_VARIANCE = 0.25, 0.5
NEWCOMER_DAYS = 30
NEWCOMER, FIRST_EXAM = "clerk", "one-time-notice"
"""The demo's story begins with somebody of whom nobody knows yet whether they can give notice once and for all."""


def build_records(*, framework: Framework, clock: Clock, chance: random.Random) -> None:
    """Record a test and up to three visits per competency a position asks for; of newcomers less is known."""
    assessors = list(User.objects.filter(staff_number__in=["teacher", "teacher2", "marker"]).order_by("pk"))
    batch: list[NewEvidence] = []
    for piece in _pieces(framework, assessors, clock, chance):
        batch.append(piece)
        if len(batch) >= SET:
            record_evidence(pieces=batch, by="build_demo", at=clock.at(1, 6))
            batch = []
    record_evidence(pieces=batch, by="build_demo", at=clock.at(1, 6))


def _pieces(framework: Framework, assessors: list[User], clock: Clock, chance: random.Random) -> Iterator[NewEvidence]:
    cuts = [-4.0, *framework.cuts()]
    asked: dict[int, list[tuple[Competency, int]]] = {}
    for target in Target.objects.select_related("competency").order_by("competency__position"):
        asked.setdefault(target.position_id, []).append((target.competency, target.level))
    postings = Posting.objects.filter(until=None)
    for posting in postings.select_related("person").order_by("person__staff_number"):
        is_new = posting.starts_on >= clock.ago(NEWCOMER_DAYS)
        talent = chance.gauss(1.3, 0.6)
        for competency, level in asked.get(posting.position_id, []):
            unseen = chance.random() < (0.6 if is_new else 0.04)
            if unseen or (posting.person.staff_number == NEWCOMER and competency.code == FIRST_EXAM):
                continue  # nobody has looked yet
            ability = max(cuts[level - 1] + talent * (not is_new) + chance.gauss(0, 0.5), -2.5)
            for kind, variance, label, assessor in _looks(assessors, posting.person, chance):
                yield NewEvidence(
                    person=posting.person,
                    competency=competency,
                    kind=kind,
                    value=chance.gauss(ability, variance**0.5),
                    variance=variance,
                    observed_on=clock.ago(chance.randint(2, 15) if is_new else chance.randint(5, 90)),
                    source_label=label,
                    assessor=assessor,
                )


def _looks(
    assessors: list[User], person: User, chance: random.Random
) -> Iterator[tuple[str, float, dict[str, str], User | None]]:
    yield Evidence.Kind.EXAM, PAPER_TEST_VARIANCE, PAPER_TEST, None
    others = [assessor for assessor in assessors if assessor != person]
    for _visit in range(chance.choice((1, 2, 3, 3))):
        yield Evidence.Kind.OBSERVATION, VISIT_VARIANCE, VISIT, chance.choice(others)
