"""The item bank, for examiners: its items, its banks. Keys are shown here and nowhere else."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import queries
from assessments.forms.bank import BankFilterForm, ChangeForm
from assessments.forms.facts import BankForm
from assessments.models import Bank, Item
from assessments.services import items as services
from assessments.services.items import Refused
from training.lib.access import allow, roles
from training.people.models import Role

from .changing import undo_offered

ITEMS_ON_A_PAGE = 50


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def items(request: HttpRequest) -> HttpResponse:
    """List items, narrowed by the filters in the address."""
    form = BankFilterForm(request.GET)
    filters = form.filters()
    found = queries.bank_items(filters, viewer=request.user)
    counts = queries.by_state(queries.bank_items({**filters, "state": ""}, viewer=request.user))
    context = {
        "form": form,
        "page": Paginator(found, ITEMS_ON_A_PAGE).get_page(request.GET.get("page")),
        "counts": [(value, label, counts[value]) for value, label in Item.State.choices if counts[value]],
        "state": filters.get("state", ""),
        "change": ChangeForm(),
        "filtered": bool(filters),
        "undo": undo_offered(request),
    }
    return render(request, "assessments/bank.html", context)


@allow(roles(Role.EXAMINER))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def banks(request: HttpRequest) -> HttpResponse:
    """List the banks; set another one up."""
    form = BankForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            made = services.create_bank(**told, by=request.user, at=timezone.now())
            return redirect("assessments:bank_overview", made.code)
        except Refused as refusal:
            form.add_error("code", str(refusal))
    status = 400 if form.errors else 200
    return render(request, "assessments/banks.html", {"banks": queries.banks(), "form": form}, status=status)


@allow(roles(Role.EXAMINER))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a bank has on each competency and what exams lack in it; give it another name."""
    bank = get_object_or_404(Bank, code=code)
    initial = {"name": bank.name, "for_practice": bank.for_practice}
    form = BankForm(request.POST if request.method == "POST" else None, initial=initial, fixed_code=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_bank(bank=bank, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("for_practice", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessments:bank_overview", bank.code)
    context = {
        "bank": bank,
        "form": form,
        "lines": queries.coverage(bank),
        "lacks": queries.lacks(bank, timezone.localdate()),
        "levels": range(1, 6),
    }
    return render(request, "assessments/bank_overview.html", context, status=400 if form.errors else 200)
