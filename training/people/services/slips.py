"""Printed codes between the drawing and the download: private, one person's own, taken once, for an hour at most."""

import re
import secrets
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from training.people.models import User

from .importing.keeping import private

KEPT_FOR = timedelta(hours=1)
FOLDER = "login-slips"
TOKEN = re.compile(r"[0-9a-f]{32}")


def new_slips_token() -> str:
    """Return what the owner of a file will take it by."""
    return secrets.token_hex(16)


def keep_slips(*, owner: User, token: str, pdf: bytes) -> None:
    """Keep the file until its owner takes it; one of before, of the same token, gives way."""
    path = path_of(owner, token)
    private().delete(path)
    private().save(path, ContentFile(pdf))


def slips_wait(*, owner: User, token: str, now: datetime) -> bool:
    """Tell whether the owner may still take the file."""
    if not TOKEN.fullmatch(token):
        return False
    path = path_of(owner, token)
    return private().exists(path) and not is_expired(path, now)


def take_slips(*, owner: User, token: str, now: datetime) -> bytes | None:
    """Return the owner's file and forget it; None when there is none, or it has been kept for too long."""
    if not slips_wait(owner=owner, token=token, now=now):
        return None
    path = path_of(owner, token)
    with private().open(path) as file:
        pdf = file.read()
    private().delete(path)
    return pdf


def discard_expired_slips(*, now: datetime) -> int:
    """Forget every file that nobody took; return how many."""
    if not private().exists(FOLDER):
        return 0
    _folders, names = private().listdir(FOLDER)
    expired = [path for name in names if is_expired(path := f"{FOLDER}/{name}", now)]
    for path in expired:
        private().delete(path)
    return len(expired)


def path_of(owner: User, token: str) -> str:
    return f"{FOLDER}/{owner.pk}-{token}.pdf"


def is_expired(path: str, now: datetime) -> bool:
    return private().get_modified_time(path) < now - KEPT_FOR
