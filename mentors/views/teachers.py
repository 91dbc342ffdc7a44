"""Career teachers: who they are and how much they carry; appointing, changing and ending an appointment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mentors import permissions, services
from mentors.forms import AppointForm, EndTeacherForm, TeacherFilter, TeachingForm
from mentors.models import Teacher
from mentors.queries import teachers as queries
from training.lib.access import allow, roles
from training.lib.previewed import previewed
from training.people.models import Role, User
from training.people.services import PeopleError
from training.people.views.records import kept_person, of_person

READERS = roles(*permissions.PAIRERS, Role.ADMINISTRATOR)
APPOINTERS = roles(Role.HR, Role.ADMINISTRATOR)
REFUSALS = (services.CoachingError, PeopleError)
PER_PAGE = 50


@allow(READERS)
@require_safe
@never_cache
def teachers(request: HttpRequest) -> HttpResponse:
    """List the career teachers one oversees, with how many mentees each has and may have."""
    today = timezone.localdate()
    form = TeacherFilter(request.GET)
    seen = queries.teachers_overseen(request.user, form.wanted(), today=today)
    page = Paginator(seen, PER_PAGE).get_page(request.GET.get("page"))
    may_appoint = permissions.may_appoint(request.user)
    context = {"filter": form, "page": page, "today": today, "may_appoint": may_appoint}
    return render(request, "mentors/teachers.html", context)


@allow(APPOINTERS)
@never_cache
def appoint(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Appoint somebody as career teacher for some matters; a former one is appointed anew."""
    person, now = _whom(request, staff_number), timezone.now()
    page = previewed(
        request,
        form=AppointForm(request.POST or None, today=timezone.localdate(now)),
        do=lambda facts: services.appoint_teacher(person=person, **facts, by=request.user, at=now),
        foresee=lambda facts: queries.of_appointment(person, facts),
        refusals=REFUSALS,
        context=of_person(person, title=_("Appoint as career teacher"), verb=_("Appoint")),
    )
    return page or _back(request, _("%(person)s is a career teacher.") % {"person": person})


@allow(APPOINTERS)
@never_cache
def change_teaching(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Change for how many mentees and for which matters a teacher is appointed."""
    person, now = _whom(request, staff_number), timezone.now()
    teacher = _appointed(person)
    matters = teacher.matters.values_list("code", flat=True)
    page = previewed(
        request,
        form=TeachingForm(request.POST or None, initial={"capacity": teacher.capacity, "matters": list(matters)}),
        do=lambda facts: services.change_teaching(teacher=teacher, **facts, by=request.user, at=now),
        foresee=lambda facts: queries.of_change(teacher, facts),
        refusals=REFUSALS,
        context=of_person(person, title=_("Change the appointment"), verb=_("Change")),
    )
    return page or _back(request, _("The appointment was changed."))


@allow(APPOINTERS)
@never_cache
def end_appointment(request: HttpRequest, staff_number: str) -> HttpResponse:
    """End an appointment, for a written reason."""
    person, now = _whom(request, staff_number), timezone.now()
    teacher = _appointed(person)
    page = previewed(
        request,
        form=EndTeacherForm(request.POST or None, initial={"on": timezone.localdate(now)}),
        do=lambda facts: services.end_teacher(teacher=teacher, **facts, by=request.user, at=now),
        foresee=lambda facts: queries.of_end(teacher, facts),
        refusals=REFUSALS,
        context=of_person(person, title=_("End the appointment"), verb=_("End the appointment"), danger=True),
    )
    return page or _back(request, _("The appointment has an end."))


def _whom(request: HttpRequest, staff_number: str) -> User:
    """Return somebody whom the viewer sees and may appoint; Http404 and PermissionDenied as `kept_person`."""
    person = kept_person(request, staff_number)
    if not permissions.may_appoint(request.user):
        raise PermissionDenied
    return person


def _appointed(person: User) -> Teacher:
    today = timezone.localdate()
    return get_object_or_404(Teacher.objects.appointed_on_day(today).select_related("person"), person=person)


def _back(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("mentors:teachers")
