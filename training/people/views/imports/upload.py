"""Choosing a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from training.lib.access import allow
from training.operations.models import ImportRun
from training.people.forms import ListFileForm
from training.people.services import importing

from .kinds import KEEPERS, permitted, with_kind

RECENT = 5


@allow(KEEPERS)
@never_cache
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file; one that can be read is kept for this person, and they are led to what is to be asked next."""
    found = permitted(request, kind)
    form = ListFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, table = form.cleaned_data["file"], form.table
        run = importing.begin_import(kind=found, file=file, table=table, by=request.user, at=timezone.now())
        asked = run.state == ImportRun.State.UPLOADED
        return redirect("people:import_columns" if asked else "people:import_run", pk=run.pk)
    recent = importing.runs_seen_by(request.user).filter(kind=found.kind)[:RECENT]
    context = {
        "form": form,
        "kind": found,
        "count": found.count(request.user, at=timezone.now()),
        "recent": [with_kind(run) for run in recent],
        "today": timezone.localdate(),
    }
    return render(request, "people/imports/upload.html", context)
