"""The one step of the workflow: somebody who wrote none of it approves."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, Revision, TaskState


class SecondPairOfEyes(GroupApprovalTask):
    """Approval by a member of the group who made no revision since the text was last published.

    Nobody is above it: an administrator who wrote is refused like every other author.
    """

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    def is_author(self, obj: Any, user: Any) -> bool:
        """Tell whether `user` wrote any of what waits for approval."""
        revisions = Revision.objects.for_instance(obj)
        if obj.last_published_at:
            # By time, and the latest in any case: Wagtail's autosave may overwrite the published revision in place.
            since = revisions.filter(created_at__gt=obj.last_published_at)
            revisions = since | Revision.objects.filter(pk=obj.latest_revision_id)
        return revisions.filter(user_id=user.pk).exists()

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Return what `user` may do; menus, dashboard and the posted form all ask this."""
        return [] if self.is_author(obj, user) else super().get_actions(obj, user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Do it, whoever calls; raise PermissionDenied for an action that `get_actions` does not offer."""
        offered = {name for name, _label, _modal in self.get_actions(task_state.revision.content_object, user)}
        if action_name not in offered:
            raise PermissionDenied
        return super().on_action(task_state, user, action_name, **kwargs)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Keep authors out while it waits, reviewers among them, or they could change what is under review."""
        return super().locked_for_user(obj, user) or self.is_author(obj, user)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        own = [state.pk for state in states if self.is_author(state.revision.content_object, user)]
        return states.exclude(pk__in=own)

    @classmethod
    def get_description(cls) -> str:
        return str(_("A member of the group who wrote none of it approves or sends it back."))
