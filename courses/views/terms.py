"""What courses ask for first and how long they count: read and set by HR of the whole centre."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses import permissions
from courses.forms import TermsForm
from courses.queries import terms
from courses.services.requiring import RequiringError
from courses.services.terms import set_terms
from training.lib.access import allow, roles

KEEPERS = roles("hr")


@allow(KEEPERS)
@require_safe
@never_cache
def courses(request: HttpRequest) -> HttpResponse:
    """List the courses with what they ask for first and how long they count."""
    context = {"courses": terms.courses_with_terms(), "may_set": permissions.may_ask_everybody(request.user)}
    return render(request, "courses/required/courses.html", context)


@allow(KEEPERS)
@never_cache
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Set what one course asks for first and how long it counts."""
    if not permissions.may_ask_everybody(request.user):
        raise PermissionDenied
    found = get_object_or_404(terms.courses_with_terms(), slug=slug)
    known = {"prerequisites": found.prerequisites.values_list("slug", flat=True), "valid_months": found.valid_months}
    form = TermsForm(request.POST or None, course=found, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            set_terms(course=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RequiringError as refusal:
            form.add_error("prerequisites", str(refusal))
        else:
            messages.success(request, _("The terms of the course are set."))
            return redirect("courses:terms")
    return render(request, "courses/required/course.html", {"form": form, "course": found})
