"""The frame of every page: navigation by job, theme, language, titles, and the pages that say what went wrong."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from training import navigation, views
from training.people.models import Centre, User


def visitor(path: str = "/nowhere/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    return request


def keys(*roles: str) -> set[str]:
    groups = navigation.navigation_for(frozenset(roles), "/").groups
    return {entry.key for group in groups for entry in group.entries}


EVERYBODY = {
    "desk",
    "search",
    "learn",
    "paths",
    "sessions",
    "exams",
    "coaching",
    "competencies",
    "certificates",
    "matters",
    "policies",
}


@pytest.mark.parametrize(
    ("roles", "more"),
    [
        ((), set()),
        (("clerk",), set()),
        (("hr",), {"matrix", "required", "hours", "pairing", "staff", "organisation", "erasures", "import", "impact"}),
        (("head",), {"matrix", "required", "hours", "staff", "organisation"}),
        (("director",), {"matrix", "required", "hours", "pairing", "staff", "organisation"}),
        (("auditor",), {"matrix", "staff", "organisation", "audit", "impact"}),
        (("editor",), {"cms"}),
        (("reviewer",), {"cms"}),
        (
            ("administrator",),
            {
                "staff",
                "organisation",
                "erasures",
                "import",
                "keys",
                "cms",
                "audit",
                "retention",
                "impact",
                "channels",
                "operations",
            },
        ),
        (("examiner",), {"items", "exam-sessions", "manage-exams", "observing", "release"}),
        (("marker",), {"marking", "observing"}),
        (("teacher",), {"observing"}),
        (("invigilator",), {"exam-sessions"}),
        (
            ("clerk", "hr", "editor"),
            {"matrix", "required", "hours", "pairing", "staff", "organisation", "erasures", "import", "impact", "cms"},
        ),
    ],
)
def test_each_role_finds_its_jobs_and_no_others(roles: tuple[str, ...], more: set[str]) -> None:
    assert keys(*roles) == EVERYBODY | more


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/desk/", "desk"),
        ("/exams/3/check/", "exams"),
        ("/people/matrix/7/", "matrix"),
        ("/people/me/", None),
        ("/", None),
    ],
)
def test_the_place_a_page_lies_in_is_marked_once(path: str, key: str | None) -> None:
    groups = navigation.navigation_for(frozenset({"hr"}), path).groups
    assert [e.key for group in groups for e in group.entries if e.current] == ([key] if key else [])


@pytest.mark.parametrize(
    ("roles", "bar"),
    [
        ({"clerk"}, ["desk", "learn", "exams"]),
        ({"clerk", "teacher"}, ["desk", "coaching", "learn"]),
        ({"hr"}, ["desk", "matrix", "staff"]),
        ({"editor"}, ["desk", "cms", "learn"]),
        ({"examiner"}, ["desk", "items", "exams"]),
    ],
)
def test_the_bottom_bar_holds_the_three_things_a_person_does_most(roles: set[str], bar: list[str]) -> None:
    assert [entry.key for entry in navigation.navigation_for(frozenset(roles), "/desk/").bottom] == bar


class TestErrorPages:
    def pages(self) -> list[HttpResponse]:
        request, fault = visitor(), Exception()
        return [
            views.bad_request(request, fault),
            views.permission_denied(request, fault),
            views.page_not_found(request, fault),
            views.server_error(request),
        ]

    def test_are_drawn_when_the_database_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(**_facts: object) -> Centre:
            raise OperationalError("no database")

        monkeypatch.setattr(Centre.objects, "filter", gone)
        pages = self.pages()
        assert [page.status_code for page in pages] == [400, 403, 404, 500]
        assert all(page.content.decode().count("<h1>") == 1 for page in pages)

    def test_the_fault_of_ours_is_told_in_both_languages(self) -> None:
        page = views.server_error(visitor()).content.decode()
        assert "Something broke on our side" in page
        assert "系统出错" in page

    def test_a_database_that_does_not_answer_is_told_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(*_facts: object) -> None:
            raise OperationalError("no database")

        monkeypatch.setattr("training.people.middleware.LanguageMiddleware.__call__", gone)
        page = Client(raise_request_exception=False).get("/desk/")
        assert (page.status_code, page["Retry-After"]) == (503, "10")
        assert "Its database does not answer" in page.content.decode()
        assert "系统暂时无法响应" in page.content.decode()


class TestTheme:
    def choose(self, theme: str, target: str = "/desk/?tab=1") -> HttpResponse:
        return Client().post("/theme/", {"theme": theme, "next": target})

    @pytest.mark.django_db
    def test_a_choice_is_kept_and_the_page_stays(self) -> None:
        answer = self.choose("dark")
        assert answer.headers["Location"] == "/desk/?tab=1"
        assert answer.cookies["theme"].value == "dark"

    @pytest.mark.django_db
    def test_automatic_forgets_the_choice(self) -> None:
        assert self.choose("").cookies["theme"]["max-age"] == 0

    @pytest.mark.django_db
    def test_leads_to_no_other_host(self) -> None:
        assert self.choose("dark", "https://elsewhere.example/").headers["Location"] == "/"

    def test_only_a_known_theme_reaches_the_page(self) -> None:
        assert navigation.navigation(visitor(theme="dark"))["theme"] == "dark"
        assert navigation.navigation(visitor(theme='"><script>'))["theme"] == ""


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def clerk(self, client: Client) -> Client:
        Centre.objects.update_or_create(
            pk=1,
            defaults={
                "name": {"en": "Binhai Government Service Centre", "zh-hans": "滨海区政务服务中心"},
                "short_name": {"en": "Binhai Centre", "zh-hans": "滨海中心"},
                "code": "BH",
            },
        )
        client.force_login(User.objects.create_user("20418", display_name="周敏", latin_name="Zhou Min"))
        return client

    def test_the_style_guide_is_for_staff(self, client: Client) -> None:
        assert client.get("/styleguide/").headers["Location"].startswith("/accounts/login/")

    def test_the_style_guide_shows_every_component(self, clerk: Client) -> None:
        page = clerk.get("/styleguide/").content.decode()
        assert "<title>Style guide - Training - Binhai Centre</title>" in page
        shown = ("next", "task", "blocked", "card", "lb", "mx", "steps", "timeline", "errors", "dialog", "toast")
        for css_class in (*shown, "banner", "empty", "save", "nav40", "filters", "pages", "facts-list", "lane", "seg"):
            assert f'class="{css_class}' in page or f" {css_class}" in page, css_class

    def test_the_centre_is_named_in_both_languages(self, clerk: Client) -> None:
        page = clerk.get("/styleguide/").content.decode()
        assert '<html lang="en">' in page
        assert "Binhai Government Service Centre" in page
        assert '<small lang="zh-Hans">滨海区政务服务中心</small>' in page

    def test_the_theme_chosen_is_in_the_first_byte_of_the_page(self, clerk: Client) -> None:
        clerk.cookies["theme"] = "dark"
        assert '<html lang="en" data-bs-theme="dark">' in clerk.get("/styleguide/").content.decode()

    def test_a_refused_login_says_error_in_the_title(self, client: Client) -> None:
        page = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"}).content.decode()
        assert "<title>Error: Sign in - " in page
        assert 'value="nobody"' in page
        assert 'role="alert"' in page
