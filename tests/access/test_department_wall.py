"""HR of one department and the people of another: in no list, search, filter, page, count or export."""

import csv

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.access.world import CANARY, NOTE, World
from tests.factories.mentors import TODAY

HERE = ("hr", "head")


def text(response: HttpResponseBase) -> str:
    return (b"".join(response) if response.streaming else response.content).decode()


def asked_for(world: World) -> list[str]:
    """Everything that could be typed into an address to get at the person."""
    number, elsewhere = world.canary.staff_number, world.archive.code
    return [
        *(f"?q={word}" for word in (number, number[:3], "金丝雀", "Canary-b")),
        *(f"?department={elsewhere}&state={state}" for state in ("", "left", "all")),
        *(f"?page={page}" for page in (1, 2, 999)),
        f"?position={world.target.position.code}&department={elsewhere}",
        f"?staff_number={number}&person={world.canary.pk}&gaps=on",
    ]


@pytest.mark.parametrize("who", HERE)
def test_nothing_one_can_ask_for_brings_them_up(who: str, world: World, clients: dict[str, Client]) -> None:
    lists = ["people/", "people/matrix/", "people/matrix/counter/", "coaching/"]
    pages = ("", "departments/", "windows/", "windows/62/", "leave/", "roster/", "positions/", "serves/")
    lists += [f"people/organisation/{page}" for page in pages]
    if who == "hr":
        lists.append(f"people/organisation/roster/62/{TODAY}/morning/")
    exports = ["people/export/", "people/matrix/export/", "people/matrix/counter/export/"]
    for query in asked_for(world):
        answers = [clients[who].get(f"/{page}{query}") for page in lists]
        answers += [clients[who].post(f"/{page}{query}") for page in exports]
        for answer in answers:
            assert answer.status_code == 200
            shown = text(answer).replace(query, "").replace(query.replace("&", "&amp;"), "")
            assert CANARY not in shown, answer.request["PATH_INFO"] + query


def test_the_same_questions_bring_them_up_for_their_own_hr(world: World, clients: dict[str, Client]) -> None:
    number = world.canary.staff_number
    assert CANARY in text(clients["hr elsewhere"].get(f"/people/?q={number}"))
    assert CANARY in text(clients["hr elsewhere"].post(f"/people/export/?q={number}"))
    assert CANARY in text(clients["hr elsewhere"].post("/people/matrix/archive/export/"))
    for page in ("windows/62/", "leave/", f"roster/62/{TODAY}/morning/"):
        assert CANARY in text(clients["hr elsewhere"].get(f"/people/organisation/{page}")), page
    assert "金丝雀" in text(clients["hr elsewhere"].get("/people/organisation/roster/"))


@pytest.mark.parametrize("who", HERE)
def test_no_count_includes_them(who: str, world: World, clients: dict[str, Client]) -> None:
    own = {person for person in world.people.values() if person.department_id == world.counter.pk}
    staff = clients[who].get("/people/")
    assert staff.context["page"].paginator.count == len(own) + 1  # whom the teacher is proposed for
    matrix = clients[who].get("/people/matrix/")
    assert matrix.context["total"].people == 1
    assert [row.part for row in matrix.context["rows"]] == [world.counter]
    needed = [share.needed for share in matrix.context["total"].shares]
    assert sum(needed) == 1
    lines = list(csv.reader(text(clients[who].post("/people/matrix/export/")).splitlines()))
    assert [line[1] for line in lines[1:]] == ["1", "1"]


def test_the_count_of_the_director_includes_them(world: World, clients: dict[str, Client]) -> None:
    assert clients["director"].get("/people/matrix/").context["total"].people == 2


@pytest.mark.parametrize("who", HERE)
def test_the_rows_about_them_do_not_exist(who: str, world: World, clients: dict[str, Client]) -> None:
    for kind, page in (
        ("person", "people/{staff_number}/"),
        ("person", "people/competencies/{staff_number}/"),
        ("certificate", "certificates/{number}/"),
        ("certificate", "certificates/{number}/pdf/"),
        ("result", "exams/attempt/{pk}/result/"),
        ("mentorship", "coaching/{pk}/"),
        ("session", "coaching/sessions/{pk}/"),
        ("observation", "coaching/observations/{pk}/"),
        ("case", "coaching/cases/{pk}/"),
    ):
        path = "/" + page.format_map(world.elsewhere[kind])
        assert clients[who].get(path).status_code == 404, path
        assert clients["director"].get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("kind", "address"), [("mentorship", "coaching/{pk}/"), ("session", "coaching/sessions/{pk}/")]
)
def test_notes_of_coaching_stay_between_the_two_and_the_panel(
    kind: str, address: str, world: World, clients: dict[str, Client]
) -> None:
    path = "/" + address.format_map(world.elsewhere[kind])
    open_to = ("other teacher", "head elsewhere", "hr elsewhere", "director", "auditor", "administrator")
    told = {who for who in open_to if NOTE in text(clients[who].get(path))}
    assert told == {"other teacher", "head elsewhere"}  # who sits on the panel
