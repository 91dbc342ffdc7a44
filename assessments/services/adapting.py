"""Adaptive exams: each question is chosen on the server when the one before is left. The estimate never leaves it."""

import logging
import random
from collections import Counter
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import AdaptivePlan, Attempt, AttemptItem, AttemptPart, Exam, ItemVersion
from assessments.permissions import PaperNotDrawn, Refused
from assessments.queries import AvailableItem, Rulings, available_items, blueprint_of, rulings_on, with_answers
from assessments.scoring import marking

logger = logging.getLogger(__name__)

Stop = AdaptivePlan.Stop


class AnswerFirst(Refused):
    """The next question depends on the answer to this one."""

    code = "answer_first"
    message = gettext_lazy("Answer this question before you go on. The next one depends on it, and nobody goes back.")


class NotAdaptive(Refused):
    """The exam is set up in a way that an adaptive test cannot follow."""

    code = "not_adaptive"
    message = gettext_lazy(
        "An adaptive exam has one part, rows without level or kind, and a least number of questions that is not more "
        "than its rows ask for: it chooses difficulty by itself."
    )


def lengths_of(exam: Exam) -> rules.Lengths:
    """Return how long a test of an exam is and what it must hold. Raises NotAdaptive."""
    rows = blueprint_of(exam)
    quotas: Counter[int] = Counter()
    for row in rows:
        quotas[int(str(row.competency))] += row.count
    longest, shortest = sum(quotas.values()), exam.shortest or 0
    if exam.parts.count() != 1 or any(row.level or row.kind for row in rows) or not 1 <= shortest <= longest:
        raise NotAdaptive
    return rules.Lengths(shortest, longest, exam.target_error, dict(quotas))


def rates_for(exam: Exam, pool: list[AvailableItem]) -> dict[int, float]:
    """Return by which chance each item is let into a test, so that none is worn out. Raises NotAdaptive."""
    lengths = lengths_of(exam)
    return rules.exposure_rates([_pool_item(item) for item in _fitting(pool, lengths)], lengths)


def freeze_plan(attempt: Attempt) -> AdaptivePlan:
    """Write down what a new attempt chooses its questions from. Raises PaperNotDrawn."""
    exam, today = attempt.exam, timezone.localdate(attempt.started_at)
    try:
        lengths = lengths_of(exam)
        found = _fitting(available_items(exam, on=today, cuts=attempt.cuts), lengths)
        rates = {int(version): rate for version, rate in exam.exposure.items()}
        whole = [_pool_item(item) for item in found]
        let_in = rules.admitted(whole, rates, attempt.seed) if whole else []
        pool = [replace(item, admitted=admitted) for item, admitted in zip(whole, let_in, strict=True)]
        rules.next_question(pool, lengths, [])
    except (NotAdaptive, ValueError) as error:
        logger.error("exam %s: %s", exam.code, error)
        raise PaperNotDrawn from error
    return AdaptivePlan.objects.create(
        attempt=attempt,
        shortest=lengths.shortest,
        longest=lengths.longest,
        target_error=lengths.target_error,
        quotas=sorted(lengths.quotas.items()),
        pool=[_stored(item) for item in pool],
    )


def ask_first(plan: AdaptivePlan, part: AttemptPart) -> None:
    """Ask the first question of an attempt that has just begun."""
    first = _following(plan).version
    assert first is not None
    _ask(plan, part, first, 1)


def ask_next(question: AttemptItem) -> None:
    """Choose what follows the question reached of a locked attempt, or end the test. Raises AnswerFirst."""
    if question.answer is None:
        raise AnswerFirst
    plan = question.attempt.adaptive
    following = _following(plan)
    if following.version is None:
        plan.stop = following.stop
        plan.save(update_fields=["stop"])
    else:
        _ask(plan, question.part, following.version, question.position + 1)
    # Past the last question nothing is reached: what was left stays left.
    AttemptPart.objects.filter(pk=question.part_id).update(reached=question.position + 1)


def fill_up(attempt: Attempt) -> None:
    """Give a locked attempt that ends early the questions up to its shortest length; unanswered, they count as wrong.

    Otherwise a few easy answers and a closed door would be worth more than a whole test. Nothing happens to an
    attempt that is not adaptive or has ended by itself.
    """
    plan = AdaptivePlan.objects.filter(attempt=attempt, stop="").first()
    if plan is None:
        return
    part = attempt.parts.get()
    asked = attempt.items.count()
    while asked < plan.shortest and (version := _following(plan).version) is not None:
        asked += 1
        _ask(plan, part, version, asked)
    plan.stop = Stop.LEFT
    plan.save(update_fields=["stop"])


def _following(plan: AdaptivePlan) -> rules.Next:
    rows = list(with_answers(plan.attempt.items.all()).select_related("item_version").order_by("position"))
    rulings = rulings_on(row.item_version_id for row in rows)
    asked = [(row.item_version_id, _is_right(row, rulings)) for row in rows]
    lengths = rules.Lengths(plan.shortest, plan.longest, plan.target_error, {int(c): n for c, n in plan.quotas})
    return rules.next_question(_pool(plan), lengths, asked)


def _pool(plan: AdaptivePlan) -> list[rules.PoolItem]:
    return [rules.PoolItem(*row) for row in plan.pool]


def _is_right(question: AttemptItem, rulings: Rulings) -> bool:
    """Say whether an answer is right by the key in force now, as handing in would."""
    version = question.item_version
    return marking.is_right(marking.credit(version.shape, rulings.key_of(version), question.answer), version.bar)


def _ask(plan: AdaptivePlan, part: AttemptPart, version_id: int, position: int) -> None:
    """Put a question on the paper. The order of its options comes from the seed and its place alone."""
    item = next(item for item in _pool(plan) if item.version == version_id)
    version = ItemVersion.objects.only("kind", "options", "parts", "key").get(pk=version_id)
    chance = random.Random(f"{plan.attempt.seed}:{position}")  # noqa: S311 - keys are no secret here
    AttemptItem.objects.create(
        attempt=plan.attempt,
        part=part,
        position=position,
        item_version=version,
        competency_id=item.competency,
        option_order=marking.shown_order(version.shape, version.key, chance),
        a=item.a,
        b=item.b,
        b_sd=item.sd,
        parameters_id=item.parameters,
    )


def _fitting(pool: list[AvailableItem], lengths: rules.Lengths) -> list[AvailableItem]:
    """Return the items the test may ask, in an order that is the same each time."""
    return sorted((item for item in pool if item.competency_id in lengths.quotas), key=lambda item: item.version_id)


def _pool_item(item: AvailableItem) -> rules.PoolItem:
    return rules.PoolItem(
        item.version_id, item.competency_id, item.slope, item.difficulty, item.doubt, item.parameters_id
    )


def _stored(item: rules.PoolItem) -> list[object]:
    return [item.version, item.competency, item.a, item.b, item.sd, item.parameters, item.admitted]
