"""What HR does to one person's record: take on, change, move, lend, take back. Each shows first what it would do."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from training.lib.access import allow, roles
from training.lib.previewed import previewed
from training.people import permissions, previews, services
from training.people.models import Posting, User
from training.people.record_forms import FirstDayWithoutForm, HireForm, LoanForm, NamesForm, PlaceForm, first_day
from training.people.services import PeopleError

KEEPERS = roles(*permissions.KEEPERS)
REFUSALS = (PeopleError,)


def kept_person(request: HttpRequest, staff_number: str) -> User:
    """Return somebody whose record the viewer sees and keeps.

    Whom they do not see is not there (Http404); whose record others keep, or their own where that may not be, is
    refused (PermissionDenied).
    """
    today = timezone.localdate()
    visible = permissions.visible_staff(request.user, today=today).select_related("department")
    person: User = get_object_or_404(visible, staff_number=staff_number)
    if not permissions.may_touch(request.user, person):
        raise PermissionDenied
    return person


def of_person(person: User, **context: Any) -> dict[str, Any]:
    """Return what the page of an act on this person shows around its form."""
    return {"back_url": person_path(person), "back_label": str(person), **context}


def person_path(person: User) -> str:
    """Return the address of the person's page, which the highest floor puts together."""
    return reverse("cms:person", args=[person.staff_number])


def done(request: HttpRequest, person: User, text: str) -> HttpResponse:
    """Go back to the person's page and say what was done."""
    messages.success(request, text)
    return redirect(person_path(person))


@allow(KEEPERS)
@never_cache
def hire(request: HttpRequest) -> HttpResponse:
    """Take somebody new into the records."""
    now = timezone.now()
    departments = permissions.departments_kept(request.user)
    today = timezone.localdate(now)
    form = HireForm(request.POST or None, departments=departments, today=today, initial=first_day(today))
    context = {
        "title": _("Take somebody on"),
        "verb": _("Take on"),
        "lede": _("Somebody who was here before is taken back on their own page instead."),
        "back_url": reverse("people:staff"),
        "back_label": _("Staff"),
    }
    page = previewed(
        request,
        form=form,
        do=lambda facts: services.hire(**facts, by=request.user, at=now),
        foresee=previews.of_hiring,
        refusals=REFUSALS,
        context=context,
    )
    if page is not None:
        return page
    person = User.objects.get(staff_number=form.cleaned_data["staff_number"])
    return done(request, person, _("%(person)s is on record.") % {"person": person})


@allow(KEEPERS)
@never_cache
def change(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Write down other names, another language or address."""
    person, now = kept_person(request, staff_number), timezone.now()
    facts = {name: getattr(person, name) for name in ("display_name", "latin_name", "language", "email")}
    page = previewed(
        request,
        form=NamesForm(request.POST or None, initial=facts),
        do=lambda facts: services.change_person(person=copy(person), **facts, by=request.user, at=now),
        foresee=lambda facts: previews.of_change(person, facts),
        refusals=REFUSALS,
        context=of_person(person, title=_("Change names or language"), verb=_("Change")),
    )
    return page or done(request, person, _("The record was changed."))


@allow(KEEPERS)
@never_cache
def move(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Put somebody into another place from a day on."""
    person, now = kept_person(request, staff_number), timezone.now()
    today = timezone.localdate(now)
    page = previewed(
        request,
        form=place_form(request, person),
        do=lambda facts: services.move(person=copy(person), **facts, by=request.user, at=now),
        foresee=lambda facts: previews.of_move(person, facts, today=today),
        refusals=REFUSALS,
        context=of_person(
            person,
            title=pgettext("staff", "Move"),
            verb=pgettext("staff", "Move"),
            lede=_("A move entered today can be taken back today."),
        ),
    )
    return page or done(request, person, _("%(person)s was moved.") % {"person": person})


@allow(KEEPERS)
@require_POST
@never_cache
def take_back_move(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Undo the move entered today."""
    person = kept_person(request, staff_number)
    try:
        services.take_back_move(person=person, by=request.user, at=timezone.now())
    except PeopleError as refusal:
        messages.error(request, str(refusal))
        return redirect(person_path(person))
    return done(request, person, _("The move was taken back: everything is as it was."))


@allow(KEEPERS)
@never_cache
def come_back(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Take a former member of staff back."""
    person, now = kept_person(request, staff_number), timezone.now()
    page = previewed(
        request,
        form=place_form(request, person),
        do=lambda facts: services.come_back(person=copy(person), **facts, by=request.user, at=now),
        foresee=lambda facts: previews.of_return(person, facts),
        refusals=REFUSALS,
        context=of_person(
            person,
            title=_("Take back"),
            verb=_("Take back"),
            lede=_("After a leaving by mistake, give the same place and day: the old posting goes on."),
        ),
    )
    return page or done(request, person, _("%(person)s is on the staff again.") % {"person": person})


@allow(KEEPERS)
@never_cache
def lend(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Lend somebody to another section for a time."""
    person, now = kept_person(request, staff_number), timezone.now()
    page = previewed(
        request,
        form=LoanForm(request.POST or None, today=timezone.localdate(now), initial=first_day(timezone.localdate(now))),
        do=lambda facts: services.lend(person=person, **facts, by=request.user, at=now),
        foresee=previews.of_loan,
        refusals=REFUSALS,
        context=of_person(person, title=_("Lend to another section"), verb=_("Lend")),
    )
    return page or done(request, person, _("%(person)s is lent.") % {"person": person})


@allow(KEEPERS)
@never_cache
def end_loan(request: HttpRequest, staff_number: str, pk: int) -> HttpResponse:
    """Have somebody back before the loan ends by itself."""
    person, now = kept_person(request, staff_number), timezone.now()
    loan: Posting = get_object_or_404(person.postings.filter(is_loan=True).select_related("person", "section"), pk=pk)
    page = previewed(
        request,
        form=FirstDayWithoutForm(request.POST or None, initial=first_day(timezone.localdate(now))),
        do=lambda facts: services.end_loan(loan=copy(loan), **facts, by=request.user, at=now),
        foresee=lambda facts: [_("The loan to %(section)s ends early.") % {"section": loan.section}],
        refusals=REFUSALS,
        context=of_person(person, title=_("End the loan"), verb=_("End the loan")),
    )
    return page or done(request, person, _("The loan has an end."))


def place_form(request: HttpRequest, person: User) -> PlaceForm:
    """Return the form for a place, filled with the last one of their own, from today."""
    latest = person.postings.own().select_related("position", "window", "section").order_by("-starts_on").first()
    place = {"department": person.department.code if person.department else None}
    if latest is not None:
        place["position"] = latest.position.code
        place["window"] = latest.window.number if latest.window else None
        place["section"] = latest.section.code if latest.section and not latest.window else None
    departments, today = permissions.departments_kept(request.user), timezone.localdate()
    return PlaceForm(request.POST or None, departments=departments, today=today, initial={**place, **first_day(today)})
