"""The item bank, for examiners to read. Keys are shown here and nowhere else."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import queries
from assessments.forms import BankFilterForm
from assessments.models import ItemVersion
from training.lib.access import allow, roles
from training.people.models import Role

ITEMS_ON_A_PAGE = 50


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def items(request: HttpRequest) -> HttpResponse:
    """List items, narrowed by the filters in the address."""
    form = BankFilterForm(request.GET)
    found = Paginator(queries.bank_items(form.filters()), ITEMS_ON_A_PAGE)
    return render(request, "assessments/bank.html", {"form": form, "page": found.get_page(request.GET.get("page"))})


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def item(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Show an item in both languages with its key and why it is right."""
    try:
        version = queries.item_preview(bank, code)
    except ItemVersion.DoesNotExist as error:
        raise Http404 from error
    return render(request, "assessments/item.html", {"version": version, "item": version.item})
