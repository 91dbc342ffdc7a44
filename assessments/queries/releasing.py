"""What waits for its release, for examiners."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from assessments.models import Attempt, Exam, MarkingTask
from training.people.models import User

from .outcomes import Outcome, marked_answers, outcome_of, with_marks

LATEST = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """A marked attempt and what it comes to; nothing of it is stored before its release."""

    attempt: Attempt
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exam's attempts without a result: still to be marked, and marked."""

    exam: Exam
    marking: list[Attempt]
    marked: list[Preview]
    own: int
    released: list[Attempt]

    @property
    def passed(self) -> int:
        return sum(one.outcome.passed for one in self.marked)


def exams_waiting() -> list[Exam]:
    """Return the exams with attempts that are handed in and not released: `marking` and `marked` say how many."""
    of = {state: Count("attempts", filter=Q(attempts__state=state)) for state in ("marking", "marked")}
    found = Exam.objects.filter(attempts__state__in=Attempt.WAITING).annotate(**of).order_by("code")
    return list(found.defer("reference_form"))


def waiting_of(exam: Exam, viewer: User) -> Waiting:
    """Return what an examiner decides about: everybody's but their own."""
    waiting = exam.attempts.filter(state__in=Attempt.WAITING).order_by("finished_at", "pk")
    others = waiting.exclude(person=viewer)
    by_people = Exists(MarkingTask.objects.filter(attempt_item__attempt=OuterRef("pk")))
    left = Count("items__task", filter=Q(items__task__done_at=None, items__task__isnull=False))
    return Waiting(
        exam=exam,
        marking=list(others.filter(state=Attempt.State.MARKING).select_related("person").annotate(left=left)),
        marked=[Preview(one, outcome_of(one, marked_answers(one))) for one in
                with_marks(others.filter(state=Attempt.State.MARKED))],
        released=list(exam.attempts.filter(state=Attempt.State.SCORED).exclude(person=viewer)
                      .select_related("person").annotate(by_people=by_people)
                      .order_by("-released_at", "-pk")[:LATEST]),
        own=waiting.filter(person=viewer).count(),
    )  # fmt: skip
