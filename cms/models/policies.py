"""Policies as editors write them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import ClauseBlock
from training.matters.queries import PolicyText, policies_on, policy_text
from training.people.models import Role

from .base import RecordedPage, WorkflowOnlyPage

WRITERS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})


class PolicyIndexPage(WorkflowOnlyPage):
    """The list of the policies in force."""

    template = "cms/policy_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PolicyPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of policies")
        verbose_name_plural = _("lists of policies")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["policies"] = policies_on(timezone.localdate())
        context["may_write"] = bool(request.user.is_authenticated and WRITERS & request.user.role_names)
        return context


class PolicyPage(RecordedPage):
    """A policy in one language; the source language makes its versions, another adds its texts to the latest."""

    freezer = "cms.publishing.freeze_policy"

    summary = models.TextField(_("summary"), blank=True)
    issuer = models.CharField(_("issued by"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    effective_from = models.DateField(_("in force from"), help_text=_("Counts in the source language."))
    expires_on = models.DateField(_("last day in force"), null=True, blank=True)
    clauses = StreamField([("clause", ClauseBlock())], verbose_name=_("clauses"))

    template = "cms/policy_page.html"
    parent_page_types = ["cms.PolicyIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("issuer"), FieldPanel("document_number")]),
        FieldRowPanel([FieldPanel("effective_from"), FieldPanel("expires_on")]),
        FieldPanel("clauses"),
    ]

    class Meta:
        verbose_name = _("policy page")
        verbose_name_plural = _("policy pages")

    def clean(self) -> None:
        super().clean()
        if self.expires_on and self.effective_from and self.expires_on < self.effective_from:
            raise ValidationError({"expires_on": _now("The last day is before the first. Give a later one.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Show the record, whatever stands on the page meanwhile; only a preview shows the page itself."""
        context = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        if request.is_preview:
            context["policy"] = self.as_text()
            return context
        number = request.GET.get("version", "")
        asked = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None
        context["policy"] = policy_text(self.translation_key, today, asked)
        if asked is not None and context["policy"] is None:
            raise Http404
        return context

    def as_text(self) -> PolicyText:
        """Return the page as its readers will see it."""
        return PolicyText.of_draft(
            title=self.title,
            summary=self.summary,
            issuer=self.issuer,
            document_number=self.document_number,
            effective_from=self.effective_from,
            expires_on=self.expires_on,
            clauses=[(str(block.id), block.value) for block in self.clauses],
        )
