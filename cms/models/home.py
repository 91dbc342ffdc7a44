"""The home page of each language."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from training.matters.queries import policies_on
from training.people.models import Centre

from .base import WorkflowOnlyPage


class HomePage(WorkflowOnlyPage):
    """What the centre's training is, for everybody; what is in force, for staff. One for each language."""

    introduction = models.TextField(_("introduction"), blank=True)

    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.PolicyIndexPage", "cms.CourseIndexPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page in this language; what is not translated is answered by the source language's tree."""
        try:
            return super().route(request, path_components)
        except Http404:
            source = self.get_translations().filter(locale__language_code=Centre.load().source_language, live=True)
            home = source.first()
            if home is None:
                raise
            return home.route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if request.user.is_authenticated:
            context["policies"] = policies_on(timezone.localdate())
        return context
