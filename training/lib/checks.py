"""The check that no address of ours is without a declared rule."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from .access import rule_for


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the project as (route, pattern), included url modules unrolled."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        else:
            yield route, pattern


@register("access")
def every_view_has_a_rule(**_options: Any) -> list[CheckMessage]:
    """Return an error for each address whose view declares no rule and lies under no third-party one."""
    return [
        Error(
            f"{route}: the view {pattern.callback.__module__}.{getattr(pattern.callback, '__name__', '?')} "
            "declares no access rule.",
            hint="Decorate it with @allow(...) from training.lib.access.",
            id="access.E001",
        )
        for route, pattern in addresses()
        if rule_for(pattern.callback, route) is None
    ]
