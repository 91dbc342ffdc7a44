"""Practising: what is on offer, a question with its explanation once it was answered, and what came of a run.

A question is a `PracticeCard` wherever it stands, in a run or by itself in a lesson. Its key is told only in the
explanation of an answer that was checked.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.text import Truncator

from assessments import rules
from assessments.models import BlueprintRow, Exam, Item, ItemCitation, ItemVersion, PracticeQuestion, PracticeRun
from assessments.permissions import Refused, check_practice_open
from assessments.scoring import marking
from training.competencies.models import Competency
from training.lib.texts import text_in
from training.matters.models import ClausePlacement, ClauseVersion
from training.matters.queries import ClauseText, clauses_on, policy_address
from training.people.models import User

from .history import KeyLine, key_lines
from .questions import Question, Said, question_as_seen, said


@dataclass(frozen=True, slots=True)
class CitedNow:
    """A clause a question rests on, as it reads on the day; `address` is "" for one that is not in force any more."""

    clause: ClauseText
    policy: str
    address: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said of an answer that was checked."""

    credit: float
    right: list[KeyLine]
    why: Said
    clauses: list[CitedNow]

    @property
    def verdict(self) -> str:
        return rules.verdict(self.credit)


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """A question to practise; `ident` tells several on one page apart, `tries` is how often it was answered before."""

    ident: str
    question: Question
    tries: int = 0
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A practice exam on offer, with the run that is open and how often it was practised before."""

    exam: Exam
    questions: int
    running: PracticeRun | None
    done: int


@dataclass(frozen=True, slots=True)
class RunState:
    """A run with the state of each question: "" until its answer is checked, then right, partly or wrong."""

    run: PracticeRun
    states: list[str]

    @property
    def total(self) -> int:
        return len(self.states)

    @property
    def checked(self) -> int:
        return sum(bool(state) for state in self.states)

    @property
    def first_open(self) -> int:
        """Where to go on: the first question not checked yet, else the last."""
        return next((place for place, state in enumerate(self.states, start=1) if not state), self.total)

    @property
    def lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.states, start=1))


@dataclass(frozen=True, slots=True)
class PracticeSum:
    """What came of the questions about one competency; `read`: the clauses where an answer was not right at once."""

    competency: Competency
    asked: int
    at_once: int
    in_the_end: int
    read: list[CitedNow]


def practice_offered(person: User, *, now: datetime) -> list[PracticeLine]:
    """Return the practice exams that are open to everybody now."""
    asked = BlueprintRow.objects.filter(part__exam=OuterRef("pk")).order_by().values("part__exam")
    asked = asked.annotate(n=Sum("count")).values("n")
    rows = list(_open_to_all(now).annotate(asked=Subquery(asked)).order_by("code"))
    runs = list(PracticeRun.objects.filter(person=person, exam__in=rows)) if rows else []
    running = {run.exam_id: run for run in runs if run.ended_at is None}
    return [
        PracticeLine(
            exam,
            exam.asked or 0,
            running.get(exam.pk),
            sum(run.exam_id == exam.pk and run.ended_at is not None for run in runs),
        )
        for exam in rows
    ]


def practice_on(competencies: Iterable[int], *, now: datetime) -> list[Exam]:
    """Return the practice exams open to everybody now that ask about one of these competencies."""
    about = BlueprintRow.objects.filter(part__exam=OuterRef("pk"), competency__in=list(competencies))
    return list(_open_to_all(now).filter(Exists(about)).order_by("code"))


def _open_to_all(now: datetime) -> "QuerySet[Exam]":
    begun, not_over = Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at=None) | Q(closes_at__gt=now)
    return Exam.objects.filter(begun, not_over, mode=Exam.Mode.PRACTICE, is_open=True).defer("reference_form")


@dataclass(frozen=True, slots=True)
class PracticePage:
    """What stands before a run: the exam, the run that is open, those before, and why it cannot be practised now."""

    exam: Exam
    questions: int
    running: PracticeRun | None
    before: Sequence[PracticeRun]
    refusal: Refused | None


def practice_page(person: User, exam: Exam, *, now: datetime, most: int = 10) -> PracticePage:
    """Return what the page before a run tells; `before` has the latest runs with `asked` and `right` at once."""
    refusal = None
    try:
        check_practice_open(exam, now)
    except Refused as error:
        refusal = error
    runs = PracticeRun.objects.filter(person=person, exam=exam).annotate(
        asked=Count("questions"), right=Count("questions", filter=Q(questions__first_credit=1))
    )
    rows = list(runs.order_by("-started_at")[: most + 1])
    return PracticePage(
        exam,
        exam.blueprint.aggregate(total=Sum("count"))["total"] or 0,
        next((run for run in rows if run.ended_at is None), None),
        [run for run in rows if run.ended_at][:most],
        refusal,
    )


def run_state(person: User, run_id: int) -> RunState:
    """Return a person's own run. Raises PracticeRun.DoesNotExist for another's."""
    run = PracticeRun.objects.select_related("exam").defer("exam__reference_form").get(pk=run_id, person=person)
    earned = run.questions.order_by("position").values_list("credit", flat=True)
    return RunState(run, ["" if credit is None else rules.verdict(credit) for credit in earned])


def run_card(run: PracticeRun, position: int, *, language: str, on: date, shown: marking.Seen = None) -> PracticeCard:
    """Return a question of a run, explained if its answer was checked. Raises PracticeQuestion.DoesNotExist.

    `shown` is an answer that was sent and not checked: it stands on the screen instead of the one kept.
    """
    rows = run.questions.select_related("item_version").prefetch_related("item_version__media__file")
    question = rows.get(position=position)
    version, order = question.item_version, question.option_order
    value = shown or marking.as_seen(version.shape, order, question.answer) or rules.opening(version.shape)
    credit = question.credit
    feedback = None if credit is None else feedback_on(version, order, credit, language=language, on=on)
    return PracticeCard("practice", _shown(version, order, value, language, position), question.tries, feedback)


def alone_card(
    person: User,
    version: ItemVersion,
    *,
    language: str,
    on: date,
    shown: marking.Seen = None,
    credit: float | None = None,
) -> PracticeCard:
    """Return a question that stands by itself, as in a lesson; `credit` is what `shown` earned, if it was checked."""
    order = alone_order(person, version)
    value = shown or rules.opening(version.shape)
    feedback = None if credit is None else feedback_on(version, order, credit, language=language, on=on)
    return PracticeCard(f"practice-{version.pk}", _shown(version, order, value, language, version.pk), 0, feedback)


def alone_order(person: User, version: ItemVersion) -> marking.Order:
    """Return the order a person sees the options in where nothing of it is kept: the same each time."""
    chance = random.Random(f"{person.pk}:{version.pk}")  # noqa: S311 - nothing secret is drawn
    return marking.shown_order(version.shape, version.key, chance)


def item_to_practise(bank: str, code: str) -> ItemVersion:
    """Return the version in use of a live item of a practice bank. Raises ItemVersion.DoesNotExist for any other."""
    return _practised().get(item__bank__code=bank, item__code=code)


def practised_items(keys: Sequence[str]) -> list[ItemVersion]:
    """Return the versions in use of items by "bank/code", in this order; what nobody can practise is left out."""
    pairs = [key.partition("/")[::2] for key in keys]
    wanted = reduce(or_, (Q(item__bank__code=bank, item__code=code) for bank, code in pairs), Q(pk=None))
    found = {f"{one.item.bank.code}/{one.item.code}": one for one in _practised().filter(wanted)}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def practised_about(competency: str, number: int, chance: str) -> list[ItemVersion]:
    """Return so many versions about a competency of practice banks, drawn by `chance`: the same for the same words."""
    about = list(_practised().filter(item__competency__code=competency).order_by("pk"))
    return random.Random(chance).sample(about, min(number, len(about)))  # noqa: S311 - nothing secret is drawn


def practice_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be practised as choices by bank: "bank/code", and the code with the beginning of the question."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for version in _practised().order_by("item__bank__code", "item__code"):
        bank, code = version.item.bank, version.item.code
        words = Truncator(text_in(version.stem)).chars(60)
        groups.setdefault(str(bank), []).append((f"{bank.code}/{code}", f"{code}: {words}"))
    return list(groups.items())


def _practised() -> QuerySet[ItemVersion]:
    """Return the versions in use of live items of practice banks."""
    live = ItemVersion.objects.in_use().filter(item__bank__for_practice=True, item__state=Item.State.LIVE)
    live = live.exclude(kind__in=marking.BY_PEOPLE)
    return live.select_related("item__bank").prefetch_related("media__file")


def feedback_on(version: ItemVersion, order: marking.Order, credit: float, *, language: str, on: date) -> Feedback:
    """Explain an answer that was checked."""
    cited = _cited([version.pk])[version.pk]
    now = clauses_on({one.clause_id for one in cited}, on) if cited else {}
    return Feedback(
        credit,
        key_lines(version, language, order),
        said(version.rationale, language),
        [_cited_now(one, now.get(one.clause_id)) for one in cited],
    )


def practice_sums(run: PracticeRun, *, on: date) -> list[PracticeSum]:
    """Return what came of a run by competency, in the framework's order; what was not checked counts as not right."""
    questions = list(run.questions.select_related("item_version", "competency"))
    cited = _cited([question.item_version_id for question in questions if question.first_credit != 1])
    now = clauses_on({one.clause_id for rows in cited.values() for one in rows}, on)
    groups: dict[Competency, list[PracticeQuestion]] = {}
    for question in sorted(questions, key=lambda one: one.competency.position):
        groups.setdefault(question.competency, []).append(question)
    return [
        PracticeSum(
            competency,
            len(rows),
            sum(row.first_credit == 1 for row in rows),
            sum(row.credit == 1 for row in rows),
            _once([clause for row in rows for clause in cited.get(row.item_version_id, ())], now),
        )
        for competency, rows in groups.items()
    ]


