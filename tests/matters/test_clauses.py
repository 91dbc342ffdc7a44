"""A clause through all its texts: when each is in force, what differs, where it comes from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.setup import install_content_roles
from tests.factories.matters import clause_draft, policy_draft
from tests.factories.people import CentreFactory, UserFactory
from training.matters.queries import clause_history, compare_texts, policy_text
from training.matters.rules import State
from training.matters.services import PolicyDraft, publish_policy, translate_policy

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def publish(draft: PolicyDraft) -> None:
    publish_policy(draft=draft, language="en", by=None, at=AT)


def three_texts() -> PolicyDraft:
    """Return the last of three versions: past, in force, coming; its first clause is reworded each time."""
    kept = clause_draft("Nobody pays.", label="Article 2")
    draft = policy_draft(clause_draft("Wait in turn."), kept, effective_from=date(2026, 1, 1))
    for text, first in (("Wait in turn.", 1), ("Wait in the order of tickets.", 4), ("Wait at home.", 9)):
        draft = replace(
            draft, effective_from=date(2026, first, 1), clauses=[replace(draft.clauses[0], text=text), kept]
        )
        publish(draft)
    return draft


def test_what_each_text_is_on_a_day() -> None:
    draft = three_texts()
    history = clause_history(draft.slug, draft.clauses[0].uid, TODAY)
    assert history is not None
    assert [(one.number, one.state, one.first, one.last) for one in history.texts] == [
        (3, State.COMING, date(2026, 9, 1), None),
        (2, State.IN_FORCE, date(2026, 4, 1), date(2026, 8, 31)),
        (1, State.PAST, date(2026, 1, 1), date(2026, 3, 31)),
    ]
    assert history.now is history.texts[1]
    later = clause_history(draft.slug, draft.clauses[0].uid, date(2026, 10, 1))
    assert later is not None
    assert [one.state for one in later.texts] == [State.IN_FORCE, State.PAST, State.PAST]


def test_a_clause_that_does_not_change_is_in_force_all_the_time() -> None:
    draft = three_texts()
    history = clause_history(draft.slug, draft.clauses[1].uid, TODAY)
    assert history is not None
    (only,) = history.texts
    assert (only.policy_versions, only.first, only.last) == ([1, 2, 3], date(2026, 1, 1), None)
    assert only.state is State.IN_FORCE
    assert not history.is_gone


def test_a_clause_left_out_is_gone_and_its_text_ends() -> None:
    draft = three_texts()
    publish(replace(draft, effective_from=date(2026, 11, 1), clauses=[draft.clauses[0]]))
    history = clause_history(draft.slug, draft.clauses[1].uid, TODAY)
    assert history is not None
    assert history.is_gone
    assert history.texts[0].last == date(2026, 10, 31)


def test_two_texts_are_compared_word_by_word_and_chinese_by_signs() -> None:
    draft = three_texts()
    history = clause_history(draft.slug, draft.clauses[0].uid, TODAY)
    assert history is not None
    ((name, found),) = compare_texts(history.texts[2], history.texts[1])
    assert name == "text"
    assert [(one.text, one.change) for one in found if one.change] == [("turn", "del"), ("the order of tickets", "ins")]
    assert compare_texts(history.texts[1], history.texts[1]) == []


def test_where_a_clause_comes_from_and_what_came_of_it_across_policies() -> None:
    old = policy_draft(clause_draft("One. Two."), title="Old rules")
    publish(old)
    key = f"{old.slug}/{old.clauses[0].uid}"
    new = policy_draft(clause_draft("Two.", uid=uuid4(), derived_from=[key]), title="New rules")
    publish(new)
    child = clause_history(new.slug, new.clauses[0].uid, TODAY)
    parent = clause_history(old.slug, old.clauses[0].uid, TODAY)
    assert child is not None
    assert parent is not None
    assert [one.policy for one in child.comes_from] == ["Old rules"]
    assert [one.policy for one in parent.went_into] == ["New rules"]


def test_a_policy_is_read_in_any_of_its_versions() -> None:
    draft = three_texts()
    now = policy_text(draft.uid, TODAY)
    assert now is not None
    assert (now.number, now.in_force, [one.state for one in now.versions]) == (
        2,
        True,
        [State.COMING, State.IN_FORCE, State.PAST],
    )
    coming = policy_text(draft.uid, TODAY, 3)
    assert coming is not None
    assert (coming.clauses[0].text, coming.in_force) == ("Wait at home.", False)
    assert policy_text(draft.uid, TODAY, 9) is None


def test_chapters_are_read_and_a_changed_one_makes_a_version() -> None:
    draft = policy_draft(clause_draft("Wait.", chapter="Chapter 1"))
    publish(draft)
    publish(draft)
    chinese = replace(draft, clauses=[replace(draft.clauses[0], text="等候。", chapter="第一章")])
    translate_policy(draft=chinese, language="zh-hans", by=None, at=AT)
    publish(replace(draft, summary="Another summary."))
    second = policy_text(draft.uid, TODAY)
    assert second is not None
    assert (second.number, second.clauses[0].chapter) == (2, "Chapter 1")
    publish(replace(draft, clauses=[replace(draft.clauses[0], chapter="Chapter I")]))
    third = policy_text(draft.uid, TODAY)
    assert third is not None
    assert (third.number, third.clauses[0].chapter) == (3, "Chapter I")


def test_the_page_of_a_clause(db: None) -> None:
    CentreFactory()
    install_content_roles()
    draft = three_texts()
    client = Client()
    client.force_login(UserFactory())
    address = f"/policies/{draft.slug}/clauses/{draft.clauses[0].uid}/"

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    with time_machine.travel(datetime(2026, 6, 1, 4, tzinfo=UTC), tick=False):
        shown = client.get(address).content.decode()
        assert "<del>" in shown  # the last two texts, unless others are asked for
        compared = client.get(f"{address}?old=1&new=2").content.decode()
        assert "<del>turn</del>" in compared
        assert client.get(f"{address}?old=77&new=x").status_code == 200
        assert queries(address) == queries(f"/policies/{draft.slug}/clauses/{draft.clauses[1].uid}/")
        assert "Who depends on it" not in shown
        assert client.get(f"/policies/{draft.slug}/clauses/{uuid4()}/").status_code == 404
