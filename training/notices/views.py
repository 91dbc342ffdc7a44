"""The inbox: what happened, and the way to it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import SIGNED_IN, allow

from . import queries, services

PER_PAGE = 50


@allow(SIGNED_IN)
@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the person's own notices, unread ones first."""
    page = Paginator(queries.inbox(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/inbox.html", {"page": page, "unread": queries.unread_count(request.user)})


@allow(SIGNED_IN)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read, and go where it leads."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    services.mark_read(person=request.user, notice=notice, at=timezone.now())
    # Paths come from services, yet a redirect trusts no stored text.
    leads_here = notice.path and url_has_allowed_host_and_scheme(notice.path, None)
    return redirect(notice.path if leads_here else "notices:inbox")


@allow(SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice of the person as read."""
    services.mark_read(person=request.user, at=timezone.now())
    return redirect("notices:inbox")
