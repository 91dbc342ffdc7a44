"""The questions of the paper that everybody gets: looked for, put in, moved, taken out."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import queries, services
from assessments.forms import ChoiceFilterForm
from assessments.models import Exam, ExamPart, Item
from training.lib.access import allow, roles
from training.people.models import Role

PER_PAGE = 20


@allow(roles(Role.EXAMINER))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions of a fixed exam's paper and those that could be chosen; change them by buttons."""
    exam = get_object_or_404(Exam.objects.select_related("bank", "framework"), code=code, mode=Exam.Mode.FIXED)
    if request.method == "POST":
        return _act(request, exam)
    form, today = ChoiceFilterForm(request.GET, bank=exam.bank), timezone.localdate()
    found = queries.choosable(exam, form.filters(), on=today)
    context = {
        "exam": exam,
        "form": form,
        "paper": queries.fixed_paper(exam, on=today),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": bool(form.filters()),
    }
    return render(request, "assessments/chosen.html", context)


def _act(request: HttpRequest, exam: Exam) -> HttpResponse:
    """Do what the button says, "add:code", and go back to where it was pressed, with the filters as they were."""
    what, _colon, code = request.POST.get("action", "").partition(":")
    item = get_object_or_404(Item, bank=exam.bank, code=code) if what == "add" else _on_paper(exam, code)
    facts: dict[str, Any] = {"exam": exam, "item": item, "by": request.user, "at": timezone.now()}
    try:
        if what == "add":
            number = request.POST.get("part", "1")
            services.choose_item(**facts, part=int(number) if number.isdigit() else 1)
            messages.success(request, _("%(code)s is on the paper.") % {"code": item.code})
        elif what == "drop":
            services.drop_item(**facts)
            messages.success(request, _("%(code)s is off the paper.") % {"code": item.code})
        else:
            services.move_item(**facts, up=what == "up")
    except ExamPart.DoesNotExist as error:
        raise Http404 from error
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    place = "look" if what == "add" else f"item-{item.pk}" if what in ("up", "down") else "chosen"
    filters = request.GET.urlencode()
    address = redirect("assessments:exam_questions", exam.code).url
    return redirect(f"{address}{'?' if filters else ''}{filters}#{place}")


def _on_paper(exam: Exam, code: str) -> Item:
    """Return an item that is on the paper, of whatever bank it is now."""
    return get_object_or_404(Item, chosen_for__exam=exam, pk=int(code) if code.isdigit() else 0)
