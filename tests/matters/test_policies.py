"""Policies become records: versions, clauses that keep their identity, translations, what is in force."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.utils import translation

from tests.factories.matters import clause_draft, policy_draft
from training.matters.models import Clause, ClauseVersion, Policy, PolicyVersion
from training.matters.queries import cited_clause, clause_choices, newest_clauses, policies_on, policy_text
from training.matters.services import PolicyDraft, PublishingError, publish_policy, translate_policy
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)


def publish(draft: PolicyDraft) -> PolicyVersion:
    return publish_policy(draft=draft, language="en", by=None, at=AT)


def test_the_first_publication_makes_version_one_with_its_clauses_in_order() -> None:
    first, second = clause_draft("Wait in turn."), clause_draft("Take a ticket.", label="Article 2")
    version = publish(policy_draft(first, second))
    assert version.number == 1
    assert [str(placed.clause_version.clause.uid) for placed in version.placements.all()] == [
        str(first.uid),
        str(second.uid),
    ]
    assert AuditEvent.objects.get().action == "matters.policy_published"


def test_publishing_the_same_again_makes_no_version() -> None:
    draft = policy_draft(clause_draft("Wait in turn."))
    assert publish(draft) == publish(draft)
    assert AuditEvent.objects.count() == 1


def test_a_changed_clause_gets_a_version_and_the_others_keep_theirs() -> None:
    kept, changed = clause_draft("Wait in turn."), clause_draft("Take a ticket.", label="Article 2")
    draft = policy_draft(kept, changed)
    publish(draft)
    second = publish(replace(draft, clauses=[kept, replace(changed, text="Take two tickets.", grade="retrain")]))
    assert second.number == 2
    assert [(placed.clause_version.number, placed.clause_version.grade) for placed in second.placements.all()] == [
        (1, "notice"),
        (2, "retrain"),
    ]
    assert Clause.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Rules on Waiting"},
        {"issuer": "The district"},
        {"summary": "Other words."},
        {"effective_from": date(2026, 2, 1)},
        {"expires_on": date(2027, 1, 1)},
        {"document_number": "No. 2"},
    ],
)
def test_a_changed_fact_makes_a_version(change: dict[str, object]) -> None:
    draft = policy_draft(clause_draft("Wait in turn."))
    publish(draft)
    assert publish(replace(draft, **change)).number == 2


def test_another_order_and_a_clause_left_out_make_versions_but_no_clause_versions() -> None:
    first, second = clause_draft("Wait in turn."), clause_draft("Take a ticket.", label="Article 2")
    draft = policy_draft(first, second)
    publish(draft)
    assert publish(replace(draft, clauses=[second, first])).number == 2
    assert publish(replace(draft, clauses=[second])).number == 3
    assert ClauseVersion.objects.count() == 2


def test_a_translation_adds_its_texts_to_the_same_version() -> None:
    clause = clause_draft("Wait in turn.")
    draft = policy_draft(clause)
    version = publish(draft)
    chinese = replace(draft, title="排队规定", clauses=[replace(clause, label="第一条", text="依次等候。")])
    assert translate_policy(draft=chinese, language="zh-hans", by=None, at=AT) == version
    version.refresh_from_db()
    assert version.title == {"en": "Rules on Queues", "zh-hans": "排队规定"}
    assert ClauseVersion.objects.get().text == {"en": "Wait in turn.", "zh-hans": "依次等候。"}
    assert AuditEvent.objects.get(action="matters.policy_translated").after == {"language": "zh-hans"}
    assert publish(draft) == version


def test_a_translation_does_not_outlive_the_text_it_translates() -> None:
    clause = clause_draft("Wait in turn.")
    draft = policy_draft(clause)
    publish(draft)
    translate_policy(
        draft=replace(draft, title="排队规定", clauses=[replace(clause, text="依次等候。")]),
        language="zh-hans",
        by=None,
        at=AT,
    )
    version = publish(replace(draft, clauses=[replace(clause, text="Wait on the chairs.")]))
    assert version.title["zh-hans"] == "排队规定"
    assert version.placements.get().clause_version.text == {"en": "Wait on the chairs."}


def test_a_translation_needs_a_version_and_no_clauses_of_its_own() -> None:
    draft = policy_draft(clause_draft("Wait in turn."))
    with pytest.raises(PublishingError, match="source language first"):
        translate_policy(draft=draft, language="zh-hans", by=None, at=AT)
    publish(draft)
    strange = replace(draft, clauses=[clause_draft("多出来的", label="第九条")])
    with pytest.raises(PublishingError, match="第九条"):
        translate_policy(draft=strange, language="zh-hans", by=None, at=AT)


def test_a_copied_policy_is_another_one_though_its_clauses_have_the_same_ids() -> None:
    clause = clause_draft("Wait in turn.")
    publish(policy_draft(clause))
    publish(policy_draft(clause))
    assert Policy.objects.count() == Clause.objects.count() == 2


def test_an_address_belongs_to_one_policy_for_good() -> None:
    publish(policy_draft(clause_draft("Wait in turn."), slug="queues"))
    with pytest.raises(PublishingError, match="queues"):
        publish(policy_draft(clause_draft("Wait."), slug="queues"))


def test_two_clauses_of_one_identity_are_refused() -> None:
    clause = clause_draft("Wait in turn.")
    with pytest.raises(PublishingError, match="same identity"):
        publish(policy_draft(clause, clause))


def test_what_is_in_force_is_a_question_of_dates() -> None:
    draft = policy_draft(clause_draft("Wait in turn."), effective_from=date(2026, 1, 1), expires_on=date(2026, 12, 31))
    publish(draft)
    publish(replace(draft, effective_from=date(2026, 6, 1), expires_on=date(2026, 12, 31)))
    in_force = {day: [policy.number for policy in policies_on(day)] for day in map(date.fromisoformat, (
        "2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01", "2026-12-31", "2027-01-01"
    ))}  # fmt: skip
    assert list(in_force.values()) == [[], [1], [1], [2], [2], []]


def test_the_page_shows_what_is_in_force_and_names_what_is_coming() -> None:
    draft = policy_draft(clause_draft("Wait in turn."))
    publish(draft)
    publish(replace(draft, effective_from=date(2026, 6, 1)))
    before, after = policy_text(draft.uid, date(2026, 5, 1)), policy_text(draft.uid, date(2026, 7, 1))
    assert (before.number, before.in_force, before.coming) == (1, True, date(2026, 6, 1))
    assert (after.number, after.in_force, after.coming) == (2, True, None)
    early = policy_text(draft.uid, date(2025, 1, 1))
    assert (early.number, early.in_force) == (1, False)
    assert policy_text(uuid4(), date(2026, 5, 1)) is None


def test_a_clause_is_cited_by_its_key_and_found_in_its_newest_words() -> None:
    clause = clause_draft("Wait in turn.")
    draft = policy_draft(clause, slug="queues")
    publish(draft)
    newest = publish(replace(draft, clauses=[replace(clause, text="Wait on the chairs.")])).placements.get()
    key = f"queues/{clause.uid}"
    assert clause_choices() == [("Rules on Queues", [(key, "Article 1")])]
    assert cited_clause(key) == newest.clause_version
    assert list(newest_clauses()) == [newest.clause_version]
    assert cited_clause("queues/nonsense") is None
    assert cited_clause(f"queues/{uuid4()}") is None


def test_clauses_are_offered_in_the_reader_s_language() -> None:
    clause = clause_draft("Wait in turn.")
    draft = policy_draft(clause)
    publish(draft)
    chinese = replace(draft, title="排队规定", clauses=[replace(clause, label="第一条")])
    translate_policy(draft=chinese, language="zh-hans", by=None, at=AT)
    with translation.override("zh-hans"):
        ((policy, [(_key, words)]),) = clause_choices()
    assert (policy, words) == ("排队规定", "第一条")
