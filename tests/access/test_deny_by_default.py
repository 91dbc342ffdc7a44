"""A view nobody thought about: the start fails, and until somebody does it admits nobody."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from tests.factories.people import UserFactory
from training.lib.access import ANYONE, SIGNED_IN, Rule, allow, roles

pytestmark = pytest.mark.django_db

OURS, OTHERS = "courses.views", "elsewhere.views"
Serve = Callable[..., None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Serve:
    """Make a view of some module the only page there is, beside the login, under rules for views of others."""

    def use(module: str, rules: dict[str, Rule], declare: Callable[[Any], Any] = lambda view: view) -> None:
        def page(request: HttpRequest) -> HttpResponse:
            return HttpResponse("open")

        @allow(ANYONE)
        def login(request: HttpRequest) -> HttpResponse:
            return HttpResponse("who is there")

        page.__module__ = module
        root = ModuleType("one_page")
        root.urlpatterns = [path("page/", declare(page)), path("login/", login, name="account_login")]
        root.THIRD_PARTY_RULES = rules
        monkeypatch.setitem(sys.modules, "one_page", root)
        settings.ROOT_URLCONF = "one_page"

    return use


@pytest.mark.parametrize(
    ("module", "rules"),
    [(OURS, {"": SIGNED_IN}), (OTHERS, {}), (OTHERS, {"elsewhere/": SIGNED_IN})],
    ids=["ours, where others have a rule", "others, without any rule", "others, under no prefix"],
)
def test_a_view_without_a_rule_stops_the_start_and_admits_nobody(
    module: str, rules: dict[str, Rule], serve: Serve, client: Client
) -> None:
    serve(module, rules)
    with pytest.raises(SystemCheckError, match=r"page/.*declares no access rule[\s\S]*"):
        call_command("check")
    client.force_login(UserFactory(administrator=True))
    assert client.get("/page/").status_code == 403


def test_the_check_has_the_number_it_is_known_by(serve: Serve) -> None:
    serve(OURS, {})
    with pytest.raises(SystemCheckError, match=r"access\.E001"):
        call_command("check")


@pytest.mark.parametrize("module", [OURS, OTHERS])
def test_with_a_rule_it_starts_and_admits_whom_the_rule_names(module: str, serve: Serve, client: Client) -> None:
    serve(module, {}, allow(roles("auditor")))
    call_command("check")
    assert client.get("/page/").headers["Location"] == "/login/?next=/page/"
    for role, status in (("administrator", 403), ("auditor", 200)):
        client.force_login(UserFactory(**{role: True}))
        assert client.get("/page/").status_code == status


def test_of_the_rules_for_others_the_longest_prefix_counts(serve: Serve, client: Client) -> None:
    serve(OTHERS, {"": ANYONE, "pa": roles("auditor"), "page/": roles("hr"), "age/": ANYONE})
    for role, status in (("auditor", 403), ("hr", 200)):
        client.force_login(UserFactory(**{role: True}))
        assert client.get("/page/").status_code == status
