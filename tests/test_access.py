"""Every address as everybody: who is let in, what reading leaves behind, what comes along with the answer."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.access.answers import ANSWERS
from tests.access.visits import Visit, addressed, browsers, filled, our_routes, visit, wagtails_routes
from tests.access.who import EDITING, NO_SESSION
from tests.access.world import CAST, ROLES, World
from tests.factories.mentors import NOW
from training.lib.access import rule_for
from training.lib.checks import addresses
from training.navigation import navigation_for

pytestmark = pytest.mark.django_db

# At the door, turned away by role, let in: they stand for all where the method decides nothing about the row.
FEW = ("anonymous", "colleague", "hr")
# Wagtail's way to see the page of a server error.
FAILS_ON_PURPOSE = "cms/failwhale/"
EDITORS = ("editor", "reviewer", "administrator")
# Who may see something of the person in the other department: whoever oversees everybody or them, and their teacher.
# Who holds an exam knows whom it is held for, whatever their department: their names and places, nothing else.
BY_OFFICE = {("exams/manage/<slug:code>/places/", "examiner")}
NEAR_CANARY = {"director", "auditor", "administrator", "head elsewhere", "hr elsewhere", "other teacher"}


@pytest.fixture(scope="module")
def visits(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> list[Visit]:
    """A request to each of our addresses as each of the cast."""
    return in_one_world(all_visits, django_db_blocker, tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def back_office_visits(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> list[Visit]:
    """A request to each address of Wagtail's back office as some who may not enter and, in turn, one who may."""
    return in_one_world(visits_to_wagtail, django_db_blocker, tmp_path_factory.mktemp("media"))


def in_one_world(
    make: Callable[[World], Iterable[Visit]], django_db_blocker: DjangoDbBlocker, media: Path
) -> list[Visit]:
    """Make requests before any test's own transaction begins, and leave nothing behind.

    Half the answers are pages of errors, which say the same whatever was asked; tests/lib looks at those themselves.
    """
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    kept = override_settings(MEDIA_ROOT=media, STORAGES={**settings.STORAGES, "default": on_disk})
    logging.disable(logging.CRITICAL)
    with kept, pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        patch.setattr("training.certificates.services.paper.certificate_pdf", lambda _facts: b"%PDF drawn")
        patch.setattr("courses.documents.sign_in_list", lambda _session, _people: b"%PDF drawn")
        patch.setattr("training.views.render", with_bare_errors)
        with django_db_blocker.unblock(), transaction.atomic():
            made = list(make(World()))
            transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    return made


def with_bare_errors(request: HttpRequest, template: str, *args: Any, status: int = 200) -> HttpResponse:
    if template.startswith("errors/"):
        return HttpResponse(template, status=status)
    return render(request, template, *args, status=status)


def all_visits(world: World) -> Iterator[Visit]:
    clients = browsers(world)
    for route, answer in ANSWERS.items():
        path = addressed(route, world.rows[answer.about] if answer.about else {})
        for method in ("GET", "POST", "HEAD", "OPTIONS"):
            everybody = method == "GET" or (method == "POST" and method in answer.methods and answer.depends)
            for who in sorted(CAST) if everybody else FEW:
                yield visit(clients[who], route, who, method, path, world.bodies.get(route))


def visits_to_wagtail(world: World) -> Iterator[Visit]:
    clients = browsers(world)
    for number, route in enumerate(wagtails_routes()):
        path = filled(route, world.back_office)
        for who in ("anonymous", "suspended", "colleague", "hr", EDITORS[number % len(EDITORS)]):
            yield visit(clients[who], route, who, "GET", path)


def test_each_address_has_an_answer_written_by_hand() -> None:
    assert our_routes().keys() == ANSWERS.keys()


def test_each_address_declares_the_rule_written_by_hand() -> None:
    declared = {route: rule_for(pattern.callback, route) for route, pattern in our_routes().items()}
    assert [(route, declared[route]) for route, answer in ANSWERS.items() if declared[route] != answer.rule] == []


