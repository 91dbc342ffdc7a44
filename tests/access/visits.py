"""Requests as everybody to everything: made once in one world, then read by the tests."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, resolve

from tests.access.world import CANARY, CAST, World
from training.lib.checks import addresses

# Routes that are regular expressions; all others are filled in by the names of their parameters.
EXPRESSIONS = {
    "^((?:[\\w\\-]+/)*)$": "{path}",
    "documents/^(\\d+)/(.*)$": "documents/{number}/{name}",
    "cms/^.*/$": "cms/no/such/page/",
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
COMPARISON = re.compile(r"^(.+)\(\?P<pk>.+\)/revisions/compare/.+$")
NAME = re.compile(r"\{(\w+)\}")
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
SESSIONS = "django_session"
# The login, and the address in Wagtail's own place that leads there.
LOGINS = ("accounts/login", "cms/login")


@dataclass(frozen=True)
class Visit:
    """What came of one request; `written` are the tables that were written to, those of sessions aside."""

    route: str
    path: str
    who: str
    method: str
    status: int
    location: str
    headers: Mapping[str, str]
    written: frozenset[str]
    shows_canary: bool

    @property
    def said(self) -> str:
        """What the visitor was told, in the words of `Answer.says`."""
        words = {401: "login", 403: "forbidden", 404: "nothing", 405: "no such method"}
        if self.location in {f"/{door}/?next={quote(self.path)}" for door in LOGINS}:
            return "login"
        return words.get(self.status) or ("welcome" if self.status < 500 else f"error {self.status}")

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.route}) as {self.who}: {self.said}, {self.status} {self.location}"


def is_wagtails(route: str, pattern: URLPattern) -> bool:
    """Tell whether an address belongs to Wagtail's back office, which one rule covers as a whole."""
    return route.startswith("cms/") and pattern.callback.__module__.startswith(("wagtail.", "django."))


def our_routes() -> dict[str, URLPattern]:
    """Return every address but those of Wagtail's back office; of two with one route the one that answers."""
    ours: dict[str, URLPattern] = {}
    for route, pattern in addresses():
        if not is_wagtails(route, pattern):
            ours.setdefault(route, pattern)
    return ours


def wagtails_routes() -> list[str]:
    """Return the addresses of Wagtail's back office, without those where ours come first."""
    ours = our_routes()
    return [route for route, pattern in addresses() if is_wagtails(route, pattern) and route not in ours]


def template_of(route: str) -> str:
    """Return a route with {name} where a value belongs."""
    plain = COMPARISON.sub(r"\1{pk}/revisions/compare/1...1/", route).replace("/^", "/")
    template = EXPRESSIONS.get(route) or PARAMETER.sub(r"{\1}", plain)
    assert not re.search(r"[\\^$(]", template), f"{route}: tests/access/visits.py has no path for this expression"
    return template


def filled(route: str, row: Mapping[str, Any]) -> str:
    """Return the path of a route with a row's values in it."""
    template = template_of(route)
    unknown = [name for name in NAME.findall(template) if name not in row]
    assert not unknown, f"{route}: nobody told tests/access/world.py what stands for {', '.join(unknown)}"
    path = "/" + template.format_map({name: quote(str(value)) for name, value in row.items()})
    found = resolve(path).route
    assert found == route.replace("/^", "/"), f"{path} was to lead to {route}, it leads to {found}"
    return path


def addressed(route: str, row: Mapping[str, Any]) -> str:
    """Return the address of a route about a row; what of the row has no place in the path becomes the query."""
    path, names = filled(route, row), NAME.findall(template_of(route))
    asked = urlencode({name: value for name, value in row.items() if name not in names})
    return f"{path}?{asked}" if asked else path


@contextmanager
def writes() -> Iterator[set[str]]:
    """Collect the tables whose rows are added, changed or deleted."""
    seen: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found, done = WRITE.match(sql), execute(sql, params, many, context)
        if found and found[1] != SESSIONS and context["cursor"].rowcount != 0:
            seen.add(found[1])
        return done

    with connection.execute_wrapper(watch):
        yield seen


def browsers(world: World) -> dict[str, Client]:
    """Return a browser for each of the cast; who is suspended was so after signing in."""
    clients = {who: Client(raise_request_exception=False) for who in sorted(CAST)}
    for who, person in world.people.items():
        clients[who].force_login(person)
    world.people["suspended"].is_active = False
    world.people["suspended"].save()
    return clients


def send(client: Client, method: str, path: str, body: Any = None) -> HttpResponseBase:
    """Request a path; what is posted is sent as a form, a text as JSON."""
    if method != "POST":
        return client.generic(method, path)
    as_json = {"content_type": "application/json"} if isinstance(body, str) else {}
    return client.post(path, body, **as_json)


def visit(client: Client, route: str, who: str, method: str, path: str, body: Any = None) -> Visit:
    """Make one request and undo whatever it did."""
    cache.clear()
    cookies = dict(client.cookies)
    with transaction.atomic(), writes() as written:
        response = send(client, method, path, body)
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return Visit(
        route=route,
        path=path,
        who=who,
        method=method,
        status=response.status_code,
        location=response.headers.get("Location", ""),
        headers=dict(response.headers),
        written=frozenset(written),
        shows_canary=CANARY.encode() in content,
    )
