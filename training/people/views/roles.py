"""Roles of one person: what they hold and held, giving one, ending one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.lib.access import allow
from training.lib.previewed import previewed
from training.people import permissions, previews, queries, rules, services
from training.people.models import Role, RoleGrant, User
from training.people.record_forms import FirstDayWithoutForm, RoleForm, first_day

from .records import KEEPERS, REFUSALS, done, kept_person, of_person


def whose_roles_change(request: HttpRequest, staff_number: str) -> User:
    """Return somebody whose roles the viewer may change; raises as `kept_person` does, and for one's own."""
    person = kept_person(request, staff_number)
    if not permissions.may_change_roles(request.user, person):
        raise PermissionDenied
    return person


def giveable(keeper: User) -> list[Role]:
    """Return the roles `keeper` may give somewhere: none above their own; teachers are appointed under Coaching."""
    own = frozenset(grant.role for grant in permissions.grants_held(keeper, permissions.KEEPERS))
    return [role for role in Role if role != Role.TEACHER and rules.may_give(own, role)]


@allow(KEEPERS)
@require_safe
@never_cache
def role_list(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show the roles somebody holds, held and will hold."""
    person, today = whose_roles_change(request, staff_number), timezone.localdate()
    grants = list(queries.role_history(person))
    for grant in grants:
        grant.over = grant.until is not None and grant.until < today
        grant.endable = not grant.over and permissions.may_give(
            request.user, grant.role, grant.department, grant.section
        )
    return render(request, "people/roles.html", {"person": person, "grants": grants, "today": today})


@allow(KEEPERS)
@never_cache
def give_role(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Give somebody a role over a department, a section or the whole centre."""
    person, now = whose_roles_change(request, staff_number), timezone.now()
    form = RoleForm(
        request.POST or None,
        giveable=giveable(request.user),
        departments=permissions.departments_kept(request.user),
        whole=permissions.may_keep(request.user, None),
        today=timezone.localdate(now),
        initial=first_day(timezone.localdate(now)),
    )
    page = previewed(
        request,
        form=form,
        do=lambda facts: services.grant_role(person=person, **facts, by=request.user, at=now),
        foresee=lambda facts: previews.of_role(person, facts),
        refusals=REFUSALS,
        context=of_roles(person, title=_("Give a role"), verb=_("Give the role")),
    )
    return page or back_to_roles(request, person, _("The role is given."))


@allow(KEEPERS)
@never_cache
def end_role(request: HttpRequest, staff_number: str, pk: int) -> HttpResponse:
    """Take a role back from a day on."""
    person, now = whose_roles_change(request, staff_number), timezone.now()
    grants = RoleGrant.objects.filter(person=person).select_related("person", "department", "section")
    grant: RoleGrant = get_object_or_404(grants, pk=pk)
    page = previewed(
        request,
        form=FirstDayWithoutForm(request.POST or None, initial=first_day(timezone.localdate(now))),
        do=lambda facts: services.end_grant(grant=grant, **facts, by=request.user, at=now),
        foresee=lambda facts: previews.of_role_end(grant, facts),
        refusals=REFUSALS,
        context=of_roles(person, title=_("End the role"), lede=f"{grant.get_role_display()}, {grant.reach}"),
    )
    return page or back_to_roles(request, person, _("The role has an end."))


def of_roles(person: User, **context: str) -> dict[str, str]:
    """Return what stands around a form about the person's roles."""
    verb = {"verb": context["title"]}
    return of_person(person, **{**verb, **context, "back_url": reverse("people:roles", args=[person.staff_number])})


def back_to_roles(request: HttpRequest, person: User, text: str) -> HttpResponse:
    """Go back to the person's roles and say what was done."""
    done(request, person, text)
    return redirect("people:roles", person.staff_number)
