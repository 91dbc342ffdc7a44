"""The matrix of people, and one cell of it with everything it rests on."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from training.competencies import rules
from training.competencies.models import Competency, Evidence, Level, Proficiency, Target
from training.people.models import Department, Posting, Section, User
from training.people.permissions import departments_overseen

from .asked import Asked
from .columns import Columns
from .falling_short import lacking

Postings: TypeAlias = "QuerySet[Posting]"
BEST = 4.0  # logits: a result above is not to be hoped for


@dataclass(frozen=True)
class Cell:
    """What one person holds of one competency against what their position asks for; None: unknown, not asked for."""

    person: User
    competency: Competency
    held: int | None
    target: int | None
    provisional: bool

    @property
    def url(self) -> str:
        return reverse("competencies:cell", args=[self.person.staff_number, self.competency.code])

    @property
    def text(self) -> str:
        """What stands in the cell: "2/3", "?/3" without evidence, "2" where nothing is asked for, "" for neither."""
        if self.target is None:
            return "" if self.held is None else str(self.held)
        return f"{'?' if self.held is None else self.held}/{self.target}"

    @property
    def gap(self) -> int:
        """Levels short of the target; an unknown level is short of all of it."""
        return max((self.target or 0) - (self.held or 0), 0)


@dataclass(frozen=True)
class PersonRow:
    """A person with their posting and cells, in column order."""

    person: User
    posting: Posting
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        return sum(cell.gap > 0 for cell in self.cells)


def postings_of(part: Department | Section, *, viewer: User, today: date) -> Postings:
    """Return the postings the rows of a part's people matrix come from, by position, then name.

    A department has the people of its own and of all below it that `viewer` oversees; a hall section has whoever is
    posted or lent there.
    """
    postings = Posting.objects.on(today).filter(person__is_active=True)
    if isinstance(part, Department):
        below = departments_overseen(viewer).filter(path__startswith=part.path)
        postings = postings.own().filter(department__in=below)
    else:
        postings = postings.filter(section=part)
    return postings.select_related("person", "position", "window").order_by(
        "position__code", "person__display_name", "person__pk"
    )


def with_gaps(postings: Postings, *, today: date) -> Postings:
    """Keep the postings whose person lacks a level the position asks for."""
    short = Target.objects.on(today).filter(lacking(OuterRef(OuterRef("person")), today), position=OuterRef("position"))
    return postings.filter(Exists(short))


def person_rows(
    postings: Iterable[Posting], *, competencies: list[Competency], asked: Asked, today: date
) -> list[PersonRow]:
    """Return the rows of one page of postings (one query beside the page itself)."""
    page = list(postings)
    people = [posting.person_id for posting in page]
    known = {(row.person_id, row.competency_id): row for row in Proficiency.objects.filter(person__in=people)}
    return [
        PersonRow(
            posting.person,
            posting,
            [
                _cell(
                    posting.person,
                    one,
                    known.get((posting.person_id, one.pk)),
                    asked.get(posting.position_id, {}).get(one.pk),
                    today,
                )
                for one in competencies
            ],
        )
        for posting in page
    ]


def _cell(person: User, competency: Competency, row: Proficiency | None, target: int | None, today: date) -> Cell:
    held = row.level_on(today) if row else None
    return Cell(person, competency, held, target, provisional=bool(row) and not row.is_confirmed_on(today))


@dataclass(frozen=True)
class Bar:
    """Where the level bar draws an estimate and the target, in percent of its width."""

    position: float
    lo: float
    hi: float
    target: float | None


@dataclass(frozen=True)
class ProfileLine:
    """One competency of a person's profile; no bar before there is evidence."""

    cell: Cell
    bar: Bar | None
    held_until: date | None
    stale: bool

    @property
    def target(self) -> float | None:
        """Where the level asked for begins, in percent of the bar's five equal bands."""
        return None if self.cell.target is None else (self.cell.target - 1) * 20

    @property
    def is_close(self) -> bool:
        """One level short, and the line of uncertainty reaches past the target's start."""
        return self.cell.gap == 1 and bool(self.bar and self.bar.target and self.bar.hi > self.bar.target)


@dataclass(frozen=True)
class Profile:
    """A person's competencies: those the position asks for, then others with evidence."""

    person: User
    posting: Posting | None
    lines: list[ProfileLine]
    levels: list[Level]

    @property
    def asked(self) -> list[ProfileLine]:
        return [line for line in self.lines if line.cell.target is not None]

    @property
    def met(self) -> int:
        return sum(line.cell.gap == 0 for line in self.asked)


def profile(*, person: User, columns: Columns, today: date) -> Profile:
    """Return a person's profile on `today` (four queries)."""
    posting = Posting.objects.on(today).own().filter(person=person).select_related("position", "window").first()
    asked = (
        dict(Target.objects.on(today).filter(position=posting.position_id).values_list("competency", "level"))
        if posting
        else {}
    )
    known = {row.competency_id: row for row in Proficiency.objects.filter(person=person)}
    levels = list(columns.framework.levels.all()) if columns.framework else []
    cuts = [level.cut for level in levels if level.cut is not None]
    lines = [
        _line(_cell(person, one, known.get(one.pk), asked.get(one.pk), today), known.get(one.pk), cuts, today)
        for one in columns.competencies
        if one.pk in asked or one.pk in known
    ]
    return Profile(person, posting, lines, levels)


