"""One change to many items, or to one: what it would do is shown first, and it can be taken back as one."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments import queries
from assessments.forms.bank import BankFilterForm, ChangeForm
from assessments.models import BankChange
from assessments.services import items
from assessments.services.items import Refused
from training.lib.access import allow, roles
from training.people.models import Role

UNDO_FOR = timedelta(minutes=10)
MOST_ITEMS = 5000


@allow(roles(Role.EXAMINER))
@require_POST
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Show what a change would do to the items chosen; sent once more from there, make it."""
    form = ChangeForm(request.POST)
    chosen = _chosen(request)
    if not form.is_valid() or not chosen:
        messages.warning(request, _("Tick the items and choose what to do with them."))
        return redirect(_back(request))
    what, value = form.change()
    try:
        plan = items.plan_change(items=chosen, what=what, value=value)
        if request.POST.get("sure"):
            done = items.change_items(
                items=chosen,
                what=what,
                value=value,
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            return redirect(_with_done(_back(request), done))
    except (ObjectDoesNotExist, ValueError):
        messages.error(request, _("Choose what to do with the items."))
        return redirect(_back(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    context = {"plan": plan, "form": form, "chosen": chosen, "what": form.words(), "back": _back(request)}
    return render(request, "assessments/change.html", context)


@allow(roles(Role.EXAMINER))
@require_POST
@never_cache
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a change of one's own."""
    done = get_object_or_404(BankChange, pk=pk, by=request.user)
    try:
        if timezone.now() > done.at + UNDO_FOR:
            messages.warning(request, _("That cannot be taken back here any more. Change it by hand."))
        elif left := items.undo_change(change=done, by=request.user, at=timezone.now()):
            messages.warning(
                request,
                ngettext(
                    "Put back, except %(n)d item that was changed since.",
                    "Put back, except %(n)d items that were changed since.",
                    left,
                )
                % {"n": left},
            )
        else:
            messages.success(request, _("Put back as it was."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request))


def undo_offered(request: HttpRequest) -> dict[str, Any] | None:
    """Return text and address of the offer to take back the change that led to this page; None if there is none."""
    pk = request.GET.get("done", "")
    done = BankChange.objects.filter(pk=int(pk), by=request.user, undone_at=None).first() if pk.isdecimal() else None
    if done is None or timezone.now() > done.at + UNDO_FOR:
        return None
    count = len(done.rows)
    rest = request.GET.copy()
    rest.pop("done")
    after = urlencode({"next": f"{request.path}?{rest.urlencode()}" if rest else request.path})
    return {
        "text": ngettext("%(n)d item changed.", "%(n)d items changed.", count) % {"n": count},
        "url": f"{reverse('assessments:undo_change', args=[done.pk])}?{after}",
        "seconds": int((done.at + UNDO_FOR - timezone.now()).total_seconds()),
    }


def _chosen(request: HttpRequest) -> list[int]:
    """Return the ids of the items ticked, or of all that the filters of the list find."""
    if request.POST.get("all"):
        filters = BankFilterForm(QueryDict(request.POST.get("filters", "")))
        found = queries.bank_items(filters.filters(), viewer=request.user)
        return list(found.values_list("item", flat=True)[:MOST_ITEMS])
    return [int(pk) for pk in request.POST.getlist("item") if pk.isdecimal()][:MOST_ITEMS]


def _back(request: HttpRequest) -> str:
    after = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    return after if safe else reverse("assessments:bank")


def _with_done(address: str, done: BankChange) -> str:
    return f"{address}{'&' if '?' in address else '?'}done={done.pk}"
