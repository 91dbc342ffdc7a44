"""Wagtail's back office: our page screens, and nothing of users and groups, which HR keeps elsewhere."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .viewsets import CoursePageViewSet, LessonPageViewSet, PolicyPageViewSet, RecordedPageViewSet

# Wagtail's help leads to its own documentation on the Internet.
HIDDEN = frozenset({"help"})


class NobodyPolicy(ModelPermissionPolicy):
    """Nobody, administrators included: staff and their roles are kept under People, with their audit trail."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return False

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return False


# Here and not in ready(): wagtail.users registers its own policies there, after ours.
for kept_elsewhere in (get_user_model(), Group):
    register_permission_policy(kept_elsewhere, NobodyPolicy(kept_elsewhere))


@hooks.register("register_admin_viewset")
def page_screens() -> list[RecordedPageViewSet]:
    return [PolicyPageViewSet("policy_pages"), CoursePageViewSet("course_pages"), LessonPageViewSet("lesson_pages")]


@hooks.register("insert_global_admin_css")
def our_colour() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/back-office.css"))


@hooks.register("construct_main_menu")
def without_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN]
