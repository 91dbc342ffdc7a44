"""How long jobs and imports are kept."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from training.lib.retention import LOG_MONTHS, Kept

from .models import ImportRun, Job
from .services import pruning

BY_LAW = _("What happened on a network is kept for at least six months (Cybersecurity Law, article 21).")


def kinds() -> Iterator[Kept]:
    """Yield background work that has ended, and imports that are over."""
    yield Kept(
        name="jobs",
        title=_("Background work that has ended"),
        what=_("What was started by whom, and how it ended. Files it left go after a week."),
        usual=3,
        least=1,
        column="finished_at",
        old=lambda before: Job.objects.filter(finished_at__lt=before),
        forget=lambda rows, _at: pruning.forget_jobs(rows),
    )
    yield Kept(
        name="imports",
        title=_("Imports that are over"),
        what=_("Which list was brought in by whom, with its counts and the first faults. The files go before."),
        usual=36,
        least=LOG_MONTHS,
        column="finished_at",
        old=lambda before: ImportRun.objects.filter(finished_at__lt=before),
        by_law=BY_LAW,
    )
