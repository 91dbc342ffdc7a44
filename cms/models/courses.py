"""Courses and lessons as editors write them; people learn from their records under /courses/."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from assessments.models import Exam
from cms.blocks import SectionBlock
from courses.models import Unit
from training.competencies.models import Competency

from .base import RecordedPage, WorkflowOnlyPage
from .fields import BlocksField

CATALOGUE = "/courses/"


class CourseIndexPage(WorkflowOnlyPage):
    """Where course pages are kept; readers are led to the catalogue."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]
    preview_modes: list[tuple[str, str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of course pages")
        verbose_name_plural = _("lists of course pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(CATALOGUE)


class CoursePage(RecordedPage):
    """A course in one language; with its live lessons it is frozen into a version."""

    freezer = "cms.publishing.freeze_course"

    summary = models.TextField(_("summary"))
    objectives = StreamField([("objective", blocks.CharBlock(label=_("Objective")))], blank=True)
    competencies = ParentalManyToManyField(Competency, blank=True, verbose_name=_("competencies"))
    exam = models.ForeignKey(
        Exam,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("exam"),
        help_text=_("Opens when the course is done."),
    )

    template = "cms/course_preview.html"
    parent_page_types = ["cms.CourseIndexPage"]
    subpage_types = ["cms.LessonPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("objectives"),
        FieldPanel("competencies", widget=forms.CheckboxSelectMultiple),
        FieldPanel("exam"),
    ]

    def clean(self) -> None:
        super().clean()
        if self.exam and self.exam.is_practice:
            raise ValidationError(
                {"exam": _("This exam is for practice and opens for nobody. Choose one that counts.")}
            )

    class Meta:
        verbose_name = _("course page")
        verbose_name_plural = _("course pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{CATALOGUE}{self.slug}/")


class LessonPage(RecordedPage):
    """A lesson in one language: sections, each of blocks."""

    freezer = "cms.publishing.freeze_lesson"

    kind = models.CharField(
        _("learned"),
        max_length=12,
        choices=Unit.Kind.choices,
        default=Unit.Kind.LESSON,
        help_text=_(
            "What is learned in a classroom is done by being at a training session of it; here stand what it is about "
            "and what to bring. It cannot be changed once the lesson is published."
        ),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), help_text=_("How long reading it takes, or how long it is held.")
    )
    begin_again = models.BooleanField(
        _("to be read again"),
        default=False,
        help_text=_(
            "For a change people must know: whoever has not finished the course reads this lesson once more. "
            "It holds for the next publication alone."
        ),
    )
    body = BlocksField([("section", SectionBlock())], verbose_name=_("sections"))

    template = "cms/lesson_preview.html"
    parent_page_types = ["cms.CoursePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("minutes"),
        FieldPanel("begin_again"),
        FieldPanel("body"),
    ]

    def get_latest_revision_as_object(self) -> "LessonPage":
        """Return the newest draft; where that is what is published, its tick has had its effect and is gone."""
        page: LessonPage = super().get_latest_revision_as_object()
        if self.live and not self.has_unpublished_changes:
            page.begin_again = False
        return page

    def clean(self) -> None:
        """Refuse another kind once published: what people have done of it was done in the one way or the other."""
        super().clean()
        published = Unit.objects.filter(uid=self.translation_key).exclude(kind=self.kind).first()
        if published is not None:
            raise ValidationError(
                {
                    "kind": _("This lesson was published as “%(kind)s” and stays so. Write a new lesson instead.")
                    % {"kind": published.get_kind_display()}
                }
            )

    class Meta:
        verbose_name = _("lesson page")
        verbose_name_plural = _("lesson pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{CATALOGUE}{self.get_parent().slug}/")
