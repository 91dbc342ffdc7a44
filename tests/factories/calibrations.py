"""A bank whose items have known parameters, and made-up people who answered them: rows as exams leave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from assessments.models import Attempt, AttemptItem, Bank, Calibration, Exam, Item, ItemVersion, Mark, Response
from assessments.scoring.irt import difficulty_from_judgement
from assessments.services import estimate, start_calibration
from tests.factories.assessments import NOW, ExamFactory, options
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import UserFactory
from training.people.models import User

CUTS = [-2.0, -0.7, 0.7, 2.0]


@dataclass
class World:
    """A bank with its exam, and what its items are really like."""

    exam: Exam
    versions: list[ItemVersion]
    a: np.ndarray
    b: np.ndarray

    @property
    def bank(self) -> Bank:
        return self.exam.bank


class Silent:
    """Progress that nobody watches, which can be made to fail on the way."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.done, self.total, self.fails_at = 0, 0, fails_at

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, n: int = 1) -> None:
        self.done += n
        if self.fails_at is not None and self.done >= self.fails_at:
            raise KeyboardInterrupt


def bank_of(items: int = 20, *, seed: int = 1, slopes: bool = False) -> World:
    """Return a bank of single-choice items whose authors judged them with an error of half a logit."""
    rng = np.random.default_rng(seed)
    exam = ExamFactory(is_open=True)
    competency = CompetencyFactory(framework=exam.framework)
    author, reviewer = UserFactory(), UserFactory()
    a = rng.lognormal(0, 0.3, items) if slopes else np.ones(items)
    b = rng.normal(-0.4, 1, items)
    rows = Item.objects.bulk_create(
        Item(bank=exam.bank, code=f"i-{n}", competency=competency, state="live", author=author, reviewer=reviewer)
        for n in range(items)
    )
    judged = np.clip(1 / (1 + np.exp(-(CUTS[1] - b - rng.normal(0, 0.5, items)))), 0.05, 0.95)
    versions = ItemVersion.objects.bulk_create(
        ItemVersion(
            item=item,
            number=1,
            kind="single",
            stem={"en": f"Stem of {item.code}", "zh-hans": f"题干{item.code}"},
            options=options("a", "b", "c", "d"),
            key=["a"],
            level=3,
            judged_p=float(p),
            written_at=NOW - timedelta(days=90),
        )
        for item, p in zip(rows, judged, strict=True)
    )
    return World(exam, versions, a, b)


def answered_by(
    world: World,
    people: int,
    *,
    seed: int = 2,
    asked: int | None = None,
    at: datetime = NOW - timedelta(days=10),
    b: np.ndarray | None = None,
    mean: float = 0.0,
    persons: Sequence[User] | None = None,
) -> list[Attempt]:
    """Let people sit the exam; each gets `asked` of the items at random (all of them unless said)."""
    rng = np.random.default_rng(seed)
    b = world.b if b is None else b
    theta = rng.normal(mean, 1, people)
    right = rng.random((people, b.size)) < 1 / (1 + np.exp(-world.a * (theta[:, np.newaxis] - b)))
    given = np.argsort(rng.random(right.shape), axis=1) < (asked or b.size)
    who = list(persons or _people(people, seed))
    place = who[0].entitlements.model.objects.create(
        person=who[0], exam=world.exam, attempts=people, why={"en": "Trial"}, granted_at=at
    )
    attempts = Attempt.objects.bulk_create(
        [_attempt(world.exam, person, place, at, float(theta[n]), n) for n, person in enumerate(who)], batch_size=500
    )
    _answers(world, attempts, right, given, rng)
    return attempts


def _people(people: int, seed: int) -> list[User]:
    department = UserFactory().department
    return User.objects.bulk_create(
        [
            User(staff_number=f"s{seed}-{n}", display_name=f"考生{n}", latin_name=f"Sitter {n}", department=department)
            for n in range(people)
        ],
        batch_size=500,
    )


def _attempt(exam: Exam, person: User, place: Any, at: datetime, theta: float, n: int) -> Attempt:
    level = 1 + int(np.searchsorted(CUTS, theta, side="right"))
    return Attempt(
        person=person, exam=exam, entitlement=place, state="scored", seed=n, language="en", started_at=at, minutes=30,
        deadline=at + timedelta(minutes=30), finished_at=at + timedelta(minutes=20), finished_by="candidate",
        receipt=f"{n:06d}-AAAA", answered=0, theta=theta, standard_error=0.4, score=60, level=level,
        level_probability=0.6, passed=theta >= CUTS[1], target_level=3, cuts=CUTS,
    )  # fmt: skip


def _answers(world: World, attempts: list[Attempt], right: np.ndarray, given: np.ndarray, rng: Any) -> None:
    wrong = rng.integers(0, 3, right.shape)
    judged = [difficulty_from_judgement(row.level, row.judged_p, CUTS) for row in world.versions]
    for start in range(0, len(attempts), 200):
        rows = [
            (n, column, attempts[n], world.versions[column])
            for n in range(start, min(start + 200, len(attempts)))
            for column in np.flatnonzero(given[n])
        ]
        items = AttemptItem.objects.bulk_create(
            [
                AttemptItem(
                    attempt=attempt,
                    position=column + 1,
                    item_version=version,
                    competency_id=version.item.competency_id,
                    option_order=["a", "b", "c", "d"],
                    a=1.0,
                    b=judged[column],
                    b_sd=0.7,
                    seen_at=attempt.started_at,
                )
                for _n, column, attempt, version in rows
            ]
        )  # fmt: skip
        Response.objects.bulk_create(
            [
                Response(
                    attempt_item=item, revision=1, saved_at=attempt.started_at,
                    value="a" if right[n, column] else "bcd"[wrong[n, column]],
                )
                for item, (n, column, attempt, _version) in zip(items, rows, strict=True)
            ]
        )  # fmt: skip
        Mark.objects.bulk_create(
            [
                Mark(attempt_item=item, credit=float(right[n, column]))
                for item, (n, column, *_rest) in zip(items, rows, strict=True)
            ]
        )


def asked_for(world: World, *, model: str = "rasch", by: User | None = None, **facts: Any) -> Calibration:
    """Return a calibration of the last hundred days that waits for its job."""
    day = NOW.date()
    told = {"since": day - timedelta(days=100), "until": day, "first_only": True} | facts
    return start_calibration(bank=world.bank, model=model, by=by or UserFactory(), at=NOW, **told)


def worked_out(world: World, **facts: Any) -> Calibration:
    """Return a calibration that waits for a decision."""
    calibration = asked_for(world, **facts)
    estimate(calibration=calibration, progress=Silent(), at=NOW)
    calibration.refresh_from_db()
    return calibration
