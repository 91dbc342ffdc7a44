"""Views of the staff list: saved, opened, renamed, deleted; each person's are their own."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from training.people.models import SavedView, User
from training.people.services import PeopleError, rename_view, save_view
from training.people.services.views import MOST_VIEWS

pytestmark = pytest.mark.django_db

STAFF = "/people/"


@pytest.fixture
def hr() -> User:
    CentreFactory()
    return UserFactory(hr=True)


@pytest.fixture
def screen(client: Client, hr: User) -> Client:
    client.force_login(hr)
    return client


def told(client: Client, address: str, **sent: str) -> list[str]:
    return [str(message) for message in get_messages(client.post(address, sent, follow=True).wsgi_request)]


def test_a_filter_is_saved_under_a_name_and_opened_again(screen: Client, hr: User) -> None:
    DepartmentFactory(code="tax")
    query = "?q=chen&department=tax&window=none&page=3&nonsense=1&role=unheard-of"
    response = screen.post(reverse("people:save_view") + query, {"name": "新来的 <b>税务</b>"})
    view = hr.saved_views.get()
    assert view.query == "q=chen&department=tax&window=none"
    assert response.headers["Location"] == f"{STAFF}?{view.query}"
    page = screen.get(f"{STAFF}?{view.query}").content.decode()
    assert "新来的 &lt;b&gt;税务&lt;/b&gt;" in page
    assert f'href="/people/?{view.query.replace("&", "&amp;")}" aria-current="page"' in page
    assert (
        "aria-current" not in screen.get(STAFF).content.decode().split('aria-label="Saved views"')[1].split("</nav>")[0]
    )


def test_the_same_name_again_replaces_it(hr: User) -> None:
    save_view(person=hr, name="Tax", query="department=tax")
    save_view(person=hr, name="Tax", query="department=market")
    assert hr.saved_views.get().query == "department=market"


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_name_that_is_none_saves_nothing(screen: Client, hr: User, name: str) -> None:
    screen.post(reverse("people:save_view") + "?q=chen", {"name": name})
    assert not hr.saved_views.exists()
    view = save_view(person=hr, name="Chen", query="q=chen")
    screen.post(reverse("people:rename_view", args=[view.pk]), {"name": name})
    assert hr.saved_views.get().name == "Chen"


def test_there_is_a_most(hr: User) -> None:
    for number in range(MOST_VIEWS):
        save_view(person=hr, name=str(number), query="q=1")
    with pytest.raises(PeopleError, match="Delete one"):
        save_view(person=hr, name="one more", query="q=1")
    save_view(person=hr, name="0", query="q=2")
    assert hr.saved_views.count() == MOST_VIEWS


def test_renaming_and_deleting(screen: Client, hr: User) -> None:
    view, other = (save_view(person=hr, name=name, query="q=1") for name in ("One", "Two"))
    screen.post(reverse("people:rename_view", args=[view.pk]), {"name": "Three"})
    view.refresh_from_db()
    assert view.name == "Three"
    with pytest.raises(PeopleError, match="another view called Two"):
        rename_view(view=view, name="Two")
    assert "Three" in screen.get(reverse("people:saved_views")).content.decode()
    screen.post(reverse("people:delete_view", args=[view.pk]))
    assert list(hr.saved_views.all()) == [other]


def test_anothers_views_are_neither_seen_nor_touched(screen: Client) -> None:
    theirs = save_view(person=UserFactory(hr=True), name="CANARY", query="q=1")
    for page in (STAFF, reverse("people:saved_views")):
        assert "CANARY" not in screen.get(page).content.decode()
    for act in ("rename_view", "delete_view"):
        assert screen.post(reverse(f"people:{act}", args=[theirs.pk]), {"name": "mine"}).status_code == 404
    assert SavedView.objects.get().name == "CANARY"
