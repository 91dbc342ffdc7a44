"""Wagtail's screens for our pages, with publishing and its record in one transaction on each of them."""

from django.db import transaction
from django.http import HttpResponse
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet

from training.lib.publishing import recorded

from .models import CoursePage, LessonPage, PolicyPage


class RecordedEditView(EditView):
    """Editing. Wagtail's button publishes past `page.publish()`, so the record is made round it."""

    def publish_action(self) -> HttpResponse:
        with recorded(self.page, by=self.request.user):
            return super().publish_action()


class RecordedRevertView(RecordedEditView, RevisionsRevertView):
    """Going back to an earlier revision."""


class AtomicCreateView(CreateView):
    """Creating. Wagtail adds the page live and publishes afterwards: without the record neither may stand."""

    def publish_action(self) -> HttpResponse:
        with transaction.atomic():
            return super().publish_action()


class RecordedPageViewSet(PageViewSet):
    """The screens of a page that is recorded."""

    add_view_class = AtomicCreateView
    edit_view_class = RecordedEditView
    revisions_revert_view_class = RecordedRevertView


class PolicyPageViewSet(RecordedPageViewSet):
    model = PolicyPage


class CoursePageViewSet(RecordedPageViewSet):
    model = CoursePage


class LessonPageViewSet(RecordedPageViewSet):
    model = LessonPage
