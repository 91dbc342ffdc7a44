"""What editing needs is there, once, with the rights each role has."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Site, Task, Workflow

from cms.models import CourseIndexPage, HomePage, PolicyIndexPage
from cms.setup import install_content_roles
from tests.factories.people import CentreFactory


def test_installing_twice_changes_nothing(editors: SimpleNamespace) -> None:
    def counts() -> list[int]:
        kinds = (Page, Workflow, Task, Group, GroupPagePermission, Site)
        return [kind.objects.count() for kind in kinds]

    before = counts()
    install_content_roles()
    assert counts() == before
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="en")


@pytest.mark.parametrize("kind", [HomePage, PolicyIndexPage, CourseIndexPage])
def test_each_standing_page_is_there_in_both_languages_as_translations(editors: SimpleNamespace, kind: type) -> None:
    pages = kind.objects.order_by("locale__language_code")
    assert [page.locale.language_code for page in pages] == ["en", "zh-hans"]
    assert len({page.translation_key for page in pages}) == 1
    assert all(page.live for page in pages)


def test_the_source_language_s_home_is_the_site_s(db: None) -> None:
    CentreFactory(source_language="zh-hans")
    install_content_roles()
    assert Site.objects.get().root_page.slug == "home"
    assert Site.objects.get().root_page.locale.language_code == "zh-hans"


def test_nobody_holds_a_right_to_publish(editors: SimpleNamespace) -> None:
    assert not Permission.objects.filter(codename__startswith="publish", group__isnull=False).exists()
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Approval by a second person"]


def test_editors_write_everywhere_and_reviewers_nowhere(editors: SimpleNamespace) -> None:
    for index in PolicyIndexPage.objects.all():
        assert index.permissions_for_user(editors.editor).can_edit()
        assert index.permissions_for_user(editors.editor).can_add_subpage()
        assert not index.permissions_for_user(editors.reviewer).can_edit()
    assert editors.editor.has_perm("matters.add_servicematter")
    assert editors.reviewer.has_perm("matters.view_bundle")
    assert not editors.reviewer.has_perm("matters.change_bundle")