def _cited(versions: Sequence[int]) -> dict[int, list[ClauseVersion]]:
    """Return the clauses each of these versions rests on."""
    found: defaultdict[int, list[ClauseVersion]] = defaultdict(list)
    rows = ItemCitation.objects.filter(item_version__in=versions).select_related("clause_version__clause")
    for row in rows.order_by("pk"):
        found[row.item_version_id].append(row.clause_version)
    return found


def _shown(version: ItemVersion, order: marking.Order, value: marking.Seen, language: str, position: int) -> Question:
    return question_as_seen(
        version, order, value, language, position=position, revision=0, saved_at=None, flagged=False, seen=True
    )


def _cited_now(cited: ClauseVersion, placed: ClausePlacement | None) -> CitedNow:
    if placed is None:
        return CitedNow(ClauseText.of(cited), "", "", changed=True)
    policy = placed.policy_version
    return CitedNow(
        ClauseText.of(placed.clause_version),
        text_in(policy.title),
        policy_address(policy.policy.slug),
        changed=placed.clause_version_id != cited.pk,
    )


def _once(cited: Sequence[ClauseVersion], now: Mapping[int, ClausePlacement]) -> list[CitedNow]:
    """Return each clause that is in force once."""
    by_clause = {one.clause_id: one for one in cited if one.clause_id in now}
    return [_cited_now(one, now[clause]) for clause, one in by_clause.items()]
