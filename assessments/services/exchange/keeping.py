"""The file somebody is about to import, in private storage until it is imported or called off: one for each person."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from training.people.models import User

FOLDER = "item-imports"
KEPT = timedelta(days=1)


def private() -> Storage:
    return storages["private"]


def folder_of(person: User) -> str:
    return f"{FOLDER}/{person.pk}"


def keep_upload(data: bytes, *, by: User) -> str:
    """Keep a file in place of the one the person left waiting; return the name it is found by."""
    forget_uploads(by)
    name = uuid4().hex
    private().save(f"{folder_of(by)}/{name}", ContentFile(data))
    return name


def kept_upload(name: str, *, by: User) -> bytes | None:
    """Return the person's own file; None when it is gone."""
    path = f"{folder_of(by)}/{name}"
    if not (name.isalnum() and private().exists(path)):
        return None
    with private().open(path) as file:
        return bytes(file.read())


def uploads_of(person: User) -> list[str]:
    """Return the paths of what the person left waiting."""
    return list(_files(folder_of(person)))


def forget_uploads(person: User) -> None:
    """Delete what the person left waiting."""
    for path in uploads_of(person):
        private().delete(path)


def discard_expired_uploads(*, now: datetime) -> None:
    """Delete what nobody imported or called off within a day."""
    folders = private().listdir(FOLDER)[0] if private().exists(FOLDER) else []
    for path in (path for folder in folders for path in _files(f"{FOLDER}/{folder}")):
        if private().get_modified_time(path) < now - KEPT:
            private().delete(path)


def _files(folder: str) -> Iterator[str]:
    names = private().listdir(folder)[1] if private().exists(folder) else []
    return (f"{folder}/{name}" for name in names)
