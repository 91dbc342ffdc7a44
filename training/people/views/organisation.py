"""The parts of the centre: the overview, the lists, one part, adding and changing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.people import permissions, queries, services
from training.people.forms import parts as forms_of_parts
from training.people.models import Department, Hall, Position, Section, User, Window
from training.people.queries.parts import Part

OVERSEERS = roles(*permissions.OVERSEERS)
KEEPERS = roles(*permissions.KEEPERS)


@dataclass(frozen=True)
class Kind:
    """One kind of part: how it is found in an address, added, and where its list is."""

    model: type[Any]
    key: str
    label: Any
    add_label: Any
    add_form: type[forms.Form]
    add: Callable[..., Part]
    list_view: str
    list_label: Any


KINDS = {
    "departments": Kind(
        Department, "code", gettext_lazy("Department"), gettext_lazy("Add a department"),
        forms_of_parts.DepartmentForm, services.add_department, "people:departments", gettext_lazy("Departments"),
    ),
    "halls": Kind(
        Hall, "code", gettext_lazy("Hall"), gettext_lazy("Add a hall"),
        forms_of_parts.CodeForm, services.add_hall, "people:windows", gettext_lazy("Halls and windows"),
    ),
    "sections": Kind(
        Section, "code", pgettext_lazy("of a hall", "Section"), gettext_lazy("Add a section"),
        forms_of_parts.SectionForm, services.add_section, "people:windows", gettext_lazy("Halls and windows"),
    ),
    "windows": Kind(
        Window, "number", gettext_lazy("Window"), gettext_lazy("Add a window"),
        forms_of_parts.WindowForm, services.add_window, "people:windows", gettext_lazy("Halls and windows"),
    ),
    "positions": Kind(
        Position, "code", gettext_lazy("Position"), gettext_lazy("Add a position"),
        forms_of_parts.CodeForm, services.add_position, "competencies:positions", gettext_lazy("Positions"),
    ),
}  # fmt: skip


@allow(OVERSEERS)
@require_safe
@never_cache
def organisation(request: HttpRequest) -> HttpResponse:
    """Show what the centre is made of, and where each part of it is kept."""
    today = timezone.localdate()
    context = {
        "departments": permissions.departments_overseen(request.user).open_on(today).count(),
        "windows": Window.objects.open_on(today).count(),
        "positions": Position.objects.open_on(today).count(),
        "away": queries.away_today(request.user, today=today),
        "next_exception": queries.next_exception(today),
        "today": today,
    }
    return render(request, "people/organisation.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def departments(request: HttpRequest) -> HttpResponse:
    """Show the tree of the departments one oversees, with their staff."""
    today, closed_too = timezone.localdate(), bool(request.GET.get("closed"))
    shown = permissions.departments_overseen(request.user)
    context = {
        "lines": queries.department_tree(shown if closed_too else shown.open_on(today)),
        "closed_too": closed_too,
        "may_change": permissions.may_keep(request.user, None),
        "today": today,
    }
    return render(request, "people/departments.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def windows(request: HttpRequest) -> HttpResponse:
    """Show halls, sections and windows, and how many of those one oversees are posted to each window."""
    today = timezone.localdate()
    context = {
        "halls": queries.halls_with_windows(request.user, today=today),
        "closed_too": bool(request.GET.get("closed")),
        "may_change": permissions.may_keep(request.user, None),
        "today": today,
    }
    return render(request, "people/windows.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def part(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show one part: what it is, who is in it, what became of it, and how to change it."""
    found = _fetch(request.user, kind, code)
    return _part_page(request, kind, found, _change_forms(found))


