"""Recording an observation by the rubric, and reading one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mentors import permissions, services
from mentors.forms import ObservationForm
from mentors.models import Criterion, Rubric
from mentors.queries.observations import observation_view
from mentors.queries.timeline import last_session
from training.lib.access import SIGNED_IN, allow
from training.operations.services import record_reading

from .fetching import fetch_mentorship


@allow(SIGNED_IN)
@never_cache
def observe(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an observation of the mentee by one rubric, chosen in the address."""
    mentorship, today = fetch_mentorship(request, pk), timezone.localdate()
    if not permissions.may_observe(request.user, mentorship, today=today):
        raise PermissionDenied
    rubrics = list(Rubric.objects.filter(Exists(Criterion.objects.filter(rubric=OuterRef("pk")))).order_by("code"))
    if not (mentorship.is_running and mentorship.is_agreed and rubrics):
        raise Http404
    rubric = next((one for one in rubrics if one.code == request.GET.get("rubric")), rubrics[0])
    last = last_session(mentorship)
    form = ObservationForm(
        request.POST or None,
        mentorship=mentorship,
        rubric=rubric,
        is_teacher=request.user.pk == mentorship.teacher.person_id,
        today=today,
        initial={"observed_on": today, "matter": last.matter if last else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.record_observation(
                person=mentorship.mentee,
                observer=request.user,
                rubric=rubric,
                matter=form.cleaned_data["matter"],
                ratings=form.ratings(),
                kind=form.observed_as,
                comment=form.cleaned_data["comment"],
                observed_on=form.cleaned_data["observed_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.CoachingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Observation saved. It counts as evidence."))
            return redirect("mentors:observation", pk=saved.pk)
    context = {"form": form, "mentorship": mentorship, "rubric": rubric, "rubrics": rubrics}
    return render(request, "mentors/observe.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an observation criterion by criterion; its comment to those who may read it."""
    today = timezone.localdate()
    visible = permissions.visible_observations(request.user, today=today)
    people = ("person", "observer", "rubric__competency", "matter", "mentorship__teacher")
    chosen = get_object_or_404(visible.select_related(*people), pk=pk)
    view = observation_view(chosen, viewer=request.user)
    if request.user.pk != chosen.observer_id:
        action, at = "mentors.observation_read", timezone.now()
        record_reading(action=action, by=request.user, subject=chosen, person=chosen.person, at=at)
    return render(request, "mentors/observation.html", {"view": view, "observation": chosen, "today": today})
