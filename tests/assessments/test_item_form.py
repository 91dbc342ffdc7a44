"""The form of an item: every kind is written with it, rows come and go without a script, nothing typed is lost."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from assessments import queries
from assessments.forms.reading import sheet_from_post, sheet_of
from assessments.models import Item, ItemVersion
from assessments.scoring.marking import ItemKind
from assessments.services import items
from tests.factories.assessments import NOW, BankFactory, ItemFactory, ItemVersionFactory
from tests.factories.competencies import CompetencyFactory, FrameworkFactory
from tests.factories.matters import a_clause
from tests.factories.people import CentreFactory, RoleGrantFactory, UserFactory
from training.people.models import User

pytestmark = pytest.mark.django_db

TRAITS: tuple[dict[str, bool], ...] = (
    {}, {"multiple": True}, {"true_false": True}, {"ordering": True}, {"matching": True}, {"documents": True},
    {"numeric": True}, {"short_text": True}, {"cloze": True}, {"case": True}, {"open": True}, {"scenario": True},
)  # fmt: skip


class Boxes(HTMLParser):
    """What a browser would send of the item's form, as it stands on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.inside = False
        self.area = self.select = ""
        self.text = ""
        self.chosen: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if tag == "form":
            self.inside = "data-item-form" in told
        if not self.inside or not (name := told.get("name") or self.select):
            return
        if tag == "input" and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            ticked = told.get("type") in ("checkbox", "radio")
            self.sent.append((name, told.get("value", "on" if ticked else "")))
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.select, self.chosen = name, None
        elif tag == "option" and ("selected" in told or self.chosen is None):
            self.chosen = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.sent.append((self.area, self.text.removeprefix("\n")))
            self.area = ""
        elif tag == "select" and self.select:
            self.sent.append((self.select, self.chosen or ""))
            self.select = ""


def boxes(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in Boxes(page).sent:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def examiner(client: Client) -> User:
    CentreFactory()
    person = UserFactory()
    RoleGrantFactory(person=person, role="examiner")
    client.force_login(person)
    return person


@pytest.fixture
def framework() -> Any:
    return FrameworkFactory(is_current=True)


def new_address(bank: Any, kind: str) -> str:
    return f"{reverse('assessments:write_item')}?bank={bank.code}&kind={kind}"


def edit_address(item: Item) -> str:
    return reverse("assessments:edit_item", args=[item.bank.code, item.code])


def written(trait: dict[str, bool], framework: Any, **facts: Any) -> ItemVersion:
    item = ItemFactory(competency=CompetencyFactory(framework=framework), state="draft", reviewer=None, **facts)
    return ItemVersionFactory(item=item, **trait)


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: next(iter(trait), "single"))
def test_what_the_form_shows_of_any_kind_it_sends_back_unchanged(
    client: Client, examiner: User, framework: Any, trait: dict[str, bool]
) -> None:
    version = written(trait, framework)
    page = client.get(edit_address(version.item))
    assert page.status_code == 200
    told = queries.draft_of(version)
    response = client.post(edit_address(version.item), {**boxes(page.content.decode()), "action": "save"})
    assert response.status_code == 302, response.content.decode()
    version.refresh_from_db()
    assert queries.draft_of(version) == told
    assert version.edits == 1  # nothing was changed, so nothing was written


@pytest.mark.parametrize("kind", list(ItemKind))
def test_a_new_item_of_any_kind_keeps_what_was_typed_when_it_is_refused(
    client: Client, examiner: User, framework: Any, kind: str
) -> None:
    bank, competency = BankFactory(), CompetencyFactory(framework=framework)
    page = client.get(new_address(bank, kind)).content.decode()
    typed = {
        name: [f"typed {name}"] if re.fullmatch(r".*-(en|zh-hans|low|text)", name) else values
        for name, values in boxes(page).items()
    }
    typed |= {"judged": ["99"], "competency": [str(competency.pk)]}
    response = client.post(new_address(bank, kind), {**typed, "action": "save"})
    assert response.status_code == 400
    again = boxes(response.content.decode())
    assert {name: again.get(name) for name in typed if name != "csrfmiddlewaretoken"} == {
        name: values for name, values in typed.items() if name != "csrfmiddlewaretoken"
    }
    assert not Item.objects.exists()
    assert 'href="#id_judged"' in response.content.decode()


def test_rows_are_added_moved_and_taken_away_by_posts(client: Client, examiner: User, framework: Any) -> None:
    version = written({"ordering": True}, framework)
    address = edit_address(version.item)

    def press(sent: dict[str, list[str]], action: str) -> dict[str, list[str]]:
        response = client.post(address, {**sent, "action": action})
        assert response.status_code == 200
        return boxes(response.content.decode())

    def steps(sent: dict[str, list[str]]) -> list[str]:
        return [sent[name][0] for name in sorted(sent) if re.fullmatch(r"o-\d+-en", name)]

    sent = boxes(client.get(address).content.decode())
    assert steps(sent) == ["Option A", "Option B", "Option C", "Option D"]
    sent = press(sent, "down:o-0")
    assert steps(sent) == ["Option B", "Option A", "Option C", "Option D"]
    sent = press(sent, "drop:o-2")
    sent = press(sent, "add:o")
    assert steps(sent) == ["Option B", "Option A", "Option D", ""]
    sent["o-3-en"] = ["Option E"]
    assert client.post(address, {**sent, "action": "save"}).status_code == 302
    version.refresh_from_db()
    assert version.key == ["b", "a", "d", "c"]
    assert len(set(version.key)) == 4
    assert {option["id"]: option["text"]["en"] for option in version.options}["c"] == "Option E"


