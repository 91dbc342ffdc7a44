"""Service matters and bundles become records."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.factories.matters import bundle_draft, clause_draft, matter_draft, policy_draft, texts
from tests.factories.people import CentreFactory
from training.matters.models import LegalBasis, MatterVersion, ServiceMatter
from training.matters.queries import latest_matter, legal_basis
from training.matters.services import freeze_bundle, freeze_matter, publish_policy
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _centre() -> None:
    CentreFactory()


def freeze(matter: ServiceMatter) -> MatterVersion:
    return freeze_matter(matter, by=None, at=AT)


def test_a_version_holds_the_facts_and_every_row() -> None:
    matter = matter_draft()
    content = freeze(matter).content
    assert content["promised_days"] == 1
    assert content["department"] == {"code": matter.department.code, "name": matter.department.name}
    assert content["conditions"] == [texts("Lives here", "在本地居住")]
    assert content["materials"][0]["need"] == "secondary"
    assert content["steps"][0]["limit_days"] == 0.5
    assert content["questions"][0]["answer"] == texts("Once.", "一次。")


def test_a_version_stays_as_it_was_when_the_matter_changes() -> None:
    matter = matter_draft()
    first = freeze(matter)
    matter.promised_days = 3
    second = freeze(matter)
    first.refresh_from_db()
    assert (first.number, first.content["promised_days"]) == (1, 1)
    assert (second.number, second.content["promised_days"]) == (2, 3)


def test_a_translation_makes_no_version_but_is_added() -> None:
    matter = matter_draft(name=texts("Change of address"))
    first = freeze(matter)
    matter.name = texts("Change of address", "住址变更")
    row = matter.conditions.get()
    row.text = {**row.text, "zh-hans": "住在本地"}
    matter.conditions = [row]
    again = freeze(matter)
    assert again == first
    assert again.name["zh-hans"] == "住址变更"
    assert again.content["conditions"][0]["zh-hans"] == "住在本地"
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == [
        "matters.matter_published",
        "matters.matter_translated",
    ]


def test_publishing_the_same_again_writes_nothing() -> None:
    matter = matter_draft()
    assert freeze(matter) == freeze(matter)
    assert AuditEvent.objects.count() == 1


def test_the_clauses_a_version_rests_on_are_found_from_both_sides() -> None:
    clause = publish_policy(
        draft=policy_draft(clause_draft("Wait in turn.")), language="en", by=None, at=AT
    ).placements.get()
    version = freeze(matter_draft(cites=(clause.clause_version,)))
    assert list(clause.clause_version.matter_versions.all()) == [version]
    assert legal_basis(version) == [(clause.policy_version, clause.clause_version)]
    uid = str(clause.clause_version.clause.uid)
    assert version.content["clauses"] == [{"policy": clause.policy_version.policy.slug, "clause": uid, "version": 1}]


def test_resting_on_a_newer_version_of_a_clause_is_a_change() -> None:
    clause = clause_draft("Wait in turn.")
    draft = policy_draft(clause)
    old = publish_policy(draft=draft, language="en", by=None, at=AT).placements.get().clause_version
    matter = matter_draft(cites=(old,))
    freeze(matter)
    changed = replace(draft, clauses=[replace(clause, text="Wait sitting.")])
    new = publish_policy(draft=changed, language="en", by=None, at=AT).placements.get().clause_version
    matter.legal_bases = [LegalBasis(clause_version=new)]
    assert freeze(matter).number == 2


def test_a_bundle_keeps_its_members_in_order_and_what_they_wait_for() -> None:
    first, second = matter_draft(code="a"), matter_draft(code="b")
    bundle = bundle_draft((first, 1, 1), (second, 2, 3))
    content = freeze_bundle(bundle, by=None, at=AT).content
    assert [(one["matter"], one["first_day"], one["last_day"], one["depends_on"]) for one in content["members"]] == [
        ("a", 1, 1, []),
        ("b", 2, 3, ["a"]),
    ]
    assert content["figures"]["days"] == {"before": 20, "after": 5}
    bundle.name = {**bundle.name, "zh-hans": "新生儿一件事"}
    freeze_bundle(bundle, by=None, at=AT)
    told = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(told) == ["matters.bundle_published", "matters.bundle_translated"]


def test_only_what_is_live_is_found_by_its_code() -> None:
    matter = matter_draft()
    version = freeze(matter)
    assert latest_matter("move") is None
    ServiceMatter.objects.update(live=True)
    assert latest_matter("move") == version
