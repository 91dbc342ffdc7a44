"""What templates say by name and nobody else would miss."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.test_architecture import ROOT

NAMED = re.compile(r"{% url ['\"]([\w:]+)['\"]")
PACKAGES = ("training", "assessments", "courses", "mentors", "cms")


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield the name of every address, with its namespaces before it."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def test_every_address_a_template_names_exists() -> None:
    """`{% url … as … %}` says nothing about a name that is gone: the link just is not there."""
    known = set(names(get_resolver()))
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.html")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    assert sorted((where, name) for where, name in named if name not in known) == []
