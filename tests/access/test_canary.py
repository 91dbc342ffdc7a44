"""A word planted in every text about the people of one department: who has no business there reads it nowhere.

Not on a page that links lead to, not in a search, a filter, a count, an export, the API, a notice, an error text.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from tests.access.crawling import crawled, text_of
from tests.access.world import CANARY, NOTE, World
from tests.factories.mentors import NOW, TODAY
from tests.factories.people import UserFactory
from tests.test_architecture import FLOORS
from training.people.models import RoleGrant, User
from training.people.services import end_role

STARTS = ("/desk/", "/people/", "/people/me/", "/people/matrix/", "/coaching/", "/coaching/rounds/", "/notices/")
# Nobody of these oversees, teaches or decides on the people of the archive.
STRANGERS = ("hr", "head", "section head", "teacher", "colleague")
# What people search by is not told apart from free text by its type.
KEPT = {"staff_number", "password", "language", "kind", "action", "token"}


def free_texts(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model that hold words of people."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.unique or field.name in KEPT)
        and (field.max_length or len(CANARY)) >= len(CANARY)
    ]


def ways_to(model: type[models.Model]) -> Iterator[str]:
    """Yield how rows of a model belong to a person: by a key of their own, or by that of a row they point at."""
    for field in model._meta.concrete_fields:
        if field.related_model is User:
            yield field.name
        elif field.is_relation and field.name != "person":
            yield from (
                f"{field.name}__{one.name}"
                for one in field.related_model._meta.concrete_fields
                if one.related_model is User and one.name in {"person", "mentee", "holder"}
            )


def plant(person: User) -> set[str]:
    """Write the canary into every free text of every row about the person; return the fields it stands in now."""
    planted = set()
    for label in FLOORS:
        for model in apps.get_app_config(label).get_models():
            texts = free_texts(model)
            for way in ways_to(model) if texts else ():
                rows = model._default_manager.filter(**{way: person}).values_list("pk", flat=True)
                filled = {field.name: CANARY for field in texts}
                if model._default_manager.filter(pk__in=list(rows)).update(**filled):
                    planted |= {f"{model._meta.label}.{name}" for name in filled}
    texts = {field.name: CANARY for field in free_texts(User)}
    User.objects.filter(pk=person.pk).update(**texts)
    return planted | {f"people.User.{name}" for name in texts}


@pytest.fixture
def planted(world: World) -> set[str]:
    return plant(world.canary)


def test_the_canary_stands_in_texts_of_every_kind(planted: set[str]) -> None:
    assert planted >= {
        "people.User.display_name",
        "people.User.latin_name",
        "people.User.email",
        "mentors.CoachingSession.note",
        "mentors.CoachingSession.strengths",
        "mentors.Mentorship.end_reason",
        "mentors.Observation.comment",
        "certificates.Certificate.holder_name",
        "certificates.Revocation.reason",
        "notices.Notice.path",
    }


@pytest.mark.parametrize("who", STRANGERS)
def test_no_link_leads_a_stranger_to_it(who: str, planted: set[str], world: World, clients: dict[str, Client]) -> None:
    pages = crawled(clients[who], *STARTS)
    assert len(pages) > 10
    assert [path for path, page in pages.items() if CANARY in page] == []


@pytest.mark.parametrize("who", ["director", "hr elsewhere"])
def test_links_lead_those_who_may_to_it(who: str, planted: set[str], world: World, clients: dict[str, Client]) -> None:
    singing = {path.split("?")[0] for path, page in crawled(clients[who], *STARTS).items() if CANARY in page}
    record = f"/people/{world.canary.staff_number}/"
    assert {"/people/", "/coaching/", record} <= singing


@pytest.mark.parametrize("who", ["hr", "head", "section head"])
def test_one_more_person_elsewhere_changes_nothing_anybody_else_reads(
    who: str, world: World, clients: dict[str, Client]
) -> None:
    """No count, no order, no word: what one reads is the same to the letter before and after."""
    before = crawled(clients[who], *STARTS)
    newcomer = UserFactory(department=world.archive, display_name=f"新来{CANARY}", latin_name=CANARY)
    world._of(newcomer, world.people["other teacher"], world.people["head elsewhere"], NOTE)
    assert crawled(clients[who], *STARTS) == before


def test_one_more_person_changes_what_their_own_hr_reads(world: World, clients: dict[str, Client]) -> None:
    before = crawled(clients["hr elsewhere"], *STARTS)
    UserFactory(department=world.archive)
    assert crawled(clients["hr elsewhere"], *STARTS) != before


ASKED = ("金丝雀", "Canary", "canaryb7", "jinsique", "jsq", "cb")


@pytest.mark.parametrize("who", ["hr", "head", "section head"])
def test_no_search_filter_or_export_brings_it_up(
    who: str, planted: set[str], world: World, clients: dict[str, Client]
) -> None:
    matrices = ("/people/matrix/", "/people/matrix/counter/", "/people/matrix/sections/east/")
    lists = ("/people/", "/coaching/", *matrices)
    exports = ("/people/export/", *(f"{matrix}export/" for matrix in matrices))
    queries = [f"?q={word}" for word in (*ASKED, world.canary.staff_number)]
    queries += [f"?state=all&sort={sort}" for sort in ("", "name", "department", "new", "password")]
    queries += [f"?state=all&role={role}" for role in ("clerk", "invigilator", "teacher")]
    queries += ["?state=all&since=1990-01-01", "?state=all&window=none", f"?department={world.archive.code}"]
    queries += [f"?state=all&position={world.target.position.code}", "?state=away"]
    for query in queries:
        answers = [clients[who].get(page + query) for page in lists]
        answers += [clients[who].post(page + query) for page in exports]
        for answer in answers:
            shown = text_of(answer).replace(query.partition("=")[2], "")
            assert CANARY not in shown, (answer.request["PATH_INFO"], query)


@pytest.mark.parametrize("word", ASKED[:4])
def test_the_same_words_find_them_for_their_own_hr(word: str, world: World, clients: dict[str, Client]) -> None:
    assert world.canary.staff_number in text_of(clients["hr elsewhere"].get(f"/people/?q={word}"))


@pytest.mark.parametrize("act", ["change", "move", "lend", "leave", "return", "roles", "roles/give"])
def test_no_act_on_them_is_there_and_its_error_says_nothing(
    act: str, planted: set[str], world: World, clients: dict[str, Client]
) -> None:
    number = world.canary.staff_number
    theirs, no_ones = (clients["hr"].get(f"/people/{one}/{act}/") for one in (number, "nobody"))
    assert (theirs.status_code, no_ones.status_code) == (404, 404)
    assert CANARY not in text_of(theirs)


def test_a_taken_number_says_no_name(planted: set[str], world: World, clients: dict[str, Client]) -> None:
    facts = {
        "staff_number": world.canary.staff_number,
        "display_name": "新人",
        "language": "en",
        "department": world.counter.code,
        "position": world.target.position.code,
        "starts_on": TODAY,
    }
    answer = clients["hr"].post("/people/hire/", facts)
    assert "is taken" in text_of(answer)
    assert CANARY not in text_of(answer)


def test_the_api_says_no_name(planted: set[str], world: World, clients: dict[str, Client]) -> None:
    asked = {"staff_number": world.canary.staff_number, "matter": world.matter.code, "on": str(TODAY)}
    answer = clients["hr"].get("/api/v1/authorisations/check", asked)
    assert answer.status_code == 404
    assert CANARY not in text_of(answer)


def test_whose_role_has_ended_reads_what_a_clerk_reads(
    planted: set[str], world: World, clients: dict[str, Client]
) -> None:
    """In the session that was open before: the pages of HR are gone with the next click, their own people too."""
    officer, owner = world.people["hr"], world.people["owner"]
    assert owner.display_name in "".join(crawled(clients["hr"], *STARTS).values())
    end_role(person=officer, role="hr", department=world.counter, on=TODAY, by="test", at=NOW)
    pages = crawled(clients["hr"], *STARTS)
    assert "".join(pages.values()).count(owner.display_name) == 0
    assert CANARY not in "".join(pages.values())


def test_who_is_suspended_reads_nothing(planted: set[str], world: World, clients: dict[str, Client]) -> None:
    pages = crawled(clients["suspended"], *STARTS)
    assert "".join(page for path, page in pages.items() if path in STARTS) == ""
    assert CANARY not in "".join(pages.values())


def test_a_section_is_seen_as_long_as_the_role_over_it_lasts(world: World, clients: dict[str, Client]) -> None:
    record = f"/people/{world.people['owner'].staff_number}/"
    assert clients["section head"].get(record).status_code == 200
    RoleGrant.objects.filter(section=world.section).update(until=TODAY.replace(day=1))
    assert clients["section head"].get(record).status_code == 404
    assert clients["section head"].get("/people/").status_code == 403


def test_a_section_head_sees_who_moves_in_and_no_longer_who_moves_out(world: World, clients: dict[str, Client]) -> None:
    record = f"/people/{world.canary.staff_number}/"
    assert clients["section head"].get(record).status_code == 404
    world.canary.postings.update(section=world.section)
    assert clients["section head"].get(record).status_code == 200
    world.canary.postings.update(section=None, is_loan=False)
    assert clients["section head"].get(record).status_code == 404
