"""How often somebody may be wrong at the door before they wait, and who is not made to wait for it.

Failures count, not people: two hundred who sign in from one address pass. They are counted for the account *at that
address*, so that nobody can lock a colleague out from elsewhere, and for the address. A device somebody has signed in
on before is counted by itself: whoever tries from the same hall's address cannot lock them out either.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from training.lib.addresses import client_address, network_of

from .models import User
from .services import Limit

FAILURES = 5
WAIT = timedelta(minutes=5)
A_YEAR = 365 * 24 * 60 * 60
SALT = "people.devices"
MOST_ACCOUNTS = 40
"""How many people a shared device of a counter knows; the one longest away is forgotten."""


def login_limits(request: HttpRequest, staff_number: str) -> list[Limit]:
    """Return the limits that a failure with this number counts against."""
    account = staff_number.strip().casefold()
    device = known_device(request, account)
    if device:
        return [Limit("login device", FAILURES, WAIT, f"{account} {device}")]
    place = network_of(client_address(request))
    return [
        Limit("login account", FAILURES, WAIT, f"{account} {place}"),
        Limit("login place", settings.LOGIN_FAILURES_PER_ADDRESS, WAIT, place),
    ]


def known_device(request: HttpRequest, account: str) -> str:
    """Return the device's number when somebody has signed in to the account on it; "" otherwise."""
    device, accounts = _read(request)
    return device if _mark(account) in accounts else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let the device know that the person signed in on it; readable by nobody, and no key to anything."""
    device, accounts = _read(request)
    mark = _mark(person.staff_number.casefold())
    kept = [mark, *(other for other in accounts if other != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.DEVICES_COOKIE_NAME,
        signing.dumps([device or secrets.token_hex(8), kept], salt=SALT),
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, accounts = signing.loads(
            request.COOKIES.get(settings.DEVICES_COOKIE_NAME, ""), salt=SALT, max_age=A_YEAR
        )
    except (signing.BadSignature, ValueError):
        return "", []
    return device, accounts


def _mark(account: str) -> str:
    return salted_hmac(SALT, account).hexdigest()[:12]
