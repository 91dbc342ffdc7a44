"""Keeping files of lessons, and letting go of what no lesson shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from courses.models import LessonFile
from training.lib.media import ENDINGS, UnfitFile, captions_alone, check_name, clean, paper_checked, video_alone
from training.operations.queries.health import check_disk
from training.operations.services import Actor, record
from training.people.models import User

FOLDER = "lesson-files"
LARGEST_VIDEO = 200 * 1024 * 1024  # bytes
WRITTEN = frozenset({"vtt", "srt"})
KNOWN = ENDINGS | WRITTEN | {"mp4", "pdf"}
Kind = LessonFile.Kind


class InUse(Exception):
    """A lesson shows the file; it is kept with it."""

    def __str__(self) -> str:
        return str(_("A published lesson shows this file. It is kept as long as that version is."))


@dataclass(frozen=True)
class Kept:
    """What is kept of an upload."""

    kind: LessonFile.Kind
    file: "File[bytes]"
    ending: str
    content_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


@transaction.atomic
def keep_file(*, file: "File[bytes]", name: str, title: str, by: User, at: datetime) -> LessonFile:
    """Check and clean an uploaded file and keep it. Raises `UnfitFile`, also where the disk has no room left."""
    if not check_disk().ok:
        raise UnfitFile(_("The server has too little room for files. Tell the operator."))
    kept = _kept(file, name)
    ref = uuid4()
    facts = {part: getattr(kept, part) for part in ("kind", "content_type", "width", "height", "seconds")}
    row = LessonFile(ref=ref, title=title, size=kept.file.size, kept_at=at, **facts)
    row.file.save(f"{ref}.{kept.ending}", kept.file, save=False)
    row.save()
    record(action="courses.file_kept", by=by, subject=row, at=at, after={"kind": row.kind, "size": row.size})
    return row


@transaction.atomic
def delete_file(*, file: LessonFile, by: Actor, at: datetime) -> None:
    """Delete a file that no version of a lesson shows. Raises `InUse`."""
    record(action="courses.file_deleted", by=by, subject=file, at=at)
    storage, path = file.file.storage, str(file.file.name)
    try:
        file.delete()
    except ProtectedError as error:
        raise InUse from error
    transaction.on_commit(lambda: storage.delete(path))


def _kept(file: "File[bytes]", name: str) -> Kept:
    ending = check_name(
        name,
        KNOWN,
        _("Pictures come as PNG, JPEG or WebP, videos as MP4, captions as VTT or SRT, recordings as MP3, OGG or WAV, "
          "papers as PDF."),
    )  # fmt: skip
    if not file.size:
        raise UnfitFile(_("The file is empty."))
    if ending == "mp4":
        if file.size > LARGEST_VIDEO:
            raise UnfitFile(_("The video is larger than 200 MB. Cut it, or save it smaller."))
        seconds = video_alone(file)  # type: ignore[arg-type]  # a file as the server received it can be written
        return Kept(Kind.VIDEO, file, "mp4", "video/mp4", seconds=seconds)
    data = file.read()
    if ending == "pdf":
        return Kept(Kind.PAPER, ContentFile(paper_checked(data)), "pdf", "application/pdf")
    if ending in WRITTEN:
        return Kept(Kind.CAPTIONS, ContentFile(captions_alone(data)), "vtt", "text/vtt; charset=utf-8")
    found = clean(data, name)
    kind = Kind.PICTURE if found.is_picture else Kind.SOUND
    kept = ContentFile(found.data)
    return Kept(kind, kept, found.ending, found.content_type, found.width, found.height, found.seconds)
