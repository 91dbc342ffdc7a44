"""Matters and bundles as the staff read them; which window serves what, as HR keeps it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import SIGNED_IN, allow, roles
from training.lib.texts import Texts, text_in
from training.matters import queries, services
from training.matters.comparison import compare
from training.matters.forms import CompareForm, ServesForm
from training.matters.notice import notice_of
from training.matters.permissions import ASKERS, may_keep_files
from training.matters.presentation import bundle_page, matter_page
from training.matters.queries import windows as windows_queries
from training.people import permissions
from training.people.models import Window
from training.people.services import PeopleError

OVERSEERS = roles(*permissions.OVERSEERS)
KEEPERS = roles(*permissions.KEEPERS)
PARTS = {"label": gettext_lazy("Label"), "heading": gettext_lazy("Heading"), "text": gettext_lazy("Text")}


@allow(SIGNED_IN)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """List the matters by department, and the bundles."""
    context = {"departments": queries.matters_by_department(), "bundles": queries.published_bundles()}
    context["may_keep_files"] = may_keep_files(request.user)
    return render(request, "matters/list.html", context)


@allow(SIGNED_IN)
@require_safe
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show a matter as last published; 404 for one that never was, or is withdrawn."""
    version = queries.latest_matter(code)
    if version is None:
        raise Http404
    return render(request, "matters/matter.html", {"page": matter_page(version), "code": code})


@allow(SIGNED_IN)
@require_safe
@never_cache
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show the sheet an applicant is given, in the language asked for (`in`), with what was ticked (`have`)."""
    version = queries.latest_matter(code)
    if version is None:
        raise Http404
    have = {int(place) for place in request.GET.getlist("have") if place.isascii() and place.isdigit()}
    chosen, today = request.GET.get("in"), timezone.localdate()
    language = chosen if chosen in dict(settings.LANGUAGES) else get_language()
    with override(language):
        told = notice_of(version, have=have, clerk=request.user, day=today)
        sheet = render_to_string("matters/notice_sheet.html", {"notice": told, "clerk": request.user, "today": today})
    others = [other for other, _name in settings.LANGUAGES if other != language]
    context = {"sheet": sheet, "language": language, "name": text_in(version.name), "matter": code, "others": others}
    return render(request, "matters/notice.html", context)


@allow(SIGNED_IN)
@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Show a bundle as last published; 404 for one that never was, or is withdrawn."""
    version = queries.latest_bundle(code)
    if version is None:
        raise Http404
    return render(request, "matters/bundle.html", {"page": bundle_page(version), "code": code})


@allow(SIGNED_IN)
@require_safe
def clause(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Show a clause with all its texts, and two of them compared; 404 for one that was never published."""
    history = queries.clause_history(slug, uid, timezone.localdate())
    if history is None:
        raise Http404
    form, pair = None, None
    if len(history.texts) > 1:
        form = CompareForm(request.GET or None, options=[(one.number, _said(one)) for one in history.texts])
        old, new = (history.text(number) for number in form.pair())
        pair = (old, new) if old and new else None
    context = {
        "history": history,
        "shown": history.now or history.texts[0],
        "form": form,
        "pair": pair,
        "changes": [(PARTS[name], found) for name, found in queries.compare_texts(*pair)] if pair else [],
        "may_ask": bool(ASKERS & request.user.role_names),
    }
    return render(request, "matters/clause.html", context)


def _said(text: queries.TextOfClause) -> str:
    since = date_format(text.first, "Y-m-d") if text.first else ""
    return _("Text %(number)d, from %(day)s") % {"number": text.number, "day": since}


@allow(SIGNED_IN)
@require_safe
def matter_versions(request: HttpRequest, code: str) -> HttpResponse:
    """List the versions of a matter and compare two; 404 as for its page."""
    newest = queries.latest_matter(code)
    if newest is None:
        raise Http404
    versions = {version.number: version for version in queries.versions_of_matter(newest.matter)}
    return _versions(request, newest.name, "matters:matter", code, versions, matter_page)


@allow(SIGNED_IN)
@require_safe
def bundle_versions(request: HttpRequest, code: str) -> HttpResponse:
    """List the versions of a bundle and compare two; 404 as for its page."""
    newest = queries.latest_bundle(code)
    if newest is None:
        raise Http404
    versions = {version.number: version for version in queries.versions_of_bundle(newest.bundle)}
    return _versions(request, newest.name, "matters:bundle", code, versions, bundle_page)


def _versions(
    request: HttpRequest, name: Texts, back: str, code: str, versions: Mapping[int, Any], page: Callable[[Any], Any]
) -> HttpResponse:
    form, changes = None, []
    if len(versions) > 1:
        told = [(one.number, f"{one.number}: {date_format(one.published_at, 'Y-m-d')}") for one in versions.values()]
        form = CompareForm(request.GET or None, options=told)
        changes = compare(*(page(versions[number]) for number in form.pair()))
    context = {"name": text_in(name), "back": reverse(back, args=[code])}
    context |= {"versions": versions.values(), "form": form, "changes": changes}
    return render(request, "matters/versions.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def windows(request: HttpRequest) -> HttpResponse:
    """List the open windows with what each serves today, and what no window serves."""
    today = timezone.localdate()
    context = {
        "windows": windows_queries.windows_with_matters(today),
        "unserved": windows_queries.unserved(today),
        "may_change": permissions.may_keep(request.user, None),
    }
    return render(request, "matters/windows.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def window(request: HttpRequest, number: int) -> HttpResponse:
    """Show what one window serves, served and is to serve; HR of the whole centre changes it here."""
    found = get_object_or_404(Window.objects.select_related("section__hall"), number=number)
    return _window_page(request, found)


@allow(KEEPERS)
@require_POST
@never_cache
def change_window(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the window serves from a day on."""
    found = get_object_or_404(Window.objects.select_related("section__hall"), number=number)
    if not permissions.may_keep(request.user, None):
        raise PermissionDenied
    choices = windows_queries.choices_for(found, timezone.localdate())
    form = ServesForm(request.POST, matters=[choice.matter for choice in choices])
    if not form.is_valid():
        return _window_page(request, found, form)
    data = form.cleaned_data
    try:
        services.set_window_matters(
            served={found: list(data["matters"])}, starts_on=data["starts_on"], by=request.user, at=timezone.now()
        )
    except PeopleError as refusal:
        form.add_error(None, str(refusal))
        return _window_page(request, found, form)
    messages.success(request, _("What %(window)s serves was saved.") % {"window": found})
    return redirect("matters:window", number=number)


def _window_page(request: HttpRequest, found: Window, form: ServesForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    choices = windows_queries.choices_for(found, today)
    matters = [choice.matter for choice in choices]
    chosen = {choice.matter.code for choice in choices if choice.since is not None}
    context = {
        "window": found,
        "choices": choices,
        "chosen": set(form.data.getlist("matters")) if form else chosen,
        "form": form or ServesForm(initial={"starts_on": today}, matters=matters),
        "history": windows_queries.history_of_window(found),
        "may_change": permissions.may_keep(request.user, None) and found.until is None,
        "today": today,
    }
    return render(request, "matters/window.html", context)
