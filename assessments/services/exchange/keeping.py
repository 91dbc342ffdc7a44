"""The file somebody is about to import, in private storage until it is imported or called off: one for each person."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from training.people.models import User

FOLDER = "item-imports"


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


def forget_uploads(person: User) -> None:
    """Delete what the person left waiting."""
    if private().exists(folder_of(person)):
        for name in private().listdir(folder_of(person))[1]:
            private().delete(f"{folder_of(person)}/{name}")