def _line(cell: Cell, row: Proficiency | None, cuts: list[float], today: date) -> ProfileLine:
    if row is None:
        return ProfileLine(cell, None, None, stale=False)
    state = rules.predict(rules.State(row.mean, row.variance, row.as_of), max(today, row.as_of))
    until = getattr(row, f"held_until_{cell.held}") if cell.held and cell.held > 1 else None
    ends = until if until != rules.FOREVER else None
    return ProfileLine(cell, bar_of(state, cuts, cell.target), ends, stale=(cell.held or 0) < row.level)


@dataclass(frozen=True)
class Source:
    """One piece of evidence with its share of the estimate in percent; voided pieces have none."""

    evidence: Evidence
    percent: int | None


@dataclass(frozen=True)
class Prospect:
    """What one more piece of a kind would do: the doubt after it (logits), and the result from which the next level
    would be held; None where the highest is, or no single result can bring it."""

    kind: str
    doubt: float
    needed: float | None


@dataclass(frozen=True)
class Mainstay:
    """The piece without which the estimate would differ most, and what it and the level would be; None: it is all."""

    evidence: Evidence
    mean: float | None
    level: int | None


@dataclass(frozen=True)
class Understanding:
    """An estimate taken apart: mean and doubt (one standard deviation) today, what would change it, what holds it."""

    mean: float
    doubt: float
    prospects: list[Prospect]
    mainstay: Mainstay | None


@dataclass(frozen=True)
class CellDetail:
    """A cell opened: the estimate of today, how sure it is, and the evidence it rests on, latest first.

    `lasting`: the levels held from 2 up, the highest first, each with the day it lapses; None where it never does.
    """

    cell: Cell
    line: ProfileLine
    chance: int | None
    lasting: list[tuple[int, date | None]]
    sources: list[Source]
    understanding: Understanding | None

    @property
    def next_level(self) -> int:
        return (self.cell.held or 0) + 1

    @property
    def is_observed(self) -> bool:
        """Whether ratings of observers are in the estimate."""
        return any(
            source.evidence.kind == Evidence.Kind.OBSERVATION and source.percent is not None for source in self.sources
        )


def cell_detail(*, person: User, competency: Competency, today: date) -> CellDetail:
    """Return a person's cell with its explanation (four queries)."""
    posting = Posting.objects.on(today).own().filter(person=person).first()
    target = (
        Target.objects.on(today).filter(position=posting.position_id, competency=competency).first()
        if posting
        else None
    )
    row = Proficiency.objects.filter(person=person, competency=competency).first()
    evidence = list(
        Evidence.objects.filter(person=person, competency=competency)
        .select_related("assessor")
        .order_by("-observed_on", "-pk")
    )
    cuts = competency.framework.cuts()
    cell = _cell(person, competency, row, target.level if target else None, today)
    pieces = [
        rules.Evidence(one.value, one.variance, one.observed_on, one.kind, one.assessor_id, one.pk)
        for one in evidence
        if one.voided_at is None
    ]
    told = rules.explain(pieces, today, cuts)
    percent = {share.evidence.ident: round(share.weight * 100) for share in told.shares} if told else {}
    return CellDetail(
        cell=cell,
        line=_line(cell, row, cuts, today),
        chance=chance_of(told, cell.target),
        lasting=_lasting(row, today) if row else [],
        sources=[Source(one, percent.get(one.pk)) for one in evidence],
        understanding=_understood(told, rules.without_each(pieces, today, cuts), evidence) if told else None,
    )


def _lasting(row: Proficiency, today: date) -> list[tuple[int, date | None]]:
    days = [(level, getattr(row, f"held_until_{level}")) for level in (5, 4, 3, 2)]
    return [(level, None if day == rules.FOREVER else day) for level, day in days if day and day > today]


def _understood(
    told: rules.Explanation, absences: tuple[rules.Absence, ...], evidence: list[Evidence]
) -> Understanding:
    known = {one.pk: one for one in evidence}
    return Understanding(
        mean=told.state.mean,
        doubt=math.sqrt(told.state.variance),
        prospects=[
            Prospect(
                one.kind, one.sd_after, one.y_needed if one.y_needed is not None and one.y_needed <= BEST else None
            )
            for one in told.prospects
        ],
        mainstay=next((Mainstay(known[one.evidence.ident], one.mean, one.level) for one in absences), None),
    )


def chance_of(told: rules.Explanation | None, target: int | None) -> int | None:
    """Return how probable it is, in whole percent, that the person is at the target level or above."""
    if told is None or target is None:
        return None
    return math.floor(sum(told.probabilities[target - 1 :]) * 100 + 0.5)


def bar_of(state: rules.State, cuts: list[float], target: int | None) -> Bar:
    """Return the level bar of an estimate: five bands of equal width, the line 0.84 standard errors to each side."""
    band = rules.level_band(state.mean, state.variance, cuts)
    share = 100 / (len(cuts) + 1)
    return Bar(
        position=band.position * share,
        lo=band.low * share,
        hi=band.high * share,
        target=None if target is None else (target - 1) * share,
    )
