"""Copies of personal data as whoever asked for them sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.accountability.models import PersonalCopy
from training.operations.models import Job
from training.people.models import User


@dataclass(frozen=True)
class Copy:
    """A copy and the job that makes it; `failed` when that ended without one."""

    copy: PersonalCopy
    job: Job | None

    @property
    def failed(self) -> bool:
        return self.copy.ready_at is None and (self.job is None or self.job.has_ended)


def copies_for(reader: User, *, person: User, at: datetime) -> Sequence[Copy]:
    """Return the copies of the person that `reader` asked for and that are still kept, the latest first."""
    found = list(
        PersonalCopy.objects.filter(person=person, asked_by=reader, expires_at__gt=at).order_by("-asked_at")[:20]
    )
    jobs = Job.objects.in_bulk([copy.job_id for copy in found if copy.job_id])
    return [Copy(copy, jobs.get(copy.job_id)) for copy in found]
