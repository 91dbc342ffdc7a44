"""Staff lists kept between the check and the confirmation: private, one person's own, for half an hour."""

import re
import secrets
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages

from training.people.models import User

KEPT_FOR = timedelta(minutes=30)
FOLDER = "staff-lists"
TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_upload(*, owner: User, file: IO[bytes]) -> str:
    """Keep the file and return the token that its owner finds it by."""
    token = secrets.token_hex(16)
    file.seek(0)
    private().save(path_of(owner, token), File(file))
    return token


def open_upload(*, owner: User, token: str, now: datetime) -> IO[bytes] | None:
    """Return the owner's file; None when there is none, or it has been kept for too long."""
    if not TOKEN.fullmatch(token):
        return None
    path = path_of(owner, token)
    if not private().exists(path) or is_expired(path, now):
        return None
    return private().open(path)


def discard_upload(*, owner: User, token: str) -> None:
    """Forget the owner's file."""
    if TOKEN.fullmatch(token):
        private().delete(path_of(owner, token))


def discard_expired_uploads(*, now: datetime) -> int:
    """Forget every file that has been kept for too long; return how many."""
    if not private().exists(FOLDER):
        return 0
    _folders, names = private().listdir(FOLDER)
    expired = [path for name in names if is_expired(path := f"{FOLDER}/{name}", now)]
    for path in expired:
        private().delete(path)
    return len(expired)


def private() -> Storage:
    return storages["private"]


def path_of(owner: User, token: str) -> str:
    return f"{FOLDER}/{owner.pk}-{token}"


def is_expired(path: str, now: datetime) -> bool:
    return private().get_modified_time(path) < now - KEPT_FOR
