"""Which browser a request comes from, and whether it is one that a locked exam may be sat in (Safe Exam Browser).

Safe Exam Browser sends, with every request, the SHA-256 of the page's full address followed by a key that belongs to
its set-up; only whoever has that set-up can work it out. It is known by that and never by its name. (Its documentation
for developers, "Config Key" and "Browser Exam Key".)
"""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from assessments.services import Browser

from .devices import device_of

HEADERS = ("X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash")


def browser_of(request: HttpRequest) -> Browser:
    """Return where a request comes from."""
    address = settings.PUBLIC_URL.rstrip("/") + request.get_full_path()
    sent = [value for name in HEADERS if (value := request.headers.get(name, ""))]

    def shows_one_of(keys: Sequence[str]) -> bool:
        return any(constant_time_compare(hash_of(address, key), value) for key in keys for value in sent)

    return Browser(device_of(request), shows_one_of)


def hash_of(address: str, key: str) -> str:
    """Return what Safe Exam Browser sends for a page."""
    return hashlib.sha256(f"{address}{key}".encode()).hexdigest()