@pytest.mark.parametrize(
    "action", ["up:o-0", "down:o-3", "drop:o-99", "add:nothing", "drop:p-0-o-0", "up:", "drop:o--1", "add:" + "x" * 500]
)
def test_nonsense_of_buttons_changes_nothing(client: Client, examiner: User, framework: Any, action: str) -> None:
    version = written({"ordering": True}, framework)
    sent = boxes(client.get(edit_address(version.item)).content.decode())
    response = client.post(edit_address(version.item), {**sent, "action": action})
    assert response.status_code == 200
    assert boxes(response.content.decode())["o-0-en"] == sent["o-0-en"]


def test_gaps_written_into_a_text_get_their_rows() -> None:
    data = QueryDict("stem-en=Told+[[when]]+by+[[who]].", mutable=True)
    sheet = sheet_from_post(ItemKind.CLOZE, data)
    assert [part.id for part in sheet.parts] == ["when", "who"]
    assert all(part.asked.answers for part in sheet.parts)


def test_a_case_is_written_with_questions_of_several_kinds(client: Client, examiner: User, framework: Any) -> None:
    bank, competency = BankFactory(), CompetencyFactory(framework=framework)
    address = new_address(bank, "case")
    sent = boxes(client.get(address).content.decode())
    sent |= {"p-1-kind": ["numeric"], "competency": [str(competency.pk)]}
    sent = boxes(client.post(address, {**sent, "action": "refresh"}).content.decode())
    sent |= {
        "stem-en": ["Mr Luo opens a shop."],
        "p-0-en": ["What first?"],
        "p-0-o-0-en": ["Read all"],
        "p-0-o-1-en": ["Send him away"],
        "p-0-right": ["a"],
        "p-1-en": ["How many days?"],
        "p-1-a-0-low": ["5"],
    }
    response = client.post(address, {**sent, "action": "ask"})
    version = ItemVersion.objects.get()
    assert response.status_code == 302
    assert version.asked_at
    assert version.key == {"1": ["a"], "2": {"answers": [{"low": "5", "high": "5", "credit": 1}]}}


def test_an_unfinished_item_is_saved_and_says_what_is_missing(client: Client, examiner: User, framework: Any) -> None:
    bank, competency = BankFactory(), CompetencyFactory(framework=framework)
    address = new_address(bank, "single")
    sent = boxes(client.get(address).content.decode())
    sent |= {"stem-en": ["Who signs?"], "o-0-en": ["The head"], "competency": [str(competency.pk)]}
    response = client.post(address, {**sent, "action": "ask"}, follow=True)
    page = response.content.decode()
    assert Item.objects.get().state == "draft"
    assert "The review was not asked for" in page
    assert 'href="#right"' in page
    assert "mark exactly one as right" in page


def test_clauses_are_found_and_kept(client: Client, examiner: User, framework: Any) -> None:
    clause, other = a_clause(text="Give the list once."), a_clause(text="一次性告知全部材料")
    version = written({}, framework)
    sent = boxes(client.get(edit_address(version.item)).content.decode())
    page = client.post(edit_address(version.item), {**sent, "clause": "list once", "action": "find"}).content.decode()
    assert f'name="cites" value="{clause.pk}"' in page
    assert f'name="cites" value="{other.pk}"' not in page
    client.post(edit_address(version.item), {**sent, "cites": [clause.pk, "x", "999999"], "action": "save"})
    assert version.citations.get().clause_version == clause


def test_who_saves_late_is_told_and_loses_nothing(client: Client, examiner: User, framework: Any) -> None:
    version = written({}, framework)
    address = edit_address(version.item)
    sent = boxes(client.get(address).content.decode()) | {"stem-en": ["Mine"]}
    theirs = items.Written(queries.draft_of(version), CompetencyFactory(framework=framework))
    items.revise_item(item=version.item, written=theirs, seen=(1, 1), by=UserFactory(), at=NOW)
    response = client.post(address, {**sent, "action": "save"})
    again = boxes(response.content.decode())
    assert (response.status_code, again["stem-en"], again["seen"]) == (409, ["Mine"], ["1.2"])
    assert client.post(address, {**again, "action": "save"}).status_code == 302
    assert ItemVersion.objects.get().stem["en"] == "Mine"


def test_a_sheet_of_a_broken_draft_is_shown(client: Client, examiner: User, framework: Any) -> None:
    for trait in TRAITS:
        version = written(trait, framework)
        ItemVersion.objects.filter(pk=version.pk).update(key=[])
        assert sheet_of(ItemVersion.objects.get(pk=version.pk))
        item = reverse("assessments:item", args=[version.item.bank.code, version.item.code])
        assert client.get(edit_address(version.item)).status_code == 200
        assert client.get(item).status_code == 200


def test_the_form_is_for_examiners(client: Client, framework: Any) -> None:
    client.force_login(UserFactory())
    version = written({}, framework)
    assert client.get(edit_address(version.item)).status_code == 403
    assert client.get(new_address(version.item.bank, "single")).status_code == 403
