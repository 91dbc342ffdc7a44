"""Where a request comes from: what limits count by, what a list of sessions shows, what the audit trail keeps."""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Whoever has one address of IPv6 has a whole network of them.
IPV6_PREFIX = 64
UNKNOWN = "0.0.0.0"  # noqa: S104  # behind a socket without a proxy header nobody has an address

_acting_from: ContextVar[str | None] = ContextVar("acting_from", default=None)


class ActingAddressMiddleware:
    """Whatever is done while a request is answered is done from where it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = client_address(request)
        with acting_from(None if address == UNKNOWN else address):
            return self.get_response(request)


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    """Have whatever is done inside be done from this address; from none where no request asked for it."""
    token = _acting_from.set(address)
    try:
        yield
    finally:
        _acting_from.reset(token)


def acting_address() -> str | None:
    """Return the network address of whoever acts; None for jobs, the tick and commands."""
    return _acting_from.get()


def client_address(request: HttpRequest) -> str:
    """Return the network address of whoever asks.

    Believes X-Forwarded-For only as far as `TRUSTED_PROXIES` proxies of ours have written it: the last entries, from
    the right. Whatever a client wrote further left is ignored, and so is the whole header without proxies.
    """
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    told = hops[-trusted] if 0 < trusted <= len(hops) else ""
    return readable_address(told) or readable_address(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def network_of(address: str) -> str:
    """Return what limits count by: the address, of IPv6 its network."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False).network_address)


def readable_address(text: str) -> str:
    """Return the address in the one spelling both databases keep, mapped IPv4 as IPv4; "" for what is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
