"""How often one machine may check codes: guessing must not pay."""

from datetime import datetime

from django.core.cache import cache

CHECKS_A_MINUTE = 30
TWO_MINUTES = 120


def too_many_checks(address: str, *, now: datetime) -> bool:
    """Count one check from this network address and tell whether it is past the limit of the running minute."""
    key = f"verify:{address}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, TWO_MINUTES)
    try:
        return cache.incr(key) > CHECKS_A_MINUTE
    except ValueError:  # dropped by a full cache between the two lines: counting begins again
        return False
