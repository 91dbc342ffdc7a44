"""Points as a marker's page sends them."""

from collections.abc import Mapping

PREFIX = "points-"


def points_from(sent: Mapping[str, str]) -> dict[str, int]:
    """Return {criterion: points} of what was sent; what is no number is left out, so that it counts as missing."""
    return {
        name.removeprefix(PREFIX): int(value)
        for name, value in sent.items()
        if name.startswith(PREFIX) and value.isascii() and value.isdigit() and len(value) < 4
    }
