"""Papers: the one that everybody gets is put together here, and each person's is drawn."""

import logging
import random
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import ChosenItem, Exam, ExamPart, Item
from assessments.permissions import PaperIncomplete, PaperNotDrawn, Refused
from assessments.queries import AvailableItem, PilotPool, blueprint_of, choosable, fixed_paper, pilot_pool
from training.operations.services import record
from training.people.models import User

from .managing import EmptyPart, ExamIsOpen, NoQuestions

logger = logging.getLogger(__name__)

Papers = dict[int, list[AvailableItem]]


class NotFixed(Refused):
    """The exam draws its papers."""

    code = "not_fixed"
    message = gettext_lazy("The papers of this exam are drawn. Only an exam with one paper for everybody has a list.")


class NotChoosable(Refused):
    """The item is not live, runs out before the exam is over, or belongs to another bank."""

    code = "not_choosable"
    message = gettext_lazy(
        "This question cannot be asked in the exam now: it is not live in the exam's bank, or not valid as long as the "
        "exam is sat. Look for another one."
    )


class PaperIsFull(Refused):
    """A paper has its most questions."""

    code = "paper_is_full"

    def __str__(self) -> str:
        return _("A paper has at most %(most)s questions.") % {"most": rules.MOST_QUESTIONS}


class PaperHasFaults(Refused):
    """Chosen questions cannot be asked, or not as long as the exam is sat."""

    code = "paper_has_faults"

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(codes)
        self.codes = list(codes)

    def __str__(self) -> str:
        return _(
            "The exam was not opened. These questions of its paper are not live, or not valid as long as the exam is "
            "sat: %(codes)s. Put others in their place."
        ) % {"codes": ", ".join(self.codes)}


class TooFewPilots(Refused):
    """The bank has too few items to try out."""

    code = "too_few_pilots"

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(wanted, found)
        self.wanted, self.found = wanted, found

    def __str__(self) -> str:
        return _(
            "Each paper tries out %(wanted)d questions, and the bank has %(found)d pilot items on what the exam asks "
            "about that nobody has to mark. Put more to trial, or ask for fewer."
        ) % {"wanted": self.wanted, "found": self.found}


@transaction.atomic
def choose_item(*, exam: Exam, item: Item, part: int, by: User, at: datetime) -> ChosenItem:
    """Put an item at the end of a part of the paper; one that is chosen already stays where it is.

    Raises NotFixed, ExamIsOpen, PaperIsFull, NotChoosable, ExamPart.DoesNotExist.
    """
    locked = _locked(exam)
    rows = list(locked.chosen.all())
    if standing := next((row for row in rows if row.item_id == item.pk), None):
        return standing
    if len(rows) >= rules.MOST_QUESTIONS:
        raise PaperIsFull
    if not choosable(locked, {}, on=timezone.localdate(at)).filter(item=item).exists():
        raise NotChoosable
    where = locked.parts.get(number=part)
    new = ChosenItem.objects.create(exam=locked, part=where, item=item, position=len(rows) + 1)
    _number(locked)
    _tell(locked, {"added": item.code, "part": part}, by, at)
    return new


@transaction.atomic
def drop_item(*, exam: Exam, item: Item, by: User, at: datetime) -> None:
    """Take an item off the paper, if it is on it. Raises NotFixed, ExamIsOpen."""
    locked = _locked(exam)
    gone, _rows = locked.chosen.filter(item=item).delete()
    if gone:
        _number(locked)
        _tell(locked, {"removed": item.code}, by, at)


@transaction.atomic
def move_item(*, exam: Exam, item: Item, by: User, at: datetime, up: bool) -> None:
    """Move an item one place up or down, at the edge of a part into the next one; at the edge of the paper it stays.

    Raises NotFixed, ExamIsOpen, ChosenItem.DoesNotExist.
    """
    locked = _locked(exam)
    rows, parts = list(locked.chosen.select_related("part")), list(locked.parts.all())
    place = next((place for place, row in enumerate(rows) if row.item_id == item.pk), None)
    if place is None:
        raise ChosenItem.DoesNotExist
    step = -1 if up else 1
    row, other = rows[place], rows[place + step] if 0 <= place + step < len(rows) else None
    if other is not None and other.part_id == row.part_id:
        rows[place], rows[place + step] = other, row
    elif 1 <= row.part.number + step <= len(parts):
        row.part = parts[row.part.number + step - 1]
    else:
        return
    _number(locked, rows)
    _tell(locked, {"moved": item.code, "up": up, "part": row.part.number}, by, at)


