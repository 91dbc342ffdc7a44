"""Scenario cards: played before an observer, who knows whom they watch."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import permissions, queries, services
from assessments.forms import points_from
from assessments.models import MarkingTask
from training.lib.access import allow, roles

OBSERVERS = roles(*permissions.OBSERVERS)


@allow(OBSERVERS)
@require_safe
@never_cache
def cards(request: HttpRequest) -> HttpResponse:
    """List the cards that are still to be played, with whom."""
    found = queries.cards_waiting(request.user, at=timezone.now())
    return render(request, "assessments/cards.html", {"cards": found, "today": timezone.localdate()})


@allow(OBSERVERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a card with its events and guide; keep the points."""
    now, points, comment = timezone.now(), points_from(request.POST), request.POST.get("comment", "")
    error = ""
    try:
        shown = queries.card_to_observe(request.user, ref, at=now, given=points)
        if request.method == "POST":
            services.mark_card(observer=request.user, ref=ref, points=points, comment=comment, at=now)
            messages.success(request, _("The card is marked."))
            return redirect("assessments:observing")
    except MarkingTask.DoesNotExist as missing:
        raise Http404 from missing
    except services.NotYours:
        messages.error(request, _("Somebody has marked this card already."))
        return redirect("assessments:observing")
    except services.Refused as refusal:
        error = str(refusal)
    if shown.task.done_at:
        return redirect("assessments:observing")
    context = {"card": shown, "comment": comment, "error": error, "most": services.LONGEST_COMMENT}
    return render(request, "assessments/card.html", context, status=400 if error else 200)
