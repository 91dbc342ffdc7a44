"""The views of the staff list one keeps: saving, opening, renaming, deleting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow
from training.people import services
from training.people.forms import StaffFilterForm, ViewNameForm
from training.people.models import SavedView

from .staff import OVERSEERS


@allow(OVERSEERS)
@require_safe
@never_cache
def saved_views(request: HttpRequest) -> HttpResponse:
    """List the views one keeps, to open, rename and delete them."""
    return render(request, "people/saved_views.html", {"views": request.user.saved_views.all()})


@allow(OVERSEERS)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter in the address under the name that was typed, and go on with it."""
    query = StaffFilterForm(request.GET, viewer=request.user).address()
    back = f"{reverse('people:staff')}?{query}"
    form = ViewNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: type a name of up to 60 characters."))
        return redirect(back)
    try:
        services.save_view(person=request.user, name=form.cleaned_data["name"], query=query)
    except services.PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved as %(name)s.") % {"name": form.cleaned_data["name"]})
    return redirect(back)


@allow(OVERSEERS)
@require_POST
def rename_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one of one's own views another name."""
    view, form = _own(request, pk), ViewNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: type a name of up to 60 characters."))
        return redirect("people:saved_views")
    try:
        services.rename_view(view=view, name=form.cleaned_data["name"])
    except services.PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Renamed to %(name)s.") % {"name": view.name})
    return redirect("people:saved_views")


@allow(OVERSEERS)
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of one's own views."""
    view = _own(request, pk)
    services.delete_view(view=view)
    messages.success(request, _("%(name)s was deleted.") % {"name": view.name})
    return redirect("people:saved_views")


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(request.user.saved_views, pk=pk)
