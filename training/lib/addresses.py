"""Where a request comes from: what limits count by and what a list of sessions shows."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# Whoever has one address of IPv6 has a whole network of them.
IPV6_PREFIX = 64
UNKNOWN = "0.0.0.0"  # noqa: S104  # behind a socket without a proxy header nobody has an address


def client_address(request: HttpRequest) -> str:
    """Return the network address of whoever asks.

    Believes X-Forwarded-For only as far as `TRUSTED_PROXIES` proxies of ours have written it: the last entries, from
    the right. Whatever a client wrote further left is ignored, and so is the whole header without proxies.
    """
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    told = hops[-trusted] if 0 < trusted <= len(hops) else ""
    return _readable(told) or _readable(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def network_of(address: str) -> str:
    """Return what limits count by: the address, of IPv6 its network."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False).network_address)


def _readable(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
