"""The editor's screens for service matters and bundles, and the chooser of clauses."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from training.lib.access import allow, roles
from training.people.models import Role

from .models import Bundle, ClauseVersion, ServiceMatter
from .queries import newest_clauses

EDITING = roles(Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR)


class WorkflowOnlyPolicy(ModelPermissionPolicy):
    """Who may add and change as the model's permissions say; nobody publishes directly, administrators included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "publish" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"publish"})

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return super().users_with_any_permission(set(actions) - {"publish"})


@method_decorator(allow(EDITING), name="dispatch")
class ReviewableEditView(EditView):
    """Editing. An act of the workflow is about what was submitted: the form is not saved with it.

    Saving would make whoever approves an author, and Wagtail takes some forms for changed that nobody touched. What a
    reviewer does change is saved before, as a draft of theirs.
    """

    def save_instance(self) -> Any:
        if self.action == "workflow-action":
            self.new_revision = None
            return self.object
        return super().save_instance()


def rows(relation: str, heading: Any, *fields: str) -> InlinePanel:
    """Return the panel of a matter's or bundle's rows with those fields."""
    return InlinePanel(relation, panels=[FieldPanel(name) for name in fields], heading=heading, label=heading)


class ServiceMatterViewSet(SnippetViewSet):
    model = ServiceMatter
    edit_view_class = ReviewableEditView
    icon = "tasks"
    menu_label = _("Service matters")
    list_display = ["name", "code", "department", "live"]
    list_filter = ["department", "kind"]
    search_fields = ["name", "code", "basic_code"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("code"),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("department")]),
                FieldRowPanel([FieldPanel("basic_code"), FieldPanel("implementing_code")]),
                FieldPanel("service_object"),
                FieldPanel("result"),
                FieldPanel("fee"),
                FieldRowPanel([FieldPanel("statutory_days"), FieldPanel("statutory_unit")]),
                FieldRowPanel([FieldPanel("promised_days"), FieldPanel("promised_unit")]),
                FieldRowPanel([FieldPanel("online_depth"), FieldPanel("trips")]),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("until")]),
            ],
            heading=_("Facts"),
        ),
        rows("conditions", _("Conditions"), "text"),
        rows("materials", _("Materials"), "name", "need", "form", "copies", "source", "acceptance", "filling"),
        rows("steps", _("Steps"), "name", "role", "limit_days", "limit_unit", "criteria", "result"),
        rows("legal_bases", _("Legal basis"), "clause_version"),
        rows("questions", _("Questions and answers"), "question", "answer"),
        rows("systems", _("Business systems"), "name", "is_double_entry", "note"),
    ]


class BundleViewSet(SnippetViewSet):
    model = Bundle
    edit_view_class = ReviewableEditView
    icon = "list-ul"
    menu_label = _("Bundles")
    list_display = ["name", "code", "lead_department", "live"]
    search_fields = ["name", "code"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("summary"),
                FieldPanel("code"),
                FieldPanel("lead_department"),
                *(
                    FieldRowPanel([FieldPanel(f"{figure}_before"), FieldPanel(f"{figure}_after")])
                    for figure in ("days", "trips", "materials", "steps")
                ),
            ],
            heading=_("Facts"),
        ),
        rows("materials", _("Materials, handed in once"), "name", "used_by"),
        rows("steps", _("Steps of the applicant"), "name"),
        rows(
            "members",
            _("Members"),
            "matter",
            "department",
            "depends_on",
            "starts_on_day",
            "ends_on_day",
            "hand_off_in",
            "hand_off_out",
            "answers_if_late",
        ),
    ]


class MattersGroup(SnippetViewSetGroup):
    """One entry of the menu for what is not a page."""

    items = (ServiceMatterViewSet, BundleViewSet)
    menu_label = _("Matters")
    menu_icon = "tasks"
    menu_order = 150


class NewestClauses:
    """What may be chosen: each clause as it reads now, with its policy."""

    def get_object_list(self) -> QuerySet[ClauseVersion]:
        return newest_clauses()

    @property
    def columns(self) -> list[Column]:
        policy = Column("policy", label=_("Policy"), accessor=lambda version: version.clause.policy)
        return [*super().columns, policy]  # type: ignore[misc]  # of Wagtail's view beside it


@method_decorator(allow(EDITING), name="dispatch")
class ChooseClauseView(NewestClauses, ChooseView):
    """The dialog in which a clause is chosen."""


@method_decorator(allow(EDITING), name="dispatch")
class ChooseClauseResultsView(NewestClauses, ChooseResultsView):
    """Its list, when pages are turned."""


class ClauseChooserViewSet(ChooserViewSet):
    model = ClauseVersion
    choose_view_class = ChooseClauseView
    choose_results_view_class = ChooseClauseResultsView
    icon = "clipboard-list"
    choose_one_text = _("Choose a clause")
    choose_another_text = _("Choose another clause")
    per_page = 20
