"""A bank whose items have known parameters, and made-up people who answered them: rows as exams leave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import factory
import numpy as np
from factory.django import DjangoModelFactory

from assessments.models import (
    Attempt,
    AttemptItem,
    AttemptPart,
    Bank,
    Calibration,
    Exam,
    Item,
    ItemParameters,
    ItemVersion,
    Mark,
    Response,
)
from assessments.scoring.irt import difficulty_from_judgement
from assessments.services import estimate, start_calibration
from tests.factories.assessments import NOW, BankFactory, ExamFactory, ItemVersionFactory, options
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import UserFactory
from training.people.models import User

CUTS = [-2.0, -0.7, 0.7, 2.0]


class CalibrationFactory(DjangoModelFactory):
    """A calibration that waits for a decision, without items; `at_work` for one whose job has not ended."""

    class Meta:
        model = Calibration

    bank = factory.SubFactory(BankFactory)
    model = Calibration.Model.RASCH
    since = (NOW - timedelta(days=100)).date()
    until = NOW.date()
    first_only = True
    asked_by = factory.SubFactory(UserFactory)
    asked_at = NOW
    state = Calibration.State.READY
    finished_at = NOW
    attempts = people = 140
    answers = 2800
    log_likelihood = -1500.0
    converged = is_sound = True
    settings = {"nodes": 61, "priors": True, "judged_sd": 0.7, "rasch_from": 100, "two_pl_from": 500}
    link = {"method": "judged", "scale": 1.0, "shift": 0.2, "anchors": 20, "drifted": 0}
    fit = {"sd": 0.9, "mean": 0.2, "alpha": 0.7, "complete": 0, "m2": None}
    effect = {"attempts": 140, "differ": 0, "higher": 0, "lower": 0, "would_pass": 0, "would_fail": 0}

    class Params:
        at_work = factory.Trait(state=Calibration.State.COMPUTING, finished_at=None, attempts=None)


class ItemParametersFactory(DjangoModelFactory):
    """Sound parameters of an item."""

    class Meta:
        model = ItemParameters

    calibration = factory.SubFactory(CalibrationFactory)
    item_version = factory.SubFactory(ItemVersionFactory)
    answers = 140
    a = 1.0
    b = -0.3
    se_a = 0.0
    se_b = 0.2
    judged_b = -0.6
    share_right = 0.6
    point_biserial = 0.3
    infit = outfit = 1.0
    fit_kind = "groups"
    fit_statistic = 3.1
    fit_df = 4
    fit_p = 0.54
    groups = [[-1.0, 70, 0.4, 0.42], [0.8, 70, 0.8, 0.77]]
    options = [
        {
            "option": "a",
            "key": True,
            "people": 84,
            "share": 0.6,
            "rival": False,
            "correlation": 0.3,
            "by_group": [0.4, 0.6, 0.8],
        },
        {"option": "", "key": False, "people": 56, "share": 0.4, "rival": False},
    ]
    rank = 8
    usable = True


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
            written_by=author,
            approved_by=reviewer,
            approved_at=NOW - timedelta(days=90),
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
        released_at=at + timedelta(minutes=20),
        receipt=f"{n:06d}-AAAA", answered=0, theta=theta, standard_error=0.4, score=60, level=level,
        level_probability=0.6, passed=theta >= CUTS[1], target_level=3, cuts=CUTS,
    )  # fmt: skip


def _whole(attempt: Attempt) -> AttemptPart:
    return AttemptPart(
        attempt=attempt,
        number=1,
        opened_at=attempt.started_at,
        deadline=attempt.deadline,
        closed_at=attempt.finished_at,
    )


def _answers(world: World, attempts: list[Attempt], right: np.ndarray, given: np.ndarray, rng: Any) -> None:
    wrong = rng.integers(0, 3, right.shape)
    whole = {part.attempt_id: part for part in AttemptPart.objects.bulk_create(map(_whole, attempts), batch_size=500)}
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
                    part=whole[attempt.pk],
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
