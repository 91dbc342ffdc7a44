"""Who may start an exam, who may see what came of one, who may review an item."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.templatetags.words import full_day, moment
from training.people.models import Access, Role, User
from training.people.permissions import grants_held, held_over, visible_staff

from . import rules
from .models import Attempt, Bank, Entitlement, Exam, ExamSession, ItemVersion, MarkingTask


class Refused(Exception):
    """Something that cannot be done now; its text says why and what to do, `code` says it to a program."""

    code = "refused"
    message: str | Promise = gettext_lazy("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class NotReady(Refused):
    """The exam was not opened by `open_exam`."""

    code = "not_ready"
    message = gettext_lazy("This exam is not open.")


class PaperNotDrawn(Refused):
    """Items were withdrawn since the exam opened, so that its blueprint cannot be filled."""

    code = "paper_not_drawn"
    message = gettext_lazy(
        "There are too few questions for this exam now. Tell the examiner; your attempt is not used."
    )


class PaperIncomplete(PaperNotDrawn):
    """A question that everybody gets was taken out of use since the exam opened."""

    code = "paper_incomplete"
    message = gettext_lazy(
        "A question of this exam was taken out of use, so nobody can start it now. Tell the invigilator or the "
        "examiner; your attempt is not used."
    )


class IsPractice(Refused):
    """A practice exam is practised, not sat."""

    code = "is_practice"
    message = gettext_lazy("This is a practice exam. Nobody needs a place in it; whoever has signed in can practise.")


class NotOpenYet(Refused):
    """The window of time of the exam begins later."""

    code = "not_open_yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at

    def __str__(self) -> str:
        return _("Opens %(when)s.") % {"when": moment(self.opens_at)}


class Closed(Refused):
    """The window of time of the exam is over."""

    code = "closed"

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(closes_at)
        self.closes_at = closes_at

    def __str__(self) -> str:
        return _("Closed since %(when)s.") % {"when": moment(self.closes_at)}


class NeedsSession(Refused):
    """The exam is sat under supervision and the person has no date yet."""

    code = "needs_session"
    message = gettext_lazy("This exam is sat in a session. The examiner gives you a date; you will get a notice.")


class NotEntitled(Refused):
    """Nobody gave the person a place in the exam."""

    code = "not_entitled"
    message = gettext_lazy("You get a place when the course for it is done, or when an examiner gives you one.")


class PlaceLapsed(Refused):
    """The places the person had are past their date."""

    code = "place_lapsed"
    message = gettext_lazy("Your place was not used in time. Ask HR for a new one.")


class NoAttemptsLeft(Refused):
    """Every attempt granted was used."""

    code = "no_attempts_left"
    message = gettext_lazy("You have used all your attempts. Ask HR whether you may sit it again.")


class WaitsForResult(Refused):
    """The person handed in an attempt whose result is not out."""

    code = "waits_for_result"
    message = gettext_lazy("You have handed in this exam. Wait for its result before you sit it again.")


class MustWait(Refused):
    """The days to wait after an attempt that did not pass are not over."""

    code = "must_wait"

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day

    def __str__(self) -> str:
        return _("You may sit it again from %(day)s.") % {"day": full_day(self.day)}


class NeedsLearning(Refused):
    """So many resits did not pass that new learning is asked, and no place was given after it."""

    code = "needs_learning"
    message = gettext_lazy(
        "You may sit it again once you have learned anew what was missing. Finish the course for it again, or agree "
        "with the examiner what to learn; a new place follows."
    )


class Taken(Protocol):
    """What an attempt says to the next one."""

    @property
    def entitlement_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def passed(self) -> bool | None: ...
    @property
    def finished_at(self) -> datetime | None: ...
    @property
    def deadline(self) -> datetime: ...


def used_up(attempts: Iterable[Taken]) -> Mapping[int, int]:
    """Return how many attempts each entitlement, by its id, has given; a void attempt uses nothing up."""
    return Counter(attempt.entitlement_id for attempt in attempts if attempt.state != Attempt.State.VOID)


def entitlement_to_use(
    exam: Exam, entitlements: Iterable[Entitlement], taken: Iterable[Taken], now: datetime
) -> Entitlement:
    """Return the entitlement a new attempt would use up: of those with attempts left, the one that ends first.

    `entitlements` are one person's for this exam, with their sessions, `taken` their attempts. A place in a session can
    be used only within it. Raises `Refused`.
    """
    taken = list(taken)
    _check_ready(exam, taken)
    granted = list(entitlements)
    if not granted:
        raise NotEntitled
    resit = resit_of(exam, granted, taken)
    if resit.needs_learning and not (granted := [row for row in granted if row.learned and _is_after(row, resit)]):
        raise NeedsLearning
    if exam.in_sessions and not (granted := [row for row in granted if row.session_id]):
        raise NeedsSession
    granted = _within_their_window(exam, granted, now)
    usable = _with_attempts_left(granted, taken, now)
    if resit.may_from and resit.waits(timezone.localdate(now)):
        usable = [row for row in usable if row.waiver and _is_after(row, resit)]
        if not usable:
            raise MustWait(resit.may_from)
    return min(usable, key=lambda row: (row.until is None, row.until or now, row.pk))


def _check_ready(exam: Exam, taken: Iterable[Taken]) -> None:
    if exam.is_practice:
        raise IsPractice
    if not (exam.is_open and exam.reference_form):
        raise NotReady
    if any(attempt.state in Attempt.WAITING for attempt in taken):
        raise WaitsForResult


def _with_attempts_left(places: list[Entitlement], taken: Iterable[Taken], now: datetime) -> list[Entitlement]:
    used = used_up(taken)
    left = [row for row in places if used.get(row.pk, 0) < row.attempts]
    if not left:
        raise NoAttemptsLeft
    usable = [row for row in left if row.until is None or now <= row.until]
    if not usable:
        raise PlaceLapsed
    return usable


def resit_of(exam: Exam, entitlements: Iterable[Entitlement], taken: Iterable[Taken]) -> rules.Resit:
    """Return what a person's attempts that did not pass ask before the next one; void ones ask nothing."""
    told = [(_handed_in(one), one.passed) for one in taken if one.state == Attempt.State.SCORED]
    passed = max((moment for moment, passes in told if passes), default=None)
    failures = [moment for moment, passes in told if not passes and (passed is None or moment > passed)]
    return rules.resit_after(
        [(moment, timezone.localdate(moment)) for moment in failures],
        [row.granted_at for row in entitlements if row.learned],
        wait_days=exam.wait_days,
        resits=exam.resits_allowed,
    )


