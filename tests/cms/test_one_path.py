"""Whichever way something is published, the record is made with it; where the record fails, nothing is published."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.models import PolicyIndexPage, PolicyPage
from cms.models.base import WorkflowOnly
from cms.tasks import publish_due
from tests.cms.conftest import browser
from tests.factories.cms import change, clause, policy_page, submit
from tests.factories.matters import matter_draft
from training.lib.publishing import Recorded
from training.matters.models import MatterVersion, PolicyVersion, ServiceMatter
from training.matters.viewsets import WorkflowOnlyPolicy


class RecordError(Exception):
    """The record cannot be written."""


Publish = Callable[[Any, SimpleNamespace], None]
LATER = timedelta(hours=2)


def by_revision(item: Any, editors: SimpleNamespace) -> None:
    item.get_latest_revision().publish(user=editors.reviewer, skip_permission_checks=True)


def by_approval(item: Any, editors: SimpleNamespace) -> None:
    """The reviewer's button in the list of what waits, which opens a dialog."""
    state = submit(item, by=editors.editor)
    browser(editors.reviewer).post(f"{action_address(item)}/approve/{state.pk}/")


def by_approval_in_the_editor(item: Any, editors: SimpleNamespace) -> None:
    submit(item, by=editors.editor)
    form = form_of(item) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    browser(editors.reviewer).post(edit_address(item), form)


def by_schedule(item: Any, editors: SimpleNamespace) -> None:
    item.go_live_at = timezone.now() + LATER
    item.save_revision(user=editors.editor)
    by_approval(item, editors)
    assert not type(item).objects.get(pk=item.pk).live
    run_the_schedule()


def run_the_schedule() -> None:
    """Run the tick when the time has come; Wagtail looks at the clock too."""
    with time_machine.travel(timezone.now() + 2 * LATER, tick=False):
        publish_due(now=timezone.now())


def by_the_button(item: Any, editors: SimpleNamespace) -> None:
    browser(editors.administrator).post(edit_address(item), form_of(item) | {"action-publish": "1"})


def by_going_back(item: Any, editors: SimpleNamespace) -> None:
    earlier = item.get_latest_revision().pk
    change(item, by=editors.editor)
    form = form_of(item) | {"action-publish": "1", "revision": str(earlier)}
    browser(editors.administrator).post(edit_address(item), form)


def in_bulk(item: Any, editors: SimpleNamespace) -> None:
    address = f"/cms/bulk/wagtailcore/page/publish/?id={item.pk}&next=/cms/"
    browser(editors.administrator).post(address, {"include_descendants": ""})


def edit_address(item: Any) -> str:
    if isinstance(item, ServiceMatter):
        return f"/cms/snippets/matters/servicematter/edit/{item.pk}/"
    return f"/cms/pages/{item.pk}/edit/"


def action_address(item: Any) -> str:
    if isinstance(item, ServiceMatter):
        return f"/cms/snippets/matters/servicematter/workflow/action/{item.pk}"
    return f"/cms/pages/workflow/action/{item.pk}"


def form_of(item: Any) -> dict[str, str]:
    return matter_form(item) if isinstance(item, ServiceMatter) else policy_form(item.clauses[0].id)


def policy_form(clause_id: str = "", slug: str = "queues") -> dict[str, str]:
    """The form of a policy as the factory writes it."""
    words = {"label": "Article 1", "heading": "", "text": "People wait in turn.", "grade": "notice", "chapter": ""}
    clauses = [("clause", {**words, "derived_from": {"count": "0"}})]
    facts = {"title": "Rules on Queues", "slug": slug, "issuer": "The centre", "effective_from": "2026-01-01"}
    rest = {"summary": "", "document_number": "", "expires_on": "", "go_live_at": "", "expire_at": "", "seo_title": ""}
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return nested_form_data({**facts, **rest, **comments, "clauses": streamfield(clauses)}) | {
        "clauses-0-id": clause_id
    }


def matter_form(matter: ServiceMatter) -> dict[str, str]:
    """The form of a matter without its rows."""
    texts = {
        f"{name}_{language}": getattr(matter, name).get(language.replace("_", "-"), "")
        for name in ("name", "service_object", "result", "fee")
        for language in ("en", "zh_hans")
    }
    numbers = {name: str(getattr(matter, name)) for name in ("statutory_days", "promised_days", "trips")}
    rows = {
        f"{relation}-{count}": value
        for relation in ("conditions", "materials", "steps", "systems", "questions", "legal_bases")
        for count, value in (
            ("TOTAL_FORMS", "0"),
            ("INITIAL_FORMS", "0"),
            ("MIN_NUM_FORMS", "0"),
            ("MAX_NUM_FORMS", "9"),
        )
    }
    facts = {
        name: getattr(matter, name)
        for name in (
            "code",
            "basic_code",
            "implementing_code",
            "kind",
            "online_depth",
            "statutory_unit",
            "promised_unit",
        )
    }
    return {
        **texts,
        **numbers,
        **rows,
        **facts,
        "department": str(matter.department_id),
        "go_live_at": "",
        "expire_at": "",
    }


