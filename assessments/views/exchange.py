"""Questions into a bank from a file and out of it: upload, dry run, import; export and the template."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from assessments.exchange import Format
from assessments.forms.bank import BankFilterForm
from assessments.forms.exchange import ExportForm, ItemFileForm
from assessments.models import Bank, ItemVersion
from assessments.permissions import Refused
from assessments.queries import bank_items
from assessments.services import exchange
from training.competencies.models import Competency
from training.lib.access import allow, roles
from training.people.models import Role, User

PENDING = "item_import"
STATES = ("new", "revised", "unchanged", "refused")


@allow(roles(Role.EXAMINER))
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file that can be read and lead to what it would do; nothing is written."""
    form = ItemFileForm(request.POST or None, request.FILES or None, initial={"bank": request.GET.get("bank")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        request.session[PENDING] = {
            "kept": exchange.keep_upload(form.data_read, by=cast("User", request.user)),
            "name": told["file"].name,
            "bank": told["bank"].code,
            "format": told["format"],
            "language": told["language"],
            "competency": told["competency"].pk,
            "level": told["level"],
            "judged": told["judged"],
        }
        return redirect("assessments:import_check")
    return render(request, "assessments/import.html", {"form": form}, status=400 if form.errors else 200)


@allow(roles(Role.EXAMINER))
@require_GET
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Show question by question what the file would do."""
    found = _pending(request)
    if found is None:
        return redirect("assessments:import_items")
    bank, plan = found
    pending = request.session[PENDING]
    context = {
        "bank": bank,
        "plan": plan,
        "name": pending["name"],
        "format": exchange.format_name(pending["format"]),
        "counts": [(state, plan.count(state)) for state in STATES],
        "notes": [exchange.sentence(note) for note in plan.file.notes],
        "refused": plan.count("refused"),
    }
    return render(request, "assessments/import_check.html", context)


@allow(roles(Role.EXAMINER))
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Import the questions ticked, all of them or none."""
    found = _pending(request)
    if found is None:
        messages.error(request, _("The file is gone. Choose it again."))
        return redirect("assessments:import_items")
    bank, plan = found
    numbers = {int(number) for number in request.POST.getlist("rows") if number.isascii() and number.isdigit()}
    by, name = cast("User", request.user), request.session[PENDING]["name"]
    try:
        came = exchange.import_items(bank=bank, plan=plan, numbers=numbers, file_name=name, by=by, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:import_check")
    exchange.forget_uploads(by)
    del request.session[PENDING]
    total = came.new + came.revised
    said = ngettext("%(n)d item was imported as a draft.", "%(n)d items were imported as drafts.", total) % {"n": total}
    messages.success(request, said)
    return redirect(_bank_address(bank))


@allow(roles(Role.EXAMINER))
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Call the import off and forget the file."""
    exchange.forget_uploads(cast("User", request.user))
    request.session.pop(PENDING, None)
    return redirect("assessments:import_items")


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def template(request: HttpRequest) -> HttpResponse:
    """Send the workbook to fill in."""
    data = exchange.template_file(get_language() or "en")
    return _sent(data, "items.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@allow(roles(Role.EXAMINER))
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Send the items of a filter as a file; what it cannot carry is shown first and has to be accepted."""
    chosen = BankFilterForm(request.GET)
    versions = _versions(chosen.filters(), request)
    form = ExportForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "count": versions.count(), "filters": request.GET.urlencode()}
    if request.method == "POST" and form.is_valid():
        format_, now = Format(form.cleaned_data["format"]), timezone.now()
        found = list(versions)
        try:
            file = exchange.export_items(found, format_, language=form.cleaned_data["language"], at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return render(request, "assessments/export.html", context, status=400)
        if not file.left or request.POST.get("accepted") == "yes":
            exchange.record_export(versions=found, export=file, by=cast("User", request.user), at=now)
            return _sent(file.data, file.name, file.content_type)
        context |= {"left": file.left, "in_file": file.count}
    return render(request, "assessments/export.html", context, status=400 if form.errors else 200)


def _pending(request: HttpRequest) -> tuple[Bank, exchange.Plan] | None:
    """Return the bank and the plan of the file that waits; None when there is none or it cannot be read any more."""
    pending = request.session.get(PENDING)
    data = exchange.kept_upload(pending["kept"], by=cast("User", request.user)) if pending else None
    if data is None:
        return None
    bank = Bank.objects.filter(code=pending["bank"]).first()
    competency = Competency.objects.filter(pk=pending["competency"]).first()
    if bank is None or competency is None:
        return None
    defaults = exchange.Defaults(competency, pending["level"], pending["judged"] / 100)
    file = exchange.read_file(data, Format(pending["format"]), name=pending["name"], language=pending["language"])
    return bank, exchange.plan_import(bank, file, defaults)


def _versions(filters: Any, request: HttpRequest) -> QuerySet[ItemVersion]:
    found = bank_items(filters, viewer=cast("User", request.user)).order_by()
    return (
        ItemVersion.objects.filter(pk__in=found.values("pk"))
        .select_related("item__bank", "item__competency")
        .prefetch_related("citations__clause_version__clause__policy", "media__file")
        .order_by("item__bank__code", "item__code")
    )


def _bank_address(bank: Bank) -> str:
    return f"{reverse('assessments:bank')}?bank={bank.code}"


def _sent(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(data, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