def check_fixed(exam: Exam, *, on: date) -> list[int]:
    """Return the items of the paper of a fixed exam. Raises NoQuestions, EmptyPart, PaperHasFaults."""
    paper = fixed_paper(exam, on=on)
    if not paper.lines:
        raise NoQuestions
    if not all(lines for _part, lines in paper.parts):
        raise EmptyPart
    if paper.faults:
        raise PaperHasFaults([line.row.item.code for line in paper.faults])
    return [line.row.item_id for line in paper.lines]


def with_pilots(exam: Exam, paper: Papers, pilots: PilotPool, chance: random.Random) -> Papers:
    """Return a paper with items tried out, somewhere among the others; each part has its share of them.

    Those the exam has shown least come first. Where there are fewer than it wants, it tries out fewer.
    """
    chosen = pilots.least_shown(exam.pilots, chance)
    shares = rules.pilot_shares(len(chosen), {number: len(items) for number, items in paper.items()})
    mixed = {number: list(items) for number, items in paper.items()}
    for number, share in shares.items():
        for item in [chosen.pop() for _one in range(share)]:
            mixed[number].insert(chance.randint(0, len(mixed[number])), item)
    return mixed


def check_pilots(exam: Exam, competencies: Collection[int], *, on: date) -> None:
    """Raise TooFewPilots where the bank has fewer items to try out than each paper takes."""
    if exam.pilots and (found := len(pilot_pool(exam, competencies, on=on))) < exam.pilots:
        raise TooFewPilots(exam.pilots, found)


def paper_for(exam: Exam, pool: Sequence[AvailableItem], chance: random.Random) -> Papers:
    """Return the items of one person's paper, by part: those chosen for everybody, or some drawn by the blueprint.

    Raises PaperIncomplete where a chosen item is not in the pool, PaperNotDrawn where there are too few.
    """
    if exam.is_fixed:
        return _chosen(exam, pool, chance)
    by_version = {item.version_id: item for item in pool}
    try:
        drawn = rules.draw_parts(blueprint_of(exam), [item.drawable for item in pool], chance)
    except rules.NotEnoughItems as error:
        logger.error("exam %s: %s", exam.code, error)
        raise PaperNotDrawn from error
    return {number: [by_version[item.ident] for item in items] for number, items in drawn.items()}


def _chosen(exam: Exam, pool: Sequence[AvailableItem], chance: random.Random) -> Papers:
    by_item = {item.item_id: item for item in pool}
    paper: Papers = {}
    for number, item in exam.chosen.values_list("part__number", "item_id"):
        if item not in by_item:
            logger.error("exam %s: item %s of its paper cannot be asked", exam.code, item)
            raise PaperIncomplete
        paper.setdefault(number, []).append(by_item[item])
    if not paper:
        raise PaperNotDrawn
    if exam.shuffled:
        for items in paper.values():
            chance.shuffle(items)
    return paper


def _locked(exam: Exam) -> Exam:
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    if not locked.is_fixed:
        raise NotFixed
    if locked.is_open:
        raise ExamIsOpen
    return locked


def _number(exam: Exam, rows: Sequence[ChosenItem] = ()) -> None:
    """Number the questions through the whole paper, part by part: as they stand, or in the order of `rows`."""
    numbers = dict(ExamPart.objects.filter(exam=exam).values_list("pk", "number"))
    ordered = sorted(rows or exam.chosen.all(), key=lambda row: numbers[row.part_id])  # stable within a part
    for position, row in enumerate(ordered, start=1):
        row.position = position
    ChosenItem.objects.bulk_update(ordered, ["position", "part"])


def _tell(exam: Exam, what: dict[str, object], by: User, at: datetime) -> None:
    after = what | {"questions": exam.chosen.count()}
    record(action="assessments.paper_changed", by=by, subject=exam, at=at, after=after)