@pytest.fixture
def policy(editors: SimpleNamespace) -> PolicyPage:
    return policy_page(by=editors.editor)


@pytest.fixture
def matter(editors: SimpleNamespace) -> ServiceMatter:
    matter = matter_draft()
    matter.save_revision(user=editors.editor)
    return matter


@pytest.fixture
def buttons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift the rule that nobody publishes directly, to see what the buttons behind it would do."""
    monkeypatch.setattr(WorkflowOnly, "can_publish", lambda tester: tester.user.is_superuser)
    monkeypatch.setattr(WorkflowOnly, "can_publish_subpage", lambda tester: tester.user.is_superuser)
    parent = WorkflowOnlyPolicy.__bases__[0]
    for name in ("user_has_permission", "user_has_any_permission", "users_with_any_permission"):
        monkeypatch.setattr(WorkflowOnlyPolicy, name, getattr(parent, name))


@pytest.fixture
def record_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RecordError

    monkeypatch.setattr("training.operations.services.audit.record_many", fail)


def publish(how: Publish, item: Any, editors: SimpleNamespace) -> None:
    """Publish; where our own code is called directly, its error comes to us and in a browser it is an answer."""
    with contextlib.suppress(RecordError):
        how(item, editors)


PAGE_PATHS = [by_revision, by_approval, by_approval_in_the_editor, by_schedule, by_the_button, by_going_back, in_bulk]
MATTER_PATHS = [by_revision, by_approval, by_approval_in_the_editor, by_schedule, by_the_button]


@pytest.mark.usefixtures("buttons")
@pytest.mark.parametrize("how", PAGE_PATHS)
def test_a_page_published_this_way_is_recorded(how: Publish, policy: PolicyPage, editors: SimpleNamespace) -> None:
    publish(how, policy, editors)
    assert PolicyPage.objects.get(pk=policy.pk).live
    assert PolicyVersion.objects.get().published_by in (editors.reviewer, editors.administrator)


@pytest.mark.usefixtures("buttons", "record_fails")
@pytest.mark.parametrize("how", PAGE_PATHS)
def test_a_page_whose_record_fails_is_not_published_this_way(
    how: Publish, policy: PolicyPage, editors: SimpleNamespace
) -> None:
    publish(how, policy, editors)
    now = PolicyPage.objects.get(pk=policy.pk)
    assert not now.live
    assert now.last_published_at is None
    assert not PolicyVersion.objects.exists()
    assert not PageLogEntry.objects.filter(page=policy.pk, action="wagtail.publish").exists()


@pytest.mark.usefixtures("record_fails")
def test_an_approval_whose_record_fails_still_waits(policy: PolicyPage, editors: SimpleNamespace) -> None:
    by_approval(policy, editors)
    now = PolicyPage.objects.get(pk=policy.pk)
    assert now.workflow_in_progress
    assert now.current_workflow_task_state.status == "in_progress"


@pytest.mark.usefixtures("buttons")
@pytest.mark.parametrize("how", MATTER_PATHS)
def test_a_matter_published_this_way_is_recorded(how: Publish, matter: ServiceMatter, editors: SimpleNamespace) -> None:
    publish(how, matter, editors)
    assert ServiceMatter.objects.get().live
    assert MatterVersion.objects.get().published_by in (editors.reviewer, editors.administrator)


@pytest.mark.usefixtures("buttons", "record_fails")
@pytest.mark.parametrize("how", MATTER_PATHS)
def test_a_matter_whose_record_fails_is_not_published_this_way(
    how: Publish, matter: ServiceMatter, editors: SimpleNamespace
) -> None:
    publish(how, matter, editors)
    assert not ServiceMatter.objects.get().live
    assert ServiceMatter.objects.get().last_published_at is None
    assert not MatterVersion.objects.exists()


def create_and_publish(editors: SimpleNamespace) -> None:
    parent = PolicyIndexPage.objects.get(locale__language_code="en")
    form = policy_form(slug="new") | {"action-publish": "1"}
    browser(editors.administrator).post(f"/cms/pages/add/cms/policypage/{parent.pk}/", form)


@pytest.mark.usefixtures("buttons")
def test_a_page_created_and_published_at_once_is_recorded(editors: SimpleNamespace) -> None:
    create_and_publish(editors)
    assert PolicyPage.objects.get(slug="new").live
    assert PolicyVersion.objects.get().policy.slug == "new"


@pytest.mark.usefixtures("buttons", "record_fails")
def test_a_page_created_and_published_at_once_does_not_exist_without_its_record(editors: SimpleNamespace) -> None:
    create_and_publish(editors)
    assert not PolicyPage.objects.filter(slug="new").exists()
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("how", [by_the_button, by_going_back, in_bulk])
def test_as_things_are_nobody_publishes_a_page_directly(
    how: Publish, policy: PolicyPage, editors: SimpleNamespace
) -> None:
    publish(how, policy, editors)
    assert not PolicyPage.objects.get(pk=policy.pk).live


def test_as_things_are_nobody_creates_a_published_page_or_publishes_a_matter_directly(
    editors: SimpleNamespace, matter: ServiceMatter
) -> None:
    create_and_publish(editors)
    by_the_button(matter, editors)
    assert not PolicyPage.objects.get(slug="new").live
    assert not ServiceMatter.objects.get().live


def test_wagtail_s_own_api_publishes_copies_and_aliases_nothing(policy: PolicyPage, editors: SimpleNamespace) -> None:
    client = browser(editors.administrator)
    assert client.post(f"/cms/api/main/pages/{policy.pk}/action/publish/").status_code == 403
    copy = {"new_title": "C", "new_slug": "copy", "new_parent_page": policy.get_parent().pk, "publish_copies": "on"}
    client.post(f"/cms/pages/{policy.pk}/copy/", copy)
    client.post(f"/cms/pages/{policy.pk}/copy/", copy | {"new_slug": "alias", "alias": "on"})
    assert not PolicyPage.objects.filter(live=True).exists()


def test_one_planned_publication_that_fails_does_not_keep_the_others_back(
    editors: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [policy_page(by=editors.editor, slug=f"p{number}") for number in range(3)]
    for page in pages:
        page.go_live_at = timezone.now() + LATER
        page.save_revision(user=editors.editor)
        by_approval(page, editors)
    original = Recorded.publish

    def fail_for_one(self: Any, revision: Revision, **options: Any) -> None:
        if self.pk == pages[0].pk:
            raise RuntimeError("broken")
        original(self, revision, **options)

    monkeypatch.setattr(Recorded, "publish", fail_for_one)
    run_the_schedule()
    assert [PolicyPage.objects.get(pk=page.pk).live for page in pages] == [False, True, True]
    monkeypatch.undo()
    run_the_schedule()
    assert PolicyPage.objects.get(pk=pages[0].pk).live


def test_what_was_planned_is_recorded_as_its_reviewer_s(policy: PolicyPage, editors: SimpleNamespace) -> None:
    by_schedule(policy, editors)
    assert PolicyVersion.objects.get().published_by == editors.reviewer


def test_nothing_is_published_before_its_time(policy: PolicyPage, editors: SimpleNamespace) -> None:
    policy.go_live_at = timezone.now() + LATER
    policy.save_revision(user=editors.editor)
    by_approval(policy, editors)
    publish_due(now=timezone.now())
    assert not PolicyPage.objects.get(pk=policy.pk).live


def test_what_has_expired_is_taken_down_and_its_record_stays(policy: PolicyPage, editors: SimpleNamespace) -> None:
    by_approval(policy, editors)
    PolicyPage.objects.filter(pk=policy.pk).update(expire_at=datetime(2026, 1, 1, tzinfo=UTC))
    publish_due(now=datetime(2026, 1, 2, tzinfo=UTC))
    now = PolicyPage.objects.get(pk=policy.pk)
    assert (now.live, now.expired) == (False, True)
    assert PolicyVersion.objects.count() == 1


def test_changing_what_is_live_and_failing_leaves_the_live_text(
    policy: PolicyPage, editors: SimpleNamespace, request: pytest.FixtureRequest
) -> None:
    by_approval(policy, editors)
    change(policy, by=editors.editor, title="Changed", clauses=[clause("Changed.")])
    request.getfixturevalue("record_fails")
    by_approval(policy, editors)
    assert PolicyPage.objects.get(pk=policy.pk).title == "Rules on Queues"
    assert PolicyVersion.objects.count() == 1
