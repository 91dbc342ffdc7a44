"""Which list an address is about."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from training.lib.access import roles
from training.lib.imports import Import, import_of
from training.operations.models import ImportRun
from training.people import permissions
from training.people.services import importing

KEEPERS = roles(*permissions.KEEPERS)


def kind_or_404(kind: str) -> Import:
    """Return the import of that kind; to all others there is no such page."""
    found = import_of(kind)
    if found is None:
        raise Http404
    return found


def permitted(request: HttpRequest, kind: str) -> Import:
    """Return the import if the person may use it; refuse otherwise, with the reason on the page before."""
    found = kind_or_404(kind)
    if not found.may(request.user):
        raise PermissionDenied
    return found


def run_or_404(request: HttpRequest, pk: UUID) -> ImportRun:
    """Return one's own import."""
    found = importing.run_of(owner=request.user, pk=pk)
    if found is None:
        raise Http404
    return found


def with_kind(run: ImportRun) -> dict[str, Any]:
    """Return a kept import with its kind, for a list; a kind that the settings no longer name stands by its word."""
    return {"run": run, "kind": import_of(run.kind)}