def test_everybody_gets_the_answer_written_by_hand(visits: list[Visit]) -> None:
    wrong: dict[str, list[str]] = defaultdict(list)
    for one in visits:
        expected = ANSWERS[one.route].says(one.who, one.method)
        if one.said != expected:
            wrong[f"{one.method} {one.path}: {one.said} ({one.status} {one.location}), not {expected}"].append(one.who)
    assert not wrong, "\n".join(f"{what}: {', '.join(who)}" for what, who in wrong.items())


def test_reading_writes_nothing(visits: list[Visit]) -> None:
    read = [one for one in visits if one.method != "POST"]
    wrote = {(one.route, *sorted(one.written - {ANSWERS[one.route].keeps})) for one in read}
    assert sorted(row for row in wrote if len(row) > 1) == []


def test_only_who_is_let_in_changes_anything(visits: list[Visit]) -> None:
    assert [str(one) for one in visits if one.written and one.said != "welcome"] == []


def test_every_answer_tells_the_browser_what_it_may_do(visits: list[Visit]) -> None:
    lacking: dict[str, set[str]] = defaultdict(set)
    for one in visits:
        policy = one.headers.get("Content-Security-Policy", "")
        for fault in faults(one, policy):
            lacking[fault].add(f"{one.route} {one.status}")
    assert lacking == {}


def faults(one: Visit, policy: str) -> Iterator[str]:
    if policy in (
        "default-src 'none'",
        "default-src 'none'; sandbox",
    ):  # a stored file: nothing in it runs, wherever it is shown
        policy = "object-src 'none'; frame-ancestors; base-uri 'none'; default-src 'self'"
    wanted = ["object-src 'none'", "frame-ancestors", "base-uri 'none'", "default-src 'self'"]
    yield from (f"no {part}" for part in wanted if part not in policy)
    if not one.path.startswith("/cms/") and "'unsafe-inline'" in policy:
        yield "inline scripts run"
    if one.headers.get("X-Content-Type-Options") != "nosniff":
        yield "types are guessed"
    if one.headers.get("Referrer-Policy") != "same-origin":
        yield "addresses leak"
    if one.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield "windows stay connected"


def test_what_tells_of_a_person_is_kept_nowhere(visits: list[Visit]) -> None:
    personal = [one for one in visits if one.status == 200 and tells_of_a_person(one)]
    assert len({one.route for one in personal}) > 40
    kept = {one.route for one in personal if "no-store" not in one.headers.get("Cache-Control", "")}
    assert sorted(kept) == []


def tells_of_a_person(one: Visit) -> bool:
    answer = ANSWERS[one.route]
    return not answer.plain and not (answer.rule.public and one.who in NO_SESSION) and one.method != "OPTIONS"


def test_nobody_learns_of_staff_who_are_none_of_theirs(visits: list[Visit]) -> None:
    told = [one for one in visits if one.shows_canary and one.who not in NEAR_CANARY]
    assert {(one.path, one.who) for one in told if (one.route, one.who) not in BY_OFFICE} == set()


def test_the_canary_sings_where_it_is_looked_for(visits: list[Visit]) -> None:
    told = {one.route for one in visits if one.shows_canary and one.who == "hr elsewhere"}
    assert {"people/", "people/export/", "coaching/", "coaching/rounds/", "certificates/revocations/"} <= told


def test_no_entry_of_the_navigation_leads_to_a_closed_door(visits: list[Visit]) -> None:
    said = {(one.path, one.who): one.said for one in visits if one.method == "GET"}
    for who in sorted(CAST - NO_SESSION):
        shown = navigation_for(frozenset({ROLES[who]}), "/")
        entries = [entry for group in shown.groups for entry in group.entries] + shown.personal + shown.bottom
        closed = [entry.url for entry in entries if said.get((entry.url, who), "welcome") != "welcome"]
        assert closed == [], who


def test_the_back_office_has_one_rule() -> None:
    rules = {rule_for(pattern.callback, route) for route, pattern in addresses() if route in set(wagtails_routes())}
    assert rules == {EDITING}


def test_nobody_but_editors_enters_the_back_office(back_office_visits: list[Visit]) -> None:
    for one in back_office_visits:
        if one.who in NO_SESSION:
            assert one.said in ("login", "forbidden"), one
        elif one.who not in EDITORS:
            assert one.said == "forbidden", one
        elif one.route != FAILS_ON_PURPOSE:
            assert one.said in ("welcome", "nothing", "no such method"), one
