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
    """Show the rules of an exam and the button that starts its clock."""
    try:
        page = queries.start_page(request.user, code, now=timezone.now())
    except Exam.DoesNotExist as error:
        raise Http404 from error
    return render(request, "assessments/exam.html", {"page": page, "form": StartForm()})


@allow(SIGNED_IN)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start the clock, or return to the attempt that is running."""
    form, device = StartForm(request.POST), device_of(request) or new_device()
    language = form.cleaned_data["language"] if form.is_valid() else request.LANGUAGE_CODE
    try:
        exam = queries.exam_for(request.user, code)
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