def _handed_in(attempt: Taken) -> datetime:
    """Return when an attempt ended for its person, however late the clock handed it in."""
    return min(attempt.finished_at or attempt.deadline, attempt.deadline)


def _is_after(place: Entitlement, resit: rules.Resit) -> bool:
    return resit.since is None or place.granted_at > resit.since


def window_of(exam: Exam, place: Entitlement) -> tuple[datetime | None, datetime | None]:
    """Return from when until when a place can be used: its session's time, else the exam's; None is no limit."""
    if place.session is None:
        return exam.opens_at, exam.closes_at
    if place.session.cancelled_at:
        return None, place.session.cancelled_at
    return place.session.opens_at, place.session.closes_at


def _within_their_window(exam: Exam, places: list[Entitlement], now: datetime) -> list[Entitlement]:
    """Return the places that can be used now, or say when the next can be, or since when none can."""
    windows = {place.pk: window_of(exam, place) for place in places}
    fitting = [
        place
        for place in places
        if (not (opens := windows[place.pk][0]) or opens <= now)
        and (not (closes := windows[place.pk][1]) or now < closes)
    ]
    if fitting:
        return fitting
    coming = [opens for opens, closes in windows.values() if opens and now < opens]
    if coming:
        raise NotOpenYet(min(coming))
    raise Closed(max(closes for _opens, closes in windows.values() if closes))


def check_practice_open(exam: Exam, now: datetime) -> None:
    """Raise NotReady, NotOpenYet or Closed unless a practice exam can be practised now; no place is asked for."""
    if not (exam.is_open and exam.is_practice):
        raise NotReady
    if exam.opens_at and now < exam.opens_at:
        raise NotOpenYet(exam.opens_at)
    if exam.closes_at and now >= exam.closes_at:
        raise Closed(exam.closes_at)


