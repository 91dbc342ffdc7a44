"""Importing the staff list: choose a file, read what it would do, confirm."""

import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.lib.access import allow, roles
from training.lib.tables import Table, TableError, read_table, write_csv
from training.people import documents, permissions, services
from training.people.columns import COLUMNS
from training.people.forms import ConfirmForm, StaffListForm

KEEPERS = roles(*permissions.KEEPERS)
SHOWN = 200
"""How many changes and faults the report lists; the counts are of all."""
SESSION_KEY = "staff_list"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(KEEPERS)
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; one that can be read is kept for this person and session until they confirm."""
    form = StaffListForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/import.html", {"form": form, "columns": COLUMNS})
    file = form.cleaned_data["file"]
    services.discard_upload(owner=request.user, token=kept(request).get("token", ""))
    token = services.keep_upload(owner=request.user, file=file)
    request.session[SESSION_KEY] = {"token": token, "name": file.name}
    return redirect("people:import_confirm")


@allow(KEEPERS)
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Show what the kept file would do; when confirmed, check it again, do it and show what was done."""
    if done := kept(request).get("done"):
        return render(request, "people/import_done.html", {"report": done})
    table = kept_table(request)
    if table is None:
        return start_again(request)
    if request.method == "POST":
        return carry_out(request, table)
    report = services.import_staff(table=table, by=request.user, at=timezone.now(), dry_run=True)
    context = {
        "report": report,
        "token": kept(request)["token"],
        "changes": report.changes[:SHOWN],
        "faults": report.faults[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "people/import_confirm.html", context)


@allow(KEEPERS)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Send the list to fill in, with one example, as XLSX or (?format=csv) CSV."""
    if request.GET.get("format") == "csv":
        content, kind, name = b"".join(write_csv(documents.template_rows(request.user))), "text/csv", "staff-list.csv"
    else:
        file = io.BytesIO()
        documents.write_template(file, request.user)
        content, kind, name = file.getvalue(), XLSX, "staff-list.xlsx"
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def carry_out(request: HttpRequest, table: Table) -> HttpResponse:
    """Import the list that was confirmed; one that has become faulty meanwhile is shown again."""
    form = ConfirmForm(request.POST)
    if not form.is_valid() or form.cleaned_data["token"] != kept(request)["token"]:
        return start_again(request)
    only_valid = form.cleaned_data["only_valid"]
    try:
        report = services.import_staff(
            table=table, by=request.user, at=timezone.now(), dry_run=False, only_valid=only_valid
        )
    except TableError:
        return redirect("people:import_confirm")
    services.discard_upload(owner=request.user, token=form.cleaned_data["token"])
    request.session[SESSION_KEY] = {
        "done": {
            "name": report.name,
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "faulty_lines": report.faulty_lines,
        }
    }
    return redirect("people:import_confirm")


def kept(request: HttpRequest) -> dict[str, Any]:
    """Return what the session knows of the list last uploaded or imported."""
    return request.session.get(SESSION_KEY, {})


def kept_table(request: HttpRequest) -> Table | None:
    """Read the kept file again; None when it is gone, has expired or belongs to somebody else."""
    name, token = kept(request).get("name", ""), kept(request).get("token", "")
    file = services.open_upload(owner=request.user, token=token, now=timezone.now())
    if file is None:
        return None
    with file:
        return read_table(file, name=name)


def start_again(request: HttpRequest) -> HttpResponse:
    """Send the person back to choose the file."""
    request.session.pop(SESSION_KEY, None)
    messages.warning(request, _("The file is no longer kept. Choose it again."))
    return redirect("people:import")
