"""An editor changes a clause, cannot let it through alone, and a reviewer approves; staff read the new version."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cms.models import PolicyPage
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.matters.models import ClauseVersion, PolicyVersion
from training.matters.models.policies import PolicyVersionQuerySet

pytestmark = pytest.mark.journey

SLUG, TITLE, CLAUSE = "one-time-notice-rules", "Rules on One-time Notice", "Article 6"
BEFORE = "does not replace this step"
AFTER = "The clerk asks the applicant to say in their own words what they will bring, and notes it on the slip."


def test_a_policy_goes_live_by_a_second_pair_of_eyes(arrive: Arrivals) -> None:
    page = PolicyPage.objects.get(slug=SLUG, locale__language_code="en")
    editor, reviewer = arrive("editor"), arrive("reviewer")
    editor.open(f"/policies/{SLUG}/")
    editor.sees(re.compile(BEFORE), "Version")

    write_and_submit(editor, page)
    nothing_to_approve(editor, page)
    assert versions().count() == 1

    approve(reviewer)
    latest = versions().latest("number")
    assert (latest.number, latest.effective_from) == (2, timezone.localdate())
    assert latest.published_by.staff_number == "reviewer"
    assert ClauseVersion.objects.filter(clause__policy=latest.policy, text__en=AFTER, number=2).count() == 1

    clerk = arrive("clerk")
    clerk.open(f"/policies/{SLUG}/")
    clerk.sees(AFTER)
    expect(clerk.page.get_by_role("main")).not_to_contain_text(BEFORE)
    expect(clerk.page.get_by_role("complementary", name="Facts")).to_contain_text(re.compile(r"Version\s*2"))


def versions() -> PolicyVersionQuerySet:
    return PolicyVersion.objects.filter(policy__slug=SLUG)


def write_and_submit(editor: Visitor, page: PolicyPage) -> None:
    editor.open(f"/cms/pages/{page.get_parent().pk}/")
    editor.follow(TITLE, exact=True)
    editor.page.get_by_label("In force from").fill(timezone.localdate().isoformat())
    text = editor.page.get_by_role("region", name=f"Clause {CLAUSE}", exact=True).get_by_label("Text")
    editor.tap(text)
    text.fill(AFTER)
    editor.tap(editor.page.get_by_role("button", name="More actions"))
    editor.press(re.compile("^Submit to"))
    editor.sees(f"Page '{TITLE}' has been submitted for moderation.")
    editor.open(f"/policies/{SLUG}/")
    editor.sees(re.compile(BEFORE))


def nothing_to_approve(editor: Visitor, page: PolicyPage) -> None:
    """Neither the screen nor a request made by hand lets the author approve."""
    editor.open("/cms/")
    expect(editor.page.get_by_role("main")).not_to_contain_text("Awaiting your review")
    editor.open(f"/cms/pages/{page.pk}/edit/")
    expect(editor.page.get_by_role("button", name=re.compile("[Aa]pprove"))).to_have_count(0)
    task = page.current_workflow_task_state
    token = next(one["value"] for one in editor.context.cookies() if one["name"] == "csrftoken")
    editor.context.request.post(
        f"/cms/pages/{page.pk}/workflow/action/approve/{task.pk}/",
        headers={"X-CSRFToken": token},
        fail_on_status_code=False,
    )
    task.refresh_from_db()
    assert task.status == task.STATUS_IN_PROGRESS
    editor.open("/desk/")


def approve(reviewer: Visitor) -> None:
    reviewer.open("/cms/")
    reviewer.sees("Awaiting your review")
    reviewer.follow(TITLE, exact=True)
    reviewer.tap(reviewer.page.get_by_role("button", name="More actions"))
    reviewer.press("Approve", exact=True)
    reviewer.sees(f"Page '{TITLE}' has been")
    expect(reviewer.page.get_by_role("main")).not_to_contain_text("permission")
    expect(reviewer.page.get_by_role("main")).not_to_contain_text("Awaiting your review")
