"""What all our pages have in common: nobody publishes them directly, and what is published is recorded."""

from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page, PagePermissionTester

from training.lib.names import address_of, has_ideographs
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


class RecordedPageForm(WagtailAdminPageForm):
    """What editors fill in; an empty address is made of the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


class RecordedPage(Recorded, WorkflowOnlyPage):
    """A page whose publication is frozen into a record; the subclass names the freezer."""

    class Meta:
        abstract = True

    base_form_class = RecordedPageForm

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._address()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._address()
        super().minimal_clean()

    def _address(self) -> None:
        """Make an address of a Chinese title by its sound, where the page has none or only what is Latin in it."""
        if not has_ideographs(self.title) or self.slug not in ("", slugify(self.title)) or self.first_published_at:
            return
        base = address_of(self.title)
        others = type(self).objects.exclude(translation_key=self.translation_key)
        taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in count(2))
        self.slug = next(slug for slug in chain([base], numbered) if slug not in taken)

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
        if kept is None and not self.slug.isascii():
            raise ValidationError(
                {"slug": _("Write the address in Latin letters, digits and dashes, or leave it empty.")}
            )
