"""Keeping pictures and recordings of items, and letting go of what no version shows."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments.models import ItemMedia, MediaFile
from assessments.permissions import Refused
from training.lib.media import Clean, UnfitFile, clean
from training.operations.queries.health import check_disk

FOLDER = "item-media"
UNUSED_FOR = timedelta(days=2)  # longer than anybody leaves a form open
AT_ONCE = 500


class NoRoom(Refused):
    """The disk is nearly full: exams need the rest."""

    code = "no_room"
    message = gettext_lazy("The server has too little room for files. Tell the operator; your text can be saved.")


def _storage() -> Storage:
    """Return where the files lie: where the field looks for them."""
    storage: Storage = MediaFile._meta.get_field("file").storage
    return storage


def has_room() -> bool:
    return check_disk().ok


def digest_of(found: Clean) -> str:
    """Return what tells one content from another."""
    return hashlib.sha256(found.data).hexdigest()


def keep_media(*, data: bytes, name: str, at: datetime) -> MediaFile:
    """Clean an uploaded file and keep it; the same content is kept once.

    Who uploads writes an item next, and that is what the trail tells. Raises `UnfitFile`, also where no room is left
    on the disk: exams need the rest.
    """
    if not has_room():
        raise UnfitFile(str(NoRoom()))
    return keep_clean(found=clean(data, name), at=at)


@transaction.atomic
def keep_clean(*, found: Clean, at: datetime) -> MediaFile:
    """Keep a file that is clean already; the same content is kept once."""
    sha256 = digest_of(found)
    path = f"{FOLDER}/{sha256[:2]}/{sha256}.{found.ending}"
    defaults = {
        "kind": MediaFile.Kind.PICTURE if found.is_picture else MediaFile.Kind.SOUND,
        "file": path,
        "content_type": found.content_type,
        "width": found.width,
        "height": found.height,
        "seconds": found.seconds,
        "size": len(found.data),
        "kept_at": at,
    }
    file, is_new = MediaFile.objects.select_for_update().get_or_create(sha256=sha256, defaults=defaults)
    if not is_new:
        file.kept_at = at
        file.save(update_fields=["kept_at"])
    storage = _storage()
    if not storage.exists(path):
        storage.save(path, ContentFile(found.data))
    return file


def discard_unused(*, now: datetime) -> int:
    """Delete the files that no version shows and nobody uploaded lately; return how many.

    Also what a broken upload left in the storage without a row.
    """
    old = MediaFile.objects.filter(kept_at__lt=now - UNUSED_FOR).exclude(pk__in=ItemMedia.objects.values("file"))
    with transaction.atomic():
        keys = list(old.select_for_update().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        unused = list(old.filter(pk__in=keys))  # asked again: whoever shows one locks it first
        MediaFile.objects.filter(pk__in=[file.pk for file in unused]).delete()
        # Before the rows are seen to be gone: whoever uploads the same at this moment then finds no file to rely on.
        for file in unused:
            _storage().delete(str(file.file.name))
    return len(unused) + _discard_strays(now)


def _discard_strays(now: datetime) -> int:
    storage = _storage()
    if not storage.exists(FOLDER):
        return 0
    known = set(MediaFile.objects.values_list("file", flat=True))
    gone = 0
    for folder in storage.listdir(FOLDER)[0]:
        for name in storage.listdir(f"{FOLDER}/{folder}")[1]:
            path = f"{FOLDER}/{folder}/{name}"
            if path not in known and storage.get_modified_time(path) < now - UNUSED_FOR:
                storage.delete(path)
                gone += 1
    return gone