def extra_minutes(entitlements: Iterable[Entitlement], now: datetime) -> int:
    """Return the person's own extra time: the most that any entitlement in force grants, whichever is used up."""
    return max((row.extra_minutes for row in entitlements if row.until is None or now <= row.until), default=0)


def results_visible_to(viewer: User, *, today: date) -> Q:
    """Return the condition on attempts whose result `viewer` may read: their own, and those of staff they may see."""
    return Q(person=viewer) | Q(person__in=visible_staff(viewer, today=today).values("pk"))


def may_review(person: User, version: ItemVersion) -> bool:
    """Say whether a person may review a version: not the item's author, and nobody who wrote or edited it."""
    writers = {version.item.author_id, version.written_by_id, *(row.person_id for row in version.writers.all())}
    return person.pk not in writers


PLANNERS = (Role.EXAMINER,)
WATCHERS = (Role.EXAMINER, Role.INVIGILATOR)


def sessions_of(viewer: User) -> QuerySet[ExamSession]:
    """Return the sessions somebody may watch: an examiner all, an invigilator those they were asked to look after."""
    if Role.EXAMINER in viewer.role_names:
        return ExamSession.objects.all()
    return ExamSession.objects.filter(invigilators=viewer)


def may_plan(viewer: User) -> bool:
    """Whether somebody plans sessions and gives places in them."""
    return Role.EXAMINER in viewer.role_names


def banks_to_calibrate(viewer: User) -> QuerySet[Bank]:
    """Return the banks whose calibrations `viewer` may read, start and decide on: an examiner of the whole centre all.

    A bank serves every department, and its sample and its effect go across them: over one department alone nobody
    decides on it. What is practised is no sample of anything.
    """
    return Bank.objects.filter(for_practice=False) if _examines_the_centre(viewer) else Bank.objects.none()


def may_regrade(viewer: User) -> bool:
    """Say whether somebody asks for regrades and decides on them: an examiner of the whole centre.

    A question stands on papers of every department, and what it moves goes across them.
    """
    return _examines_the_centre(viewer)


def _examines_the_centre(viewer: User) -> bool:
    return any(grant.is_for_centre for grant in grants_held(viewer, {Role.EXAMINER}))


MARKERS = (Role.MARKER,)
OBSERVERS = (Role.MARKER, Role.EXAMINER, Role.TEACHER)
RELEASERS = (Role.EXAMINER,)


def strangers_to(marker: User, role_names: Iterable[str], *, today: date) -> QuerySet[User]:
    """Return the people whose exams somebody may judge in these roles.

    Those the roles are held over, but nobody they have to do with: not themselves, nobody they lead, nobody who may
    read their record or whose record they may read, as teachers and mentees, and members of a panel, do.
    """
    rows = Access.objects.in_force(today)
    near = Q(pk=marker.pk) | held_over(marker, (Role.HEAD,), today=today)
    near |= Q(pk__in=rows.filter(viewer=marker).values("subject"))
    near |= Q(pk__in=rows.filter(subject=marker).values("viewer"))
    return User.objects.filter(held_over(marker, role_names, today=today)).exclude(near)


def tasks_for(marker: User, *, today: date) -> QuerySet[MarkingTask]:
    """Return the written answers somebody may mark, those that are marked among them."""
    people = strangers_to(marker, MARKERS, today=today).values("pk")
    return MarkingTask.objects.filter(
        attempt_item__item_version__kind=ItemVersion.Kind.OPEN,
        attempt_item__attempt__state__in=Attempt.WAITING,
        attempt_item__attempt__person__in=people,
    )


def cards_for(observer: User, *, today: date) -> QuerySet[MarkingTask]:
    """Return the scenario cards somebody may observe: whose it is stands on them."""
    people = strangers_to(observer, OBSERVERS, today=today).values("pk")
    return MarkingTask.objects.filter(
        attempt_item__item_version__kind=ItemVersion.Kind.SCENARIO,
        attempt_item__attempt__state__in=Attempt.WAITING,
        attempt_item__attempt__person__in=people,
    )
