"""Wagtail's screens for our pages, with publishing and its record in one transaction on each of them."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.permissions import page_permission_policy

from training.lib.publishing import recorded

from .models import CoursePage, LessonPage, PolicyPage


class RecordedEditView(EditView):
    """Editing. Wagtail's button publishes past `page.publish()`, so the record is made round it.

    An act of the workflow is about what was submitted: the form is not saved with it, because saving would make whoever
    approves an author. What a reviewer does change is saved before, as a draft of theirs.
    """

    def perform_workflow_action(self) -> HttpResponse:
        self.has_content_changes = False
        return super().perform_workflow_action()

    def publish_action(self) -> HttpResponse:
        with recorded(self.page, by=self.request.user):
            return super().publish_action()

    def redirect_away(self) -> HttpResponse:
        """Lead reviewers, who may not browse the pages, back to what else waits for them."""
        if self.next_url or page_permission_policy.explorable_root_instance(self.request.user):
            return super().redirect_away()
        return redirect("wagtailadmin_home")


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
