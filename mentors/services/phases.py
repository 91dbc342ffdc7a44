"""Phases of a mentorship: they open by what was observed, never by the calendar."""

from datetime import datetime

from django.db import transaction

from mentors.models import Mentorship
from mentors.queries.progress import next_phase, observed_progress
from training.operations.services import Actor, record


@transaction.atomic
def advance_phase(*, mentorship: Mentorship, by: Actor, at: datetime) -> bool:
    """Open the next phase when enough of what was observed is acceptable; tell whether it did.

    One phase at a time, so that one good hour does not carry anybody through, and never back.
    """
    current = Mentorship.objects.select_for_update(of=("self",)).select_related("mentee").get(pk=mentorship.pk)
    progress = observed_progress([current.pk])[current.pk]
    opened = next_phase(current.phase, progress.percent) if current.is_running else None
    if opened is None:
        return False
    before = {"phase": current.phase}
    current.phase = opened
    current.save(update_fields=["phase"])
    mentorship.phase = opened
    record(
        action="mentors.phase_advanced",
        by=by,
        subject=current,
        person=current.mentee,
        at=at,
        before=before,
        after={"phase": opened, "acceptable": progress.acceptable, "observed": progress.observed},
    )
    return True
