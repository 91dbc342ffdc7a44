"""Before the clock runs: the list of exams, and the page that starts one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import queries, services
from assessments.forms import StartForm
from assessments.models import Exam
from training.lib.access import SIGNED_IN, allow

from .devices import device_of, new_device, remember


@allow(SIGNED_IN)
@require_safe
@never_cache
def exam_list(request: HttpRequest) -> HttpResponse:
    """Show the person's exams by what can be done with them."""
    now = timezone.now()
    exams = queries.exam_list(request.user, now=now)
    return render(request, "assessments/list.html", {"exams": exams, "today": timezone.localdate(now)})


@allow(SIGNED_IN)
@require_safe
@never_cache
def exam(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rules of an exam and the button that starts its clock; of a practice exam, how it was practised."""
    now = timezone.now()
    try:
        found = queries.exam_for(request.user, code)
    except Exam.DoesNotExist as error:
        raise Http404 from error
    if found.is_practice:
        return render(
            request, "assessments/practice.html", {"page": queries.practice_page(request.user, found, now=now)}
        )
    page = queries.start_page(request.user, found, now=now)
    return render(request, "assessments/exam.html", {"page": page, "form": StartForm()})


@allow(SIGNED_IN)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start the clock, or return to the attempt that is running; a practice exam starts none."""
    form, device = StartForm(request.POST), device_of(request) or new_device()
    language = form.cleaned_data["language"] if form.is_valid() else request.LANGUAGE_CODE
    try:
        exam = queries.exam_for(request.user, code)
        if exam.is_practice:
            run = services.start_practice(person=request.user, exam=exam, at=timezone.now())
            return redirect("assessments:practice_run", run.pk)
        entrance = services.Entrance(form.data.get("code", "")[:20], device)
        attempt = services.start_attempt(
            person=request.user, exam=exam, now=timezone.now(), language=language, entrance=entrance
        )
    except Exam.DoesNotExist as error:
        raise Http404 from error
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:exam", code)
    return remember(redirect("assessments:attempt", attempt.pk), device)
