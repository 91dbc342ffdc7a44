"""What this app keeps about a person. Questions and keys stay in the bank: they are not about anybody."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

from .models import Attempt, AttemptEvent, AttemptItem, HumanMark, PracticeQuestion, RegradedResult, Response

ACTS = (
    "assessments.Attempt.released_by",
    "assessments.AttemptEvent.by",
    "assessments.BankChange.by",
    "assessments.Calibration.asked_by",
    "assessments.Calibration.decided_by",
    "assessments.Entitlement.granted_by",
    "assessments.ExamSession.invigilators",
    "assessments.ExamSession_invigilators.user",
    "assessments.HumanMark.marker",
    "assessments.Item.author",
    "assessments.Item.reviewer",
    "assessments.ItemReview.reviewer",
    "assessments.ItemVersion.approved_by",
    "assessments.ItemVersion.written_by",
    "assessments.ItemWriter.person",
    "assessments.MarkingTask.taken_by",
    "assessments.Regrade.asked_by",
    "assessments.Regrade.decided_by",
)


def parts(person: User) -> Iterator[Part]:
    """Yield entitlements, attempts with their results, every answer as it was given, and its mark once scored."""
    yield Part(
        "exam-entitlements",
        _("Exam entitlements"),
        person.entitlements.select_related("exam", "granted_by").order_by("granted_at"),
        {
            "exam": _("Exam"),
            "why": _("Reason"),
            "learned": _("What they have newly learned"),
            "waiver": _("Why they need not wait"),
            "attempts": _("Attempts allowed"),
            "extra_minutes": _("Extra minutes"),
            "granted_at": _("Granted on"),
            "granted_by": _("Granted by"),
        },
        ("assessments.Entitlement.person",),
    )
    yield Part(
        "exams",
        _("Exams"),
        person.attempts.select_related("exam").order_by("started_at"),
        {
            "exam": _("Exam"),
            "state": _("State"),
            "started_at": _("Began"),
            "deadline": _("Deadline"),
            "finished_at": _("Handed in"),
            "finished_by": _("How it was handed in"),
            "receipt": _("Receipt"),
            "released_at": _("Result released"),
            "score": _("Score"),
            "level": _("Level"),
            "level_probability": _("Probability of the level"),
            "passed": _("Passed"),
        },
        ("assessments.Attempt.person",),
    )
    yield _practice(person)
    yield _events(person)
    yield _regrades(person)
    yield from _answers(person)


def _practice(person: User) -> Part:
    return Part(
        "practice",
        _("Practice"),
        PracticeQuestion.objects.filter(run__person=person)
        .select_related("run__exam", "competency")
        .order_by("run", "position"),
        {
            "run.exam": _("Exam"),
            "run.started_at": _("Began"),
            "run.ended_at": _("Ended"),
            "position": _("Question"),
            "competency": _("Competency"),
            "tries": _("Times tried"),
            "first_credit": _("Credit at first, 0 to 1"),
        },
        ("assessments.PracticeRun.person",),
        confidential=frozenset({"tries", "first_credit"}),
    )


def _events(person: User) -> Part:
    return Part(
        "exam-events",
        _("What happened during exams"),
        AttemptEvent.objects.filter(attempt__person=person).select_related("attempt__exam", "by").order_by("at", "pk"),
        {
            "attempt.exam": _("Exam"),
            "kind": _("What"),
            "at": _("When"),
            "by": _("By"),
            "minutes": _("Minutes"),
            "text": _("Words"),
        },
        (),
    )


def _regrades(person: User) -> Part:
    moved = RegradedResult.objects.filter(attempt__person=person, state=RegradedResult.State.APPLIED)
    return Part(
        "exam-regrades",
        _("Results worked out anew"),
        moved.select_related("attempt__exam", "regrade").order_by("applied_at", "pk"),
        {
            "attempt.exam": _("Exam"),
            "applied_at": _("When"),
            "regrade.reason": _("Reason"),
            "change": _("What became of it"),
            "before": _("Before it"),
            "after": _("Worked out"),
        },
        (),
    )


def _answers(person: User) -> Iterator[Part]:
    question = {"attempt.exam": _("Exam"), "attempt.started_at": _("Began"), "position": _("Question")}
    yield Part(
        "exam-answers",
        _("Answers in exams"),
        Response.objects.filter(attempt_item__attempt__person=person)
        .select_related("attempt_item__attempt__exam", "attempt_item__item_version")
        .order_by("attempt_item__attempt", "attempt_item__position", "revision"),
        {f"attempt_item.{path}": title for path, title in question.items()}
        | {"revision": _("Revision"), "seen": _("Answer"), "saved_at": _("Saved")},
        (),
        confidential=frozenset({"seen"}),
    )
    yield Part(
        "exam-marks",
        _("Marks in exams"),
        AttemptItem.objects.filter(attempt__person=person, attempt__state=Attempt.State.SCORED)
        .select_related("attempt__exam", "competency", "mark")
        .exclude(mark=None)
        .order_by("attempt", "position"),
        {**question, "competency": _("Competency"), "mark.credit": _("Credit, 0 to 1")},
        (),
        confidential=frozenset({"mark.credit"}),
    )
    yield Part(
        "exam-points",
        _("Points given by markers"),
        HumanMark.objects.filter(
            task__attempt_item__attempt__person=person,
            task__attempt_item__attempt__state=Attempt.State.SCORED,
            withdrawn_at=None,
        )
        .select_related("task__attempt_item__attempt__exam")
        .order_by("task__attempt_item__attempt", "task__attempt_item__position", "turn"),
        {f"task.attempt_item.{path}": title for path, title in question.items()}
        | {"points": _("Points by criterion"), "comment": _("Comment"), "given_at": _("Given on")},
        (),
        confidential=frozenset({"points", "comment"}),
    )
