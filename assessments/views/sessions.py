"""Planning sessions: when, where, who looks after them, who has a place."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import permissions, queries, services
from assessments.forms import PlacesForm, ReasonForm, SessionForm
from assessments.models import Entitlement, ExamSession
from training.lib.access import allow, roles

PLANNERS = roles(*permissions.PLANNERS)
WATCHERS = roles(*permissions.WATCHERS)
PER_PAGE = 50


@allow(WATCHERS)
@require_safe
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions somebody looks after: running, coming, past."""
    listed = queries.sessions_listed(permissions.sessions_of(request.user), now=timezone.now())
    past = Paginator(listed["past"], PER_PAGE).get_page(request.GET.get("page"))
    may_plan = permissions.may_plan(request.user)
    context = {"running": listed["running"], "coming": listed["coming"], "page": past, "may_plan": may_plan}
    return render(request, "assessments/sessions.html", context)


@allow(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session."""
    now = timezone.now()
    form = SessionForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        session = services.plan_session(**form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("The session is planned. Now give people places."))
        return redirect("assessments:places", session.pk)
    return render(request, "assessments/session_form.html", {"form": form}, status=400 if form.errors else 200)


@allow(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a session that is not over."""
    session, now = get_object_or_404(permissions.sessions_of(request.user), pk=pk), timezone.now()
    form = SessionForm(request.POST or None, instance=session, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(session=session, **form.cleaned_data, by=request.user, at=now)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is changed; who is concerned was told."))
            return redirect("assessments:session", pk)
    context = {"form": form, "session": get_object_or_404(ExamSession, pk=pk)}
    return render(request, "assessments/session_form.html", context, status=400 if form.errors else 200)


@allow(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who has a place in a session, and give places."""
    session = get_object_or_404(permissions.sessions_of(request.user).select_related("exam"), pk=pk)
    undated = Entitlement.objects.filter(pk__in=[row.pk for row in services.waiting_for_date(session.exam)])
    form = PlacesForm(request.POST or None, waiting=undated.select_related("person"))
    if request.method == "POST" and form.is_valid():
        try:
            people, waiting = form.cleaned_data["numbers"], form.cleaned_data["waiting"]
            given = services.give_places(
                session=session, people=people, waiting=waiting, by=request.user, at=timezone.now()
            )
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ngettext("%(n)d place was given.", "%(n)d places were given.", len(given)) % {"n": len(given)}
            messages.success(request, said)
            return redirect("assessments:places", pk)
    taken = session.places.select_related("person").order_by("person__staff_number")
    context = {"session": session, "form": form, "page": Paginator(taken, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "assessments/places.html", context, status=400 if form.errors else 200)


@allow(PLANNERS)
@require_POST
def take_back(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take somebody out of a session."""
    session = get_object_or_404(permissions.sessions_of(request.user), pk=pk)
    row = get_object_or_404(session.places.select_related("person", "session"), pk=place)
    try:
        services.take_place_back(place=row, by=request.user, at=timezone.now())
        messages.success(request, _("%(person)s waits for another date.") % {"person": row.person})
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:places", pk)


@allow(PLANNERS)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a session off."""
    session = get_object_or_404(permissions.sessions_of(request.user), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(services.NoWords()))
        return redirect("assessments:session", pk)
    try:
        services.cancel_session(session=session, reason=form.cleaned_data["text"], by=request.user, at=timezone.now())
        messages.success(request, _("The session is called off; who had a place was told."))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:sessions")
