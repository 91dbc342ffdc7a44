"""What somebody's leaving comes to in the apps above the staff records, in sentences, before HR confirms it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt
from courses.models import TrainingRequirement
from mentors.models import EntrustmentCase, Mentorship
from training.people.models import User


def of_leaving(person: User) -> Iterator[str]:
    """Tell which coaching is handed over, which sign-offs, exams and courses end how."""
    part = Q(mentee=person) | Q(teacher__person=person)
    running = Mentorship.objects.running().filter(part).select_related("mentee", "teacher__person").order_by("pk")
    for mentorship in running:
        if mentorship.mentee_id == person.pk:
            yield _("The coaching by %(teacher)s ends; they are told.") % {"teacher": mentorship.teacher}
        else:
            text = _("%(mentee)s loses their teacher and is told; HR finds a task to pair them anew on the desk.")
            yield text % {"mentee": mentorship.mentee}
    yield from _sign_offs(part)
    if Attempt.objects.of(person).open().exists():
        yield _("The exam they are sitting is handed in by the clock with what was answered.")
    if count := TrainingRequirement.objects.filter(person=person, state=TrainingRequirement.State.OPEN).count():
        told = ngettext(
            "%(count)d course that was asked for is waived.", "%(count)d courses that were asked for are waived.", count
        )
        yield told % {"count": count}


def _sign_offs(part: Q) -> Iterator[str]:
    count = EntrustmentCase.objects.filter(
        state=EntrustmentCase.State.OPEN, mentorship__in=Mentorship.objects.running().filter(part)
    ).count()
    if count:
        told = ngettext(
            "%(count)d open sign-off is dropped; it can be proposed anew.",
            "%(count)d open sign-offs are dropped; they can be proposed anew.",
            count,
        )
        yield told % {"count": count}
