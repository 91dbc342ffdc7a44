"""The item bank on screen: finding items, changing many at once, reviewing, comparing, what a bank lacks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import queries
from assessments.models import BankChange, Item, ItemCitation, ItemVersion, ItemWriter
from assessments.queries import history
from assessments.services import items
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    BankFactory,
    ExamFactory,
    ItemFactory,
    ItemVersionFactory,
    blueprint_row,
    exam_of,
    scored,
    started,
)
from tests.factories.competencies import CompetencyFactory, FrameworkFactory
from tests.factories.matters import a_clause
from tests.factories.people import CentreFactory, UserFactory
from training.lib.diffs import passages
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def examiner(client: Client) -> User:
    CentreFactory()
    person = UserFactory(examiner=True)
    client.force_login(person)
    return person


def draft_item(author: User, **facts: Any) -> ItemVersion:
    version = ItemVersionFactory(item=ItemFactory(state="draft", reviewer=None, author=author), **facts)
    ItemWriter.objects.create(item_version=version, person=author)
    return version


def found(client: Client, **filters: str) -> set[str]:
    response = client.get(reverse("assessments:bank"), filters)
    assert response.status_code == 200
    return {row.item.code for row in response.context["page"]}


def address(version: ItemVersion, name: str = "item") -> str:
    return reverse(f"assessments:{name}", args=[version.item.bank.code, version.item.code])


# ---------- finding ----------


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("一次性", True), ("告", True), ("告知 queue", True), ("QUEUE", True), ("ＱＵＥＵＥ", True), ("居住证", True),
        ("cashier", True), ("100%", True), ("queue 首问", False), ("key-word", False), ("why", False), ("%", True),
        ("_", False), ("otn", True),
    ],
)  # fmt: skip
def test_words_are_found_inside_sentences_of_any_language(
    client: Client, examiner: User, words: str, hit: bool
) -> None:
    told = items.Written(
        queries.drafts.rules.ItemDraft(
            kind="single",
            stem={"en": "How is the Queue called at 100%?", "zh-hans": "窗口应当一次性告知全部材料吗"},
            options=queries.drafts.rules.choices_of(
                [
                    {"id": "a", "text": {"en": "By the cashier", "zh-hans": "凭居住证"}},
                    {"id": "b", "text": {"en": "No"}},
                ]
            ),
            key=["a"],
            rationale={"en": "why key-word"},
            code="otn-7",
            level=2,
            judged_p=0.5,
        ),
        CompetencyFactory(),
    )
    items.write_item(bank=BankFactory(), written=told, by=examiner, at=NOW)
    ItemVersionFactory(stem={"en": "Something else"})
    assert found(client, q=words) == ({"otn-7"} if hit else set())


def test_filters_find_what_they_say(client: Client, examiner: User) -> None:
    old = a_clause()
    a_clause(2, of=old.clause, text="Sign within a day.")
    stale = ItemVersionFactory(item__code="stale")
    fresh = ItemVersionFactory(item__code="fresh", stem={"en": "Only English"}, valid_until=date(2026, 1, 1))
    ItemCitation.objects.create(item_version=stale, clause_version=old)
    ItemCitation.objects.create(item_version=fresh, clause_version=a_clause())
    started(exam_of("multiple"))
    used = Item.objects.exclude(code__in=["stale", "fresh"]).get().code
    assert found(client, show="stale") == {"stale"}
    assert found(client, missing="zh-hans") == {"fresh"}
    assert found(client, on="2026-06-01") == {"stale", used}
    assert found(client, show="unused") == {"stale", "fresh"}
    assert found(client, level="3", competency=stale.item.competency.code) == {"stale"}
    assert found(client, level="9", on="soon", show="nonsense") == {"stale", "fresh", used}


def test_what_waits_for_a_review_is_shown_to_those_who_may_give_it(client: Client, examiner: User) -> None:
    mine, theirs, edited = draft_item(examiner), draft_item(UserFactory()), draft_item(UserFactory())
    ItemWriter.objects.create(item_version=edited, person=examiner)
    ItemVersion.objects.update(asked_at=NOW)
    assert found(client, show="review") == {theirs.item.code}
    assert [todo.title for todo in queries.todo(person=examiner, now=NOW)] == ["Review 1 exam item"]
    items.review(version=mine, approve=False, edits=1, by=UserFactory(), at=NOW, remark="No.")
    assert found(client, show="back") == {mine.item.code}
    assert "Change 1 exam item" in [todo.title for todo in queries.todo(person=examiner, now=NOW)]


def test_the_list_costs_the_same_with_any_number(client: Client, examiner: User, at_most: Budget) -> None:
    for _number in range(30):
        ItemVersionFactory()
    client.get(reverse("assessments:bank"))
    with at_most(13):
        client.get(reverse("assessments:bank"), {"q": "stem", "show": "review"})
    with at_most(13):
        assert len(found(client)) == 30


# ---------- many at once ----------


def test_a_change_is_shown_before_it_is_made_and_taken_back_as_one(client: Client, examiner: User) -> None:
    live, retired = ItemVersionFactory(), ItemVersionFactory(item__state="retired")
    sent = {"do": "state:suspended", "item": [live.item_id, retired.item_id], "next": "/exams/bank/?level=3"}
    page = client.post(reverse("assessments:change_items"), {**sent, "do": "state:retired"}).content.decode()
    assert "1 item is changed" in page
    assert "It is like that already." in page
    assert Item.objects.get(pk=live.item_id).state == "live"
    response = client.post(reverse("assessments:change_items"), {**sent, "sure": "1", "reason": "Law changed"})
    change = BankChange.objects.get()
    assert response.url == f"/exams/bank/?level=3&done={change.pk}"
    assert set(Item.objects.values_list("state", flat=True)) == {"suspended"}
    assert AuditEvent.objects.get(action="assessments.items_changed").reason == "Law changed"
    assert "2 items changed." in client.get(response.url).content.decode()
    client.post(reverse("assessments:undo_change", args=[change.pk]))
    assert sorted(Item.objects.values_list("state", flat=True)) == ["live", "retired"]
    assert AuditEvent.objects.filter(action="assessments.items_change_undone").count() == 1


def test_undoing_leaves_alone_what_was_changed_since(examiner: User) -> None:
    versions = [ItemVersionFactory() for _number in range(2)]
    ids = [version.item_id for version in versions]
    change = items.change_items(items=ids, what="state", value="suspended", by=examiner, at=NOW)
    Item.objects.filter(pk=ids[0]).update(state="retired")
    assert items.undo_change(change=change, by=examiner, at=NOW) == 1
    assert [Item.objects.get(pk=pk).state for pk in ids] == ["retired", "live"]
    with pytest.raises(items.AlreadyUndone):
        items.undo_change(change=change, by=examiner, at=NOW)


@pytest.mark.parametrize("what", ["level", "competency", "bank", "request"])
def test_each_change_is_made_and_taken_back(examiner: User, what: str) -> None:
    version = draft_item(examiner) if what == "request" else ItemVersionFactory()
    bank, competency = BankFactory(), CompetencyFactory()
    value = {"level": "5", "competency": str(competency.pk), "bank": bank.code, "request": ""}[what]

    def stands() -> tuple[Any, ...]:
        row = ItemVersion.objects.select_related("item").get(pk=version.pk)
        return row.level, row.item.competency_id, row.item.bank_id, row.asked_at is not None

    before = stands()
    change = items.change_items(items=[version.item_id], what=what, value=value, by=examiner, at=NOW)
    after = stands()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    items.undo_change(change=change, by=examiner, at=NOW)
    assert stands() == before


def test_what_cannot_be_done_is_said_of_each_item(examiner: User) -> None:
    bank = BankFactory()
    ItemVersionFactory(item__bank=bank, item__code="same")
    clash, draft, broken = ItemVersionFactory(item__code="same"), draft_item(examiner), draft_item(examiner, key=[])
    assert not items.plan_change(items=[clash.item_id], what="bank", value=bank.code).affected
    assert not items.plan_change(items=[draft.item_id], what="state", value="live").affected
    assert not items.plan_change(items=[broken.item_id, clash.item_id], what="request", value="").affected
    with pytest.raises(items.NothingToChange):
        items.change_items(items=[draft.item_id], what="state", value="live", by=examiner, at=NOW)


def test_all_that_a_filter_finds_are_chosen(client: Client, examiner: User) -> None:
    for level in (2, 2, 4):
        ItemVersionFactory(level=level)
    sent = {"do": "state:retired", "all": "1", "filters": "level=2", "sure": "1"}
    client.post(reverse("assessments:change_items"), sent)
    assert Item.objects.filter(state="retired").count() == 2


@pytest.mark.parametrize("do", ["", "state:nonsense", "bank:none", "competency:x", "level:9", "x", "state:draft"])
def test_nonsense_changes_nothing(client: Client, examiner: User, do: str) -> None:
    version = ItemVersionFactory()
    response = client.post(reverse("assessments:change_items"), {"do": do, "item": [version.item_id], "sure": "1"})
    assert response.status_code == 302
    assert not BankChange.objects.exists()


def test_nobody_undoes_what_somebody_else_did_or_long_ago(client: Client, examiner: User) -> None:
    version = ItemVersionFactory()
    long_ago = timezone.now() - timedelta(hours=1)
    for by, status in ((UserFactory(), 404), (examiner, 302)):
        change = items.change_items(items=[version.item_id], what="level", value="5", by=by, at=long_ago)
        assert client.post(reverse("assessments:undo_change", args=[change.pk])).status_code == status
        ItemVersion.objects.update(level=3)
        change.refresh_from_db()
        assert change.undone_at is None


# ---------- one item ----------


def test_an_item_is_reviewed_on_its_page(client: Client, examiner: User) -> None:
    version = draft_item(UserFactory())
    client.post(address(version, "request_review"), {"action": "ask"})
    assert "You did not write it, so you can decide." in client.get(address(version)).content.decode()
    sent = {"version": "1", "edits": "1"}
    response = client.post(address(version, "review_item"), {**sent, "action": "send-back", "remark": ""})
    assert response.status_code == 400
    assert "Write what has to change" in response.content.decode()
    late = client.post(
        address(version, "review_item"), {"version": "1", "edits": "7", "action": "approve", "remark": "Kept"}
    )
    assert "Somebody changed this item" in late.content.decode()
    assert "Kept</textarea>" in late.content.decode()
    client.post(address(version, "review_item"), {**sent, "action": "approve", "remark": "Good."})
    assert Item.objects.get().state == "reviewed"
    assert "Good." in client.get(address(version)).content.decode()
    assert "Take my approval back" in client.get(address(version)).content.decode()
    client.post(address(version, "review_item"), {"action": "take-back"})
    assert Item.objects.get().state == "draft"


def test_an_author_is_not_offered_the_review(client: Client, examiner: User) -> None:
    version = draft_item(examiner)
    client.post(address(version, "request_review"), {"action": "ask"})
    assert 'value="approve"' not in client.get(address(version)).content.decode()
    sent = {"version": "1", "edits": "1", "action": "approve"}
    assert "Somebody else has to review it" in client.post(address(version, "review_item"), sent).content.decode()
    assert Item.objects.get().state == "draft"


def test_two_versions_are_compared_word_by_word(client: Client, examiner: User) -> None:
    old = ItemVersionFactory(stem={"en": "Tell it once", "zh-hans": "一次告知"})
    ItemVersionFactory(
        item=old.item, number=2, stem={"en": "Tell it twice", "zh-hans": "一次性告知"}, key=["b"], level=4
    )
    page = client.get(address(old, "versions")).content.decode()
    assert "<del>once</del><ins>twice</ins>" in page
    assert "一次<ins>性</ins>告知" in page
    assert "<del>3</del><ins>4</ins>" in page
    labels = {change.label for change in history.compare(old, old)}
    assert labels == set()
    assert client.get(address(old, "versions"), {"old": "x", "new": "99"}).status_code == 200


def test_passages_give_both_texts_back() -> None:
    old, new = "窗口 A, once.\n", "窗口 B, twice"
    told = passages(old, new)
    assert "".join(one.text for one in told if one.change != "ins") == old
    assert "".join(one.text for one in told if one.change != "del") == new


def test_the_page_says_where_an_item_was_used_and_what_is_stale(client: Client, examiner: User) -> None:
    exam = exam_of("multiple")
    version = ItemVersion.objects.get()
    old = a_clause()
    ItemCitation.objects.create(item_version=version, clause_version=old)
    scored(started(exam), right=0)
    usage = history.usage_of(version.item)
    assert (usage.attempts, usage.people, usage.exposure, usage.exams[0][0]) == (1, 1, 100, exam.code)
    assert "reads differently now" not in client.get(address(version)).content.decode()
    a_clause(2, of=old.clause, text="Other words.")
    assert "reads differently now" in client.get(address(version)).content.decode()


@pytest.mark.parametrize(("language", "sound"), [("en", "Nothing is wrong"), ("zh-hans", "符合要求")])
def test_what_is_right_is_said_in_the_language_of_the_question(language: str, sound: str) -> None:
    version = ItemVersionFactory(documents=True)
    assert [line.answers for line in history.key_lines(version, language)][1] == [sound]


# ---------- banks ----------


def test_a_bank_is_set_up_and_renamed(client: Client, examiner: User) -> None:
    page = reverse("assessments:banks")
    assert client.post(page, {"code": "write", "name_en": "X"}).status_code == 400
    sent = {"code": "tax", "name_0": "Tax", "name_1": "税务"} | {"name_en": "Tax", "name_zh_hans": "税务"}
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 400
    overview = reverse("assessments:bank_overview", args=["tax"])
    assert (
        client.post(
            overview, {"name_en": "Taxes", "name_zh_hans": "税务", "name_0": "Taxes", "name_1": "税务"}
        ).status_code
        == 302
    )
    assert "Taxes" in client.get(overview).content.decode()
    told = AuditEvent.objects.filter(subject_type="assessments.bank").values_list("action", flat=True)
    assert sorted(told) == ["assessments.bank_created", "assessments.bank_renamed"]


def test_a_bank_says_what_exams_lack_in_it(client: Client, examiner: User) -> None:
    framework = FrameworkFactory()
    exam = ExamFactory(framework=framework)
    competency = CompetencyFactory(framework=framework)
    blueprint_row(exam, competency, 3, level=3)
    ItemVersionFactory(item__bank=exam.bank, item__competency=competency, level=3)
    ItemVersionFactory(item__bank=exam.bank, item__competency=competency, level=2)
    lack = queries.lacks(exam.bank, NOW.date())[0]
    assert (lack.needs, lack.has) == (3, 1)
    line = queries.coverage(exam.bank)[0]
    assert line.levels == [(1, 0, 0), (2, 1, 1), (3, 1, 1), (4, 0, 0), (5, 0, 0)]
    page = client.get(reverse("assessments:bank_overview", args=[exam.bank.code])).content.decode()
    assert "needs 3 live items" in page
