"""Copies of everything kept about a person: asked for, made by a job, taken, gone after a week."""

import tempfile
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from training.accountability.models import PersonalCopy
from training.lib.personal import parts_about
from training.lib.texts import in_each_language
from training.operations.models import Job
from training.operations.services import record, start_job
from training.people.models import User

from .copy_file import write_copy

MAKE_COPY = "training.accountability.tasks.make_copy"
KEPT = timedelta(days=7)
ENDED_BADLY = (Job.State.FAILED, Job.State.CANCELLED)


@transaction.atomic
def ask_copy(*, person: User, by: User, language: str, at: datetime) -> PersonalCopy:
    """Have a copy made for `by`; one that is being made for them already is returned instead."""
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    waiting = PersonalCopy.objects.filter(person=person, asked_by=by, ready_at=None, expires_at__gt=at).last()
    if waiting is not None and not Job.objects.filter(pk=str(waiting.job_id), state__in=ENDED_BADLY).exists():
        return waiting
    copy = PersonalCopy(person=person, asked_by=by, asked_at=at, language=language, expires_at=at + KEPT)
    label = in_each_language(_("Copy of personal data"))
    copy.job_id = start_job(task=MAKE_COPY, arguments={"copy": str(copy.pk)}, by=by, at=at, label=label).pk
    copy.save(force_insert=True)
    record(action="accountability.copy_asked", by=by, subject=copy, person=person, at=at)
    return copy


def make_copy(*, copy: PersonalCopy, progress: Any, at: datetime) -> None:
    """Write the file; made again after it was broken off, it takes the place of what was there."""
    if copy.ready_at is not None:
        return
    with tempfile.TemporaryFile() as file, translation.override(copy.language):
        parts = list(parts_about(copy.person))
        progress.start(len(parts))
        write_copy(file, copy=copy, parts=parts, at=at, advance=progress.advance)
        file.seek(0)
        storage, name = PersonalCopy.file.field.storage, f"personal/{copy.pk}.zip"
        storage.delete(name)
        kept = storage.save(name, File(file))
    PersonalCopy.objects.filter(pk=copy.pk).update(file=kept, ready_at=at, expires_at=at + KEPT)


@transaction.atomic
def open_copy(*, copy: PersonalCopy, by: User, at: datetime) -> IO[bytes]:
    """Return the open file and record who took it. Raises FileNotFoundError when it is not there any more."""
    opened = copy.file.open("rb")
    record(action="accountability.copy_taken", by=by, subject=copy, person=copy.person, at=at)
    return opened


def discard_expired(*, at: datetime) -> int:
    """Delete the copies whose week is over, files first; return how many."""
    return discard(PersonalCopy.objects.filter(expires_at__lte=at))


def discard(copies: "QuerySet[PersonalCopy]") -> int:
    """Delete up to some hundred of these copies, files first; return how many."""
    found = list(copies[:500])
    for copy in found:
        if copy.file:
            copy.file.storage.delete(str(copy.file.name))
        copy.delete()
    return len(found)
