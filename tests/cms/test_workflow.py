"""Editors submit, somebody else approves; nobody goes round it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cms.models import PolicyPage, SecondPairOfEyes
from tests.cms.conftest import browser
from tests.cms.test_one_path import edit_address, form_of, policy_form
from tests.factories.cms import approve, change, clause, policy_page, submit
from tests.factories.matters import matter_draft
from training.matters.models import ServiceMatter


def post_approval(person: object, item: Any, state: Any, action: str = "approve") -> None:
    kind = "snippets/matters/servicematter" if isinstance(item, ServiceMatter) else "pages"
    browser(person).post(f"/cms/{kind}/workflow/action/{item.pk}/{action}/{state.pk}/", {"comment": "Mend the title."})


@pytest.fixture(params=["page", "matter"])
def written_by(request: pytest.FixtureRequest, editors: SimpleNamespace) -> Any:
    """A function that returns something drafted by a person: a page or a matter."""

    def write(person: object) -> Any:
        if request.param == "page":
            return policy_page(by=person)
        matter = matter_draft()
        matter.save_revision(user=person)
        return matter

    return write


def is_live(item: Any) -> bool:
    return type(item).objects.get(pk=item.pk).live


def test_a_reviewer_approves_what_an_editor_wrote(written_by: Any, editors: SimpleNamespace) -> None:
    item = written_by(editors.editor)
    post_approval(editors.reviewer, item, submit(item, by=editors.editor))
    assert is_live(item)


@pytest.mark.parametrize("author", ["both", "administrator"])
def test_an_author_cannot_approve_not_even_by_a_posted_form(
    written_by: Any, editors: SimpleNamespace, author: str
) -> None:
    person = getattr(editors, author)
    item = written_by(person)
    state = submit(item, by=person)
    post_approval(person, item, state)
    form = form_of(item) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    browser(person).post(edit_address(item), form)
    with pytest.raises(PermissionDenied):
        SecondPairOfEyes.objects.get().on_action(state, person, "approve")
    assert not is_live(item)
    post_approval(editors.reviewer, item, state)
    assert is_live(item)


def test_an_editor_who_is_no_reviewer_cannot_approve_another_s_text(written_by: Any, editors: SimpleNamespace) -> None:
    item = written_by(editors.both)
    post_approval(editors.editor, item, submit(item, by=editors.both))
    assert not is_live(item)


def test_an_administrator_approves_what_others_wrote(written_by: Any, editors: SimpleNamespace) -> None:
    item = written_by(editors.editor)
    post_approval(editors.administrator, item, submit(item, by=editors.editor))
    assert is_live(item)


def test_whoever_wrote_an_earlier_version_may_approve_a_later_one(editors: SimpleNamespace) -> None:
    page = approve(policy_page(by=editors.both), editors=editors)
    change(page, by=editors.editor, title="Better rules")
    post_approval(editors.both, page, submit(page, by=editors.editor))
    assert PolicyPage.objects.get().title == "Better rules"


def test_everybody_who_had_a_hand_in_it_since_the_last_publication_is_an_author(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.both)
    change(page, by=editors.editor, title="Better rules")
    state = submit(page, by=editors.editor)
    post_approval(editors.both, page, state)
    assert not is_live(page)


def test_a_reviewer_who_changes_the_text_becomes_its_author(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.editor)
    state = submit(page, by=editors.editor)
    form = policy_form(page.clauses[0].id) | {"title": "Mine now"}
    browser(editors.reviewer).post(edit_address(page), form)
    assert PolicyPage.objects.get().get_latest_revision().user == editors.reviewer
    post_approval(editors.reviewer, page, state)
    assert not is_live(page)


def test_approving_in_the_editor_is_about_what_was_submitted(written_by: Any, editors: SimpleNamespace) -> None:
    item = written_by(editors.editor)
    submit(item, by=editors.editor)
    changed = {"issuer": "Somebody else", "promised_days": "4"}
    form = form_of(item) | changed | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    browser(editors.reviewer).post(edit_address(item), form)
    live = type(item).objects.get(pk=item.pk)
    assert live.live
    assert getattr(live, "issuer", "The centre") == "The centre"
    assert getattr(live, "promised_days", 1) == 1
    assert live.latest_revision.user == editors.editor


def test_an_author_cannot_change_what_waits_for_approval(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.both)
    submit(page, by=editors.both)
    form = policy_form(page.clauses[0].id) | {"title": "Slipped in"}
    browser(editors.both).post(edit_address(page), form)
    assert PolicyPage.objects.get().get_latest_revision_as_object().title == "Rules on Queues"


def test_what_waits_is_listed_for_reviewers_but_not_for_its_authors(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.both, title="Rules waiting")
    submit(page, by=editors.both)
    task = SecondPairOfEyes.objects.get()
    assert task.get_task_states_user_can_moderate(editors.reviewer).count() == 1
    assert not task.get_task_states_user_can_moderate(editors.both).exists()
    assert "Rules waiting" in browser(editors.reviewer).get("/cms/").content.decode()


def test_a_refused_text_goes_back_and_may_be_submitted_again(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.editor)
    post_approval(editors.reviewer, page, submit(page, by=editors.editor), action="reject")
    assert PolicyPage.objects.get().current_workflow_state.status == "needs_changes"
    change(page, by=editors.both, clauses=[clause("Wait, sitting.")])
    PolicyPage.objects.get().current_workflow_state.resume(user=editors.both)
    state = PolicyPage.objects.get().current_workflow_task_state
    post_approval(editors.both, page, state)
    assert not is_live(page)
    post_approval(editors.other_reviewer, page, state)
    assert is_live(page)


def test_a_direct_publication_over_a_running_workflow_leaves_it_running(editors: SimpleNamespace) -> None:
    page = policy_page(by=editors.editor)
    submit(page, by=editors.editor)
    form = policy_form(page.clauses[0].id) | {"action-publish": "1"}
    browser(editors.administrator).post(edit_address(page), form)
    assert not is_live(page)
    assert PolicyPage.objects.get().workflow_in_progress