@allow(KEEPERS)
@require_POST
@never_cache
def change_part(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Rename, move, close or open the part again; a refusal is shown beside what was typed."""
    found = _fetch(request.user, kind, code)
    _require_whole_centre(request.user)
    act = request.POST.get("act", "")
    changes = _change_forms(found, request.POST, act)
    form = changes.get(act)
    if form is None or not form.is_valid():
        return _part_page(request, kind, found, changes, failed=form)
    try:
        DEEDS[act](found, form.cleaned_data, {"by": request.user, "at": timezone.now()})
    except services.PeopleError as refusal:
        form.add_error(None, str(refusal))
        return _part_page(request, kind, _fetch(request.user, kind, code), changes, failed=form)
    messages.success(request, _("Saved."))
    return redirect("people:part", kind=kind, code=code)


@allow(KEEPERS)
@never_cache
def add_part(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a department, hall, section, window or position."""
    _require_whole_centre(request.user)
    chosen = KINDS[kind]
    form = chosen.add_form(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            added = chosen.add(**form.cleaned_data, by=request.user, at=timezone.now())
        except services.PeopleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(part)s was added.") % {"part": added})
            return redirect("people:part", kind=kind, code=getattr(added, chosen.key))
    return render(request, "people/add_part.html", {"form": form, "kind": chosen})


DEEDS: Mapping[str, Callable[[Any, dict[str, Any], dict[str, Any]], None]] = {
    "rename": lambda part, data, trail: services.rename_part(part=part, **data, **trail),
    "close": lambda part, data, trail: services.close_part(part=part, **data, **trail),
    "reopen": lambda part, _data, trail: services.reopen_part(part=part, **trail),
    "move": lambda part, data, trail: (
        services.move_department(department=part, **data, **trail)
        if isinstance(part, Department)
        else services.move_window(window=part, **data, **trail)
    ),
}


def _change_forms(found: Part, data: Any = None, act: str = "") -> dict[str, forms.Form]:
    """Return the forms that change the part, by what they do; the one that was sent holds what was typed."""
    typed = {act: data}
    today = timezone.localdate()
    rename = forms_of_parts.RenameWindowForm if isinstance(found, Window) else forms_of_parts.RenameForm
    made: dict[str, forms.Form] = {"rename": rename(typed.get("rename"), initial={"name": found.name}, prefix="r")}
    if isinstance(found, Department):
        parent = found.get_parent()
        initial = {"parent": parent.code if parent else None}
        made["move"] = forms_of_parts.MoveDepartmentForm(typed.get("move"), part=found, initial=initial, prefix="m")
    elif isinstance(found, Window):
        initial = {"section": found.section.code, "starts_on": today}
        made["move"] = forms_of_parts.MoveWindowForm(typed.get("move"), initial=initial, prefix="m")
    if found.until is None:
        made["close"] = forms_of_parts.CloseForm(typed.get("close"), initial={"last_day": today}, prefix="c")
    else:
        made["reopen"] = forms.Form(typed.get("reopen"), prefix="o")
    return made


def _part_page(
    request: HttpRequest, kind: str, found: Part, changes: dict[str, forms.Form], failed: forms.Form | None = None
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "part": found,
        "kind": KINDS[kind],
        "kind_name": kind,
        "code": getattr(found, KINDS[kind].key),
        "staff": queries.staff_of(found, request.user, today=today),
        "history": queries.history_of(found),
        "changes": changes,
        "form": failed,
        "may_change": permissions.may_keep(request.user, None),
        "today": today,
    }
    return render(request, "people/part.html", context)


def _fetch(viewer: User, kind: str, code: str) -> Any:
    chosen = KINDS[kind]
    if kind == "departments":
        return get_object_or_404(permissions.departments_overseen(viewer), code=code)
    if kind == "windows":
        number = int(code) if code.isdecimal() and len(code) < len(str(services.LAST_WINDOW)) + 1 else 0
        return get_object_or_404(Window.objects.select_related("section__hall"), number=number)
    return get_object_or_404(chosen.model, code=code)


def _require_whole_centre(user: User) -> None:
    if not permissions.may_keep(user, None):
        raise PermissionDenied
