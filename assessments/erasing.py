"""What becomes of exams when somebody is made anonymous.

What was typed goes: it may say anything. What was chosen stays, for the figures of every question rest on it; so do the
marks of both.
"""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from training.lib.erasing import NOT_NEEDED, Fate, Identity, Kind, acts, emptied, goes, renamed, stays
from training.people.models import User

from .models import (
    Attempt,
    AttemptEvent,
    Calibration,
    Entitlement,
    HumanMark,
    ItemReview,
    ItemVersion,
    PracticeRun,
    Regrade,
    Response,
)
from .personal import ACTS
from .services.exchange import forget_uploads, uploads_of

Kinds = ItemVersion.Kind
TYPED = (Kinds.NUMERIC, Kinds.SHORT_TEXT, Kinds.CLOZE, Kinds.CASE, Kinds.OPEN, Kinds.SCENARIO)


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield entitlements, attempts with their results, and answers."""
    given = Entitlement.objects.filter(person=person)
    yield stays("exam-entitlements", _("Exam entitlements"), given, "assessments.Entitlement.person")
    texts = ("why", "learned", "waiver")
    yield renamed("entitlements-naming", _("Reasons of exam entitlements"), identity, given, *texts)
    yield stays("exams", _("Exams"), Attempt.objects.filter(person=person), "assessments.Attempt.person")
    practised = PracticeRun.objects.filter(person=person)
    yield goes("practice", _("Practice"), practised, "assessments.PracticeRun.person")
    answers = Response.objects.filter(attempt_item__attempt__person=person)
    typed = answers.filter(attempt_item__item_version__kind__in=TYPED)
    why = _("What was typed goes, its marks stay.")
    yield emptied("typed-answers", _("Answers in words and numbers"), typed.exclude(value=None), why=why, value=None)
    chosen = answers.exclude(attempt_item__item_version__kind__in=TYPED)
    why = _("They are choices without words, and the figures of every question rest on them.")
    yield stays("exam-answers", _("Answers by choice"), chosen, why=why)
    judged = HumanMark.objects.filter(task__attempt_item__attempt__person=person).exclude(comment="")
    yield emptied("marking-comments", _("Comments of markers"), judged, comment="")
    noticed = AttemptEvent.objects.filter(attempt__person=person)
    yield emptied("exam-events", _("What happened during exams"), noticed, text="")
    sat = Attempt.objects.filter(person=person).exclude(device="")
    yield emptied("exam-devices", _("Devices exams were sat on"), sat, device="")
    said = ItemReview.objects.filter(Q(reviewer=person) | Q(item_version__written_by=person))
    yield renamed("item-reviews", _("Remarks on questions"), identity, said, "remark")
    decided = Calibration.objects.filter(Q(asked_by=person) | Q(decided_by=person))
    yield renamed("calibrations-naming", _("Reasons about calibrations"), identity, decided, "reason")
    yield Kind(
        "item-files",
        _("Files of questions that wait to be imported"),
        Fate.GOES,
        NOT_NEEDED,
        lambda: len(uploads_of(person)),
        (),
        lambda: forget_uploads(person),
    )
    asked = Regrade.objects.filter(Q(asked_by=person) | Q(decided_by=person) | Q(results__attempt__person=person))
    yield renamed("regrades-naming", _("Reasons of regrades"), identity, asked.distinct(), "reason")
    yield acts(person, *ACTS)
