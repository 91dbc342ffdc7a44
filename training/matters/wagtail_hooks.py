"""Registers the screens of matters, bundles and clauses with Wagtail's back office."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from .models import Bundle, ServiceMatter
from .viewsets import ClauseChooserViewSet, MattersGroup, WorkflowOnlyPolicy

for kind in (ServiceMatter, Bundle):
    register_permission_policy(kind, WorkflowOnlyPolicy(kind))

register_snippet(MattersGroup)


@hooks.register("register_admin_viewset")
def clause_chooser() -> ClauseChooserViewSet:
    return ClauseChooserViewSet("clause_chooser")
