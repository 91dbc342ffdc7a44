"""What an examiner reads of calibrations: all of a bank, one with its items, who would have come out differently."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from assessments.models import Attempt, Bank, Calibration, Item, ItemParameters, ItemVersion, Rescored
from assessments.permissions import banks_to_calibrate, results_visible_to
from training.operations.models import Job
from training.people.models import User

FEWEST_SHOWN = 10
KEPT_PER_BANK = 20


@dataclass(frozen=True, slots=True)
class BankLine:
    """A bank with its calibrations, newest first, and by what its live items are scored now."""

    bank: Bank
    calibrations: list[Calibration]
    live: int
    calibrated: int
    attempts: int

    @property
    def judged(self) -> int:
        return self.live - self.calibrated

    @property
    def is_at_work(self) -> bool:
        return any(one.state == Calibration.State.COMPUTING and not one.has_stopped for one in self.calibrations)


def calibrations_for(viewer: User) -> QuerySet[Calibration]:
    """Return the calibrations `viewer` may read and decide on."""
    found = Calibration.objects.filter(bank__in=banks_to_calibrate(viewer))
    return _with_job(found.select_related("bank", "asked_by", "decided_by"))


def _with_job(calibrations: QuerySet[Calibration]) -> QuerySet[Calibration]:
    """Add the job's state, count and total: a calibration whose job has ended without it is not at work."""
    job = Job.objects.filter(pk=OuterRef("job_id"))
    columns = {f"job_{name}": Subquery(job.values(name)[:1]) for name in ("state", "done", "total", "reason")}
    return calibrations.annotate(**columns)


def bank_lines(viewer: User) -> list[BankLine]:
    """Return every bank the viewer looks after, in a fixed number of questions."""
    latest = _with_job(Calibration.objects.select_related("asked_by")).order_by("-asked_at", "-pk")
    banks = list(banks_to_calibrate(viewer).order_by("code").prefetch_related(Prefetch("calibrations", latest)))
    live = dict(Item.objects.filter(state=Item.State.LIVE).values_list("bank").annotate(n=Count("pk")).order_by())
    in_force = dict(
        ItemParameters.objects.in_force()
        .filter(item_version__item__state=Item.State.LIVE)
        .annotate(newest=Subquery(_newest_number()))
        .filter(item_version__number=F("newest"))
        .values_list("item_version__item__bank")
        .annotate(n=Count("pk"))
        .order_by()
    )
    sat = dict(
        Attempt.objects.filter(state=Attempt.State.SCORED).values_list("exam__bank").annotate(n=Count("pk")).order_by()
    )
    return [
        BankLine(
            bank,
            list(bank.calibrations.all())[:KEPT_PER_BANK],
            live.get(bank.pk, 0),
            in_force.get(bank.pk, 0),
            sat.get(bank.pk, 0),
        )
        for bank in banks
    ]


def _newest_number() -> QuerySet[ItemParameters]:
    versions = ItemVersion.objects.filter(item=OuterRef("item_version__item"), approved_at__isnull=False)
    return versions.order_by("-number").values("number")[:1]


def item_rows(calibration: Calibration) -> QuerySet[ItemParameters]:
    """Return what was found of each item, those in trouble first."""
    rows = calibration.parameters.select_related("item_version__item__bank").defer("groups", "options")
    return rows.order_by("rank", "fit_p", "item_version__item__code")


def item_row(calibration: Calibration, item: str) -> ItemParameters:
    """Return what was found of one item by its code. Raises ItemParameters.DoesNotExist."""
    rows = calibration.parameters.select_related("item_version__item__competency__framework")
    return rows.filter(item_version__item__code=item).latest("item_version__number")


@dataclass(frozen=True, slots=True)
class Moved:
    """Those the viewer may see by name; how many there are of whom they may not."""

    rows: QuerySet[Rescored]
    hidden: int


def moved(calibration: Calibration, viewer: User, *, today: date) -> Moved:
    """Return the attempts that would have come out differently, whose results `viewer` may read."""
    everyone = calibration.rescored.all()
    visible = everyone.filter(attempt__in=Attempt.objects.filter(results_visible_to(viewer, today=today)))
    rows = visible.select_related("attempt__person", "attempt__exam").order_by(
        "attempt__person__staff_number", "attempt_id"
    )
    return Moved(rows, everyone.count() - rows.count())


def first_answers_on(bank: Bank) -> date | None:
    """Return the day of the first scored attempt on the bank."""
    first = Attempt.objects.filter(Q(exam__bank=bank), state=Attempt.State.SCORED).order_by("finished_at").first()
    return first.finished_at.date() if first and first.finished_at else None
