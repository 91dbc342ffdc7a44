"""Wagtail's back office: our page screens, and nothing of users and groups, which HR keeps elsewhere."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.site_summary import PagesSummaryItem, SummaryItem
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.rich_text.feature_registry import FeatureRegistry

from training.matters.models import ServiceMatter
from training.matters.queries import policy_address

from .clause_links import ENTITY, FEATURE, ClauseLink, ClauseLinkReader, written_link
from .models import LessonPage, PolicyPage
from .queries import Citing, old_in_lesson, old_in_matter
from .viewsets import CoursePageViewSet, LessonPageViewSet, PolicyPageViewSet, RecordedPageViewSet

# Wagtail's help leads to its own documentation on the Internet; what lessons show stands under "Files of lessons".
HIDDEN = frozenset({"help", "images", "documents"})


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


@hooks.register("register_rich_text_features")
def links_to_clauses(features: FeatureRegistry) -> None:
    """Let words of running text lead to a clause."""
    facts = {
        "type": ENTITY,
        "icon": "clipboard-list",
        "description": gettext_lazy("Link to a clause"),
        "attributes": ["id", "url", "label"],
        "chooserUrls": {"clauseChooser": reverse_lazy("cms:choose_clause")},
    }
    features.register_link_type(ClauseLink)
    features.register_editor_plugin("draftail", FEATURE, EntityFeature(facts, js=["cms/clause-link.js"]))
    rules = {
        "from_database_format": {f'a[linktype="{ClauseLink.identifier}"]': ClauseLinkReader(ENTITY)},
        "to_database_format": {"entity_decorators": {ENTITY: written_link}},
    }
    features.register_converter_rule("contentstate", FEATURE, rules)


@hooks.register("insert_global_admin_css")
def our_colour() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/back-office.css"))


@hooks.register("construct_main_menu")
def without_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN]


@hooks.register("construct_homepage_summary_items", order=1000)  # after those that add theirs
def of_pages_alone(request: HttpRequest, summary_items: list[SummaryItem]) -> None:
    summary_items[:] = [item for item in summary_items if isinstance(item, PagesSummaryItem)]


@hooks.register("register_admin_menu_item")
def files_of_lessons() -> MenuItem:
    return MenuItem(gettext_lazy("Files of lessons"), reverse("cms:lesson_files"), icon_name="image", order=310)


@hooks.register("before_edit_page")
def tell_of_page(request: HttpRequest, page: Page) -> None:
    """Mark what a lesson cites that reads differently now; lead from a policy to its clauses."""
    if request.method != "GET":
        return
    if isinstance(page.specific, LessonPage):
        _tell_old(request, old_in_lesson(page.specific), _("Publish the lesson again to bring the new wording in."))
    if isinstance(page.specific, PolicyPage) and page.live:
        read = messages.button(policy_address(page.slug), _("Clauses and who depends on them"))
        taken = messages.button(reverse("cms:policy_imports"), _("Take in a text"))
        messages.info(request, _("Each clause of the published policy leads to its history."), buttons=[read, taken])


@hooks.register("before_edit_snippet")
def tell_of_snippet(request: HttpRequest, instance: Any) -> None:
    """Mark what a service matter rests on that reads differently now."""
    if request.method == "GET" and isinstance(instance, ServiceMatter):
        _tell_old(
            request, old_in_matter(instance), _("Choose the clause anew under Legal basis once you have checked it.")
        )


def _tell_old(request: HttpRequest, rows: list[Citing], what: str) -> None:
    """Say which clauses are gone, stale or reworded, and what mends it, with a way to each."""
    if rows:
        named = _(", ").join(f"{row.clause} ({row.state_label})" for row in rows)
        said = _("Cited clauses to look at: %(names)s.") % {"names": named}
        buttons = [messages.button(row.clause_url, row.clause) for row in rows[:5]]
        messages.warning(request, f"{said} {what}", buttons=buttons)
