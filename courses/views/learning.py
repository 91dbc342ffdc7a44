"""The catalogue, a course, the reader."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.views.words import page_words
from courses import queries
from courses.models import Course
from courses.queries import hours, practice, terms
from courses.queries.classroom import Coming, joinable
from courses.queries.paths import paths_with
from courses.services import learning
from training.lib.access import SIGNED_IN, allow


@allow(SIGNED_IN)
@require_safe
@never_cache
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the courses on offer, what is asked of the person first."""
    entries = queries.catalogue(person=request.user, language=get_language())
    past = queries.past_training(request.user)
    today = timezone.localdate()
    own = hours.own_hours(request.user, today.year, today=today)
    context = {"entries": entries, "past": past, "hours": own, "today": today}
    return render(request, "courses/catalogue.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one course: what it is about, its units, where to go on."""
    outline = _outline(request, slug)
    requirement = next((row for row in queries.open_requirements(request.user) if row.course == outline.course), None)
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "outline": outline,
        "requirement": requirement,
        "classroom": _classroom(outline, request, now) if outline.enrolment else [],
        "practice": queries.practice_for(outline.version, now=now),
        "before": terms.before(outline.course, request.user, today=today),
        "paths": paths_with(outline.course),
        "counts_until": terms.counts_until(outline.course, request.user),
        "today": today,
    }
    return render(request, "courses/course.html", context)


@allow(SIGNED_IN)
@require_POST
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """Enrol and go to the first section."""
    try:
        learning.enrol(
            person=request.user, course=get_object_or_404(Course, slug=slug), by=request.user, at=timezone.now()
        )
    except learning.NotOffered as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:catalogue")
    except learning.OthersFirst as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:course", slug=slug)
    return redirect("courses:resume", slug=slug)


@allow(SIGNED_IN)
@require_safe
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Go to the section where the person left off; to the course page when there is nothing to read on."""
    outline = _outline(request, slug)
    unit = outline.next_unit
    if outline.enrolment is None or unit is None:
        return redirect("courses:course", slug=slug)
    return redirect("courses:section", slug=slug, unit=unit.unit.unit.slug, number=unit.section)


@allow(SIGNED_IN)
@require_safe
@never_cache
def section(request: HttpRequest, slug: str, unit: str, number: int) -> HttpResponse:
    """Show one section of a unit, from the version the person is enrolled in."""
    outline, state = unit_learned(request, slug, unit, number)
    place, now, unit_pk = outline.units.index(state), timezone.now(), state.unit.unit_id
    attends = state.unit.is_classroom and not state.is_done
    passages = practice.with_practice(
        queries.passages(state.sections[number - 1]),
        request.user,
        language=get_language(),
        on=timezone.localdate(now),
        back=request.path,
    )
    context = {
        "outline": outline,
        "state": state,
        "number": number,
        "section": state.sections[number - 1],
        "passages": passages,
        "practises": any(passage.practice for passage in passages),
        "words": page_words(),
        "at": state.place_in(number),
        "previous_unit": outline.units[place - 1] if place else None,
        "last_section": number == state.total,
        "sessions": joinable([unit_pk], request.user, now=now).get(unit_pk, []) if attends else [],
        "today": timezone.localdate(now),
    }
    return render(request, "courses/section.html", context)


@allow(SIGNED_IN)
@require_POST
def finish_section(request: HttpRequest, slug: str, unit: str, number: int) -> HttpResponse:
    """Note the section as read and go on to the next."""
    outline, state = unit_learned(request, slug, unit, number)
    learning.finish_section(enrolment=outline.enrolment, unit=state.unit, number=number, at=timezone.now())
    if number < state.total:
        return redirect("courses:section", slug=slug, unit=unit, number=number + 1)
    after = _outline(request, slug)
    if after.next_unit is None and outline.next_unit is not None:
        messages.success(request, _("You finished the course."))
    if after.next_unit is None or after.next_unit.unit == state.unit:  # the rest is done in a classroom
        return redirect("courses:course", slug=slug)
    return redirect("courses:resume", slug=slug)


def _classroom(
    outline: queries.Outline, request: HttpRequest, now: datetime
) -> list[tuple[queries.UnitState, list[Coming]]]:
    """Return what the person has still to attend, each with the sessions to come."""
    awaited = [one for one in outline.units if one.unit.is_classroom and not one.is_done]
    found = joinable([one.unit.unit_id for one in awaited], request.user, now=now) if awaited else {}
    return [(one, found.get(one.unit.unit_id, [])) for one in awaited]


def _outline(request: HttpRequest, slug: str) -> queries.Outline:
    found = queries.outline(
        course=get_object_or_404(Course.objects.select_related("exam"), slug=slug),
        person=request.user,
        language=get_language(),
    )
    if found is None or not (found.course.is_offered or found.enrolment):
        raise Http404
    return found


def unit_learned(request: HttpRequest, slug: str, unit: str, number: int) -> tuple[queries.Outline, queries.UnitState]:
    """Return the unit the person learns; 404 for one not enrolled in and for a section that does not exist."""
    outline = _outline(request, slug)
    state = next((one for one in outline.units if one.unit.unit.slug == unit), None)
    if outline.enrolment is None or state is None or not 1 <= number <= state.total:
        raise Http404
    return outline, state
