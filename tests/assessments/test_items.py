"""Writing items and having them reviewed: nobody reviews their own words, and papers take approved words alone."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.utils import translation

from assessments import queries
from assessments.models import Item, ItemCitation, ItemReview, ItemVersion, ItemWriter
from assessments.rules import Choice, ItemDraft, ProblemCode
from assessments.scoring.marking import ItemKind
from assessments.services import items
from tests.factories.assessments import (
    NOW,
    BankFactory,
    ItemFactory,
    ItemVersionFactory,
    exam_of,
    started,
)
from tests.factories.competencies import CompetencyFactory
from tests.factories.matters import a_clause
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

TRAITS = (
    "multiple", "true_false", "ordering", "matching", "documents", "numeric", "short_text", "cloze", "case", "open",
    "scenario",
)  # fmt: skip
LATER = NOW + timedelta(minutes=5)


def draft(stem: str = "Who signs?", **facts: Any) -> ItemDraft:
    told = {
        "kind": ItemKind.SINGLE,
        "stem": {"en": stem},
        "key": ["a"],
        "options": (Choice("a", {"en": "The head"}), Choice("b", {"en": "The clerk"})),
        "level": 2,
        "judged_p": 0.6,
    }
    return ItemDraft(**told | facts)


def written(competency: Any = None, clauses: Any = (), **facts: Any) -> items.Written:
    return items.Written(draft(**facts), competency or CompetencyFactory(), clauses)


@pytest.fixture
def author() -> Any:
    return UserFactory()


@pytest.fixture
def reviewer() -> Any:
    return UserFactory()


@pytest.fixture
def new(author: Any) -> ItemVersion:
    return items.write_item(bank=BankFactory(), written=written(), by=author, at=NOW)


def approve(version: ItemVersion, by: Any) -> None:
    items.ask_for_review(version=version, by=version.item.author, at=NOW)
    version.refresh_from_db()
    items.review(version=version, approve=True, edits=version.edits, by=by, at=LATER)


def revise(version: ItemVersion, by: Any, **facts: Any) -> ItemVersion:
    item = Item.objects.get(pk=version.item_id)
    newest = item.versions.latest("number")
    told = items.Written(replace(queries.draft_of(newest), **facts), item.competency)
    return items.revise_item(item=item, written=told, seen=(newest.number, newest.edits), by=by, at=LATER)


def told() -> list[str]:
    """What the trail tells of items, in order."""
    return list(
        AuditEvent.objects.filter(subject_type="assessments.item").order_by("pk").values_list("action", flat=True)
    )


def test_a_new_item_is_a_draft_with_its_writer_and_citations(author: Any) -> None:
    clause = a_clause()
    version = items.write_item(bank=BankFactory(), written=written(clauses=[clause.pk]), by=author, at=NOW)
    assert (version.item.state, version.item.code, version.number) == (Item.State.DRAFT, "q-1", 1)
    assert version.writers.get().person == author
    assert version.citations.get().clause_version == clause
    assert AuditEvent.objects.get(action="assessments.item_written").after is None


@pytest.mark.parametrize("trait", TRAITS)
def test_a_version_read_as_a_draft_is_written_back_as_it_was(trait: str, author: Any) -> None:
    version = ItemVersionFactory(**{trait: True})
    told = items.Written(replace(queries.draft_of(version), code="again"), version.item.competency)
    again = items.write_item(bank=version.item.bank, written=told, by=author, at=NOW)
    again = ItemVersion.objects.get(pk=again.pk)
    assert queries.draft_of(again) == replace(queries.draft_of(version), code="again")
    assert queries.problems_of_version(again) == []


def test_a_code_is_given_once_in_a_bank(new: ItemVersion, author: Any) -> None:
    with pytest.raises(items.CodeTaken):
        items.write_item(bank=new.item.bank, written=written(code="q-1"), by=author, at=NOW)
    assert items.write_item(bank=new.item.bank, written=written(), by=author, at=NOW).item.code == "q-2"


@pytest.mark.parametrize("fault", [{"stem": " "}, {"judged_p": 0.99}, {"bar": 0}, {"level": None}, {"judged_p": None}])
def test_what_no_draft_may_be_like_is_not_kept(fault: dict[str, Any], author: Any) -> None:
    with pytest.raises(items.CannotBeKept) as refused:
        items.write_item(bank=BankFactory(), written=written(**fault), by=author, at=NOW)
    assert str(refused.value)
    assert not Item.objects.exists()


def test_an_unfinished_draft_is_kept_but_not_reviewed(author: Any) -> None:
    version = items.write_item(bank=BankFactory(), written=written(key=[]), by=author, at=NOW)
    with pytest.raises(items.NotFinished, match="mark exactly one as right"):
        items.ask_for_review(version=version, by=author, at=NOW)


def test_a_draft_is_changed_in_place_and_the_request_falls(new: ItemVersion, reviewer: Any) -> None:
    items.ask_for_review(version=new, by=new.item.author, at=NOW)
    same = revise(new, reviewer, stem={"en": "Who stamps?"})
    same.refresh_from_db()
    assert (same.pk, same.edits, same.asked_at, same.stem["en"]) == (new.pk, 2, None, "Who stamps?")
    assert {row.person_id for row in same.writers.all()} == {new.item.author_id, reviewer.pk}


def test_saying_the_same_again_changes_nothing(new: ItemVersion, author: Any) -> None:
    items.ask_for_review(version=new, by=author, at=NOW)
    revise(new, author)
    new.refresh_from_db()
    assert (new.edits, new.asked_at) == (1, NOW)
    assert not AuditEvent.objects.filter(action="assessments.item_edited").exists()


def test_what_somebody_else_saved_is_not_written_over(new: ItemVersion, author: Any) -> None:
    revise(new, author, stem={"en": "Mine"})
    with pytest.raises(items.ChangedMeanwhile):
        items.revise_item(item=new.item, written=written(stem="Late"), seen=(1, 1), by=author, at=LATER)
    assert ItemVersion.objects.get().stem == {"en": "Mine"}


def test_neither_author_nor_editor_reviews(new: ItemVersion, author: Any) -> None:
    editor, third = UserFactory(), UserFactory()
    revise(new, editor, stem={"en": "Other words"})
    new.refresh_from_db()
    items.ask_for_review(version=new, by=author, at=NOW)
    for person in (author, editor):
        with pytest.raises(items.OwnItem):
            items.review(version=new, approve=True, edits=2, by=person, at=LATER)
    items.review(version=new, approve=True, edits=2, by=third, at=LATER)
    assert Item.objects.get().state == Item.State.REVIEWED


def test_the_author_of_an_item_does_not_review_what_others_made_of_it(new: ItemVersion, reviewer: Any) -> None:
    approve(new, reviewer)
    second = revise(new, reviewer, stem={"en": "Second"})
    items.ask_for_review(version=second, by=reviewer, at=NOW)
    with pytest.raises(items.OwnItem):
        items.review(version=second, approve=True, edits=1, by=new.item.author, at=LATER)


def test_the_database_refuses_who_approves_their_own_words(new: ItemVersion) -> None:
    with pytest.raises(IntegrityError):
        ItemVersion.objects.filter(pk=new.pk).update(approved_by=new.written_by, approved_at=NOW)


def test_a_reviewer_approves_the_words_they_read(new: ItemVersion, author: Any, reviewer: Any) -> None:
    revise(new, author, stem={"en": "Changed"})
    items.ask_for_review(version=new, by=author, at=NOW)
    with pytest.raises(items.ChangedMeanwhile):
        items.review(version=new, approve=True, edits=1, by=reviewer, at=LATER)


def test_sending_back_needs_a_remark_and_keeps_it(new: ItemVersion, author: Any, reviewer: Any) -> None:
    items.ask_for_review(version=new, by=author, at=NOW)
    with pytest.raises(items.NoRemark):
        items.review(version=new, approve=False, edits=1, by=reviewer, at=LATER, remark=" ")
    items.review(version=new, approve=False, edits=1, by=reviewer, at=LATER, remark="Two answers are right.")
    new.refresh_from_db()
    assert (new.asked_at, new.approved_at, Item.objects.get().state) == (None, None, Item.State.DRAFT)
    assert ItemReview.objects.get().remark == "Two answers are right."
    assert told() == ["assessments.item_written", "assessments.review_asked", "assessments.item_sent_back"]


def test_a_review_is_taken_back_by_its_reviewer(new: ItemVersion, author: Any, reviewer: Any) -> None:
    approve(new, reviewer)
    with pytest.raises(items.NothingToReview):
        items.take_back_review(version=new, by=UserFactory(), at=LATER)
    items.take_back_review(version=new, by=reviewer, at=LATER)
    new.refresh_from_db()
    item = Item.objects.get()
    assert (new.approved_by, new.asked_at, item.reviewer, item.state) == (None, LATER, None, Item.State.DRAFT)
    assert told()[-2:] == ["assessments.item_approved", "assessments.review_taken_back"]


def test_a_request_is_withdrawn(new: ItemVersion, author: Any) -> None:
    items.ask_for_review(version=new, by=author, at=NOW)
    items.withdraw_request(version=new, by=author, at=LATER)
    new.refresh_from_db()
    assert new.asked_at is None
    assert told()[-1] == "assessments.review_withdrawn"


def test_an_approval_in_use_stands(new: ItemVersion, reviewer: Any) -> None:
    approve(new, reviewer)
    items.change_state(item=new.item, to=Item.State.LIVE, by=new.item.author, at=LATER)
    assert told()[-1] == "assessments.item_state_changed"
    with pytest.raises(items.InUse):
        items.take_back_review(version=new, by=reviewer, at=LATER)


def test_papers_take_the_old_version_until_the_new_one_is_approved(reviewer: Any) -> None:
    exam = exam_of("multiple")
    old = ItemVersion.objects.get()
    running = started(exam)
    second = revise(old, UserFactory(), stem={"en": "Better words"})
    assert (second.number, Item.objects.get().state) == (2, Item.State.LIVE)
    assert told()[-1] == "assessments.item_revised"
    assert [one.version_id for one in queries.available_items(exam, on=NOW.date())] == [old.pk]
    items.ask_for_review(version=second, by=second.written_by, at=NOW)
    items.review(version=second, approve=True, edits=1, by=reviewer, at=LATER)
    assert [one.version_id for one in queries.available_items(exam, on=NOW.date())] == [second.pk]
    assert running.items.get().item_version == old
    assert queries.questions_of(running)[0].stem.text == old.stem["en"]


def test_many_are_written_with_as_many_statements_as_few(author: Any, at_most: Callable[..., Any]) -> None:
    bank, competency, clause = BankFactory(), CompetencyFactory(), a_clause()
    rows = [written(competency, [clause.pk], code=f"r-{n}", stem=f"Stem {n}") for n in range(60)]
    with at_most(12):
        first = items.write_items(bank=bank, rows=rows, by=author, at=NOW)
    assert (len(first.new), ItemCitation.objects.count(), ItemWriter.objects.count()) == (60, 60, 60)
    changed = [written(competency, [clause.pk], code=f"r-{n}", stem=f"Stem {n // 40}") for n in range(60)]
    with at_most(20):
        again = items.write_items(bank=bank, rows=changed, by=author, at=LATER)
    assert (len(again.new), len(again.revised), len(again.unchanged)) == (0, 59, 1)
    assert AuditEvent.objects.filter(action="assessments.item_edited").count() == 59


def test_one_broken_row_of_many_writes_nothing(author: Any) -> None:
    rows = [written(stem="Good"), written(stem="")]
    with pytest.raises(items.CannotBeKept):
        items.write_items(bank=BankFactory(), rows=rows, by=author, at=NOW)
    with pytest.raises(items.CodeTaken):
        items.write_items(bank=BankFactory(), rows=[written(code="x"), written(code="x")], by=author, at=NOW)
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("state", "reviewed", "expected"),
    [
        ("draft", False, {"retired"}),
        ("retired", False, {"draft"}),
        ("reviewed", True, {"pilot", "live", "retired"}),
        ("live", True, {"pilot", "reviewed", "suspended", "retired"}),
        ("retired", True, {"reviewed", "pilot", "live", "suspended"}),
    ],
)
def test_where_an_item_may_go(state: str, reviewed: bool, expected: set[str]) -> None:
    item = ItemFactory(state=state) if reviewed else ItemFactory(state=state, reviewer=None)
    assert set(items.moves_of(item)) == expected
    for to in set(Item.State.values) - expected:
        with pytest.raises(items.NoSuchMove):
            items.change_state(item=item, to=to, by="test", at=NOW)


def test_a_retired_item_is_brought_back_before_it_is_written_on(new: ItemVersion, author: Any) -> None:
    items.change_state(item=new.item, to=Item.State.RETIRED, by=author, at=NOW)
    with pytest.raises(items.OutOfUse):
        revise(new, author, stem={"en": "Again"})
    items.change_state(item=new.item, to=Item.State.DRAFT, by=author, at=NOW)
    assert revise(new, author, stem={"en": "Again"}).stem == {"en": "Again"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(ItemKind))
def test_every_problem_is_said_in_words(kind: ItemKind, language: str) -> None:
    with translation.override(language):
        for code in ProblemCode:
            problem = queries.drafts.rules.Problem(code, "b", "programmers' words")
            said = items.problem_sentence(problem, draft(kind=kind))
            assert said
            assert "%(" not in said
            assert "programmers" not in said
    assert items.problem_sentence(queries.drafts.rules.Problem(ProblemCode.EMPTY_OPTION, "b"), draft()).startswith(
        "Option 2"
    )


def test_versions_reviewed_before_count_as_approved() -> None:
    live = ItemVersionFactory(written_by=None, approved_by=None, approved_at=None)
    waiting = ItemVersionFactory(item=ItemFactory(draft=True), written_by=None)
    ItemWriter.objects.all().delete()
    importlib.import_module("assessments.migrations.0005_approve_what_was_reviewed").fill(apps, connection)
    live.refresh_from_db()
    waiting.refresh_from_db()
    assert (live.approved_by, live.approved_at) == (live.item.reviewer, live.written_at)
    assert (waiting.approved_by, waiting.written_by) == (None, waiting.item.author)
    assert waiting.writers.get().person == waiting.item.author


def test_nothing_of_a_key_is_written_into_the_audit_trail(author: Any, reviewer: Any) -> None:
    told = written(
        key=["a"], rationale={"en": "KEY-7f3"}, options=(Choice("a", {"en": "KEY-7f3"}), Choice("b", {"en": "x"}))
    )
    version = items.write_item(bank=BankFactory(), written=told, by=author, at=NOW)
    approve(version, reviewer)
    revise(version, author, rationale={"en": "KEY-7f3 again"})
    assert "KEY-7f3" not in str(list(AuditEvent.objects.values()))
