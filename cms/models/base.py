"""What all our pages have in common: nobody publishes them directly, and what is published is recorded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page, PagePermissionTester

from training.lib.publishing import Recorded


class WorkflowOnly(PagePermissionTester):
    """What a person may do with a page: never publish it directly, administrators included.

    Wagtail's button, its admin API, bulk publishing, copying as published and aliases all ask here.
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return self.user.is_active and (self.user.is_superuser or "publish" in self.permissions)

    def can_set_view_restrictions(self) -> bool:
        return self.can_unschedule()


class WorkflowOnlyPage(Page):
    """A page that goes live through the workflow alone."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return WorkflowOnly(user, self)


class RecordedPage(Recorded, WorkflowOnlyPage):
    """A page whose publication is frozen into a record; the subclass names the freezer."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse another address once published, or another than the source page's: records and links hold on to it."""
        super().clean()
        kept = (
            type(self)
            .objects.filter(translation_key=self.translation_key, first_published_at__isnull=False)
            .order_by("first_published_at")
            .values_list("slug", flat=True)
            .first()
        )
        if kept is not None and self.slug != kept:
            raise ValidationError(
                {"slug": _("The address stays as it was first published: %(slug)s.") % {"slug": kept}}
            )
