"""Everything kept about a person: asked for by themselves or by who keeps their record, and taken."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.accountability import services
from training.accountability.models import PersonalCopy
from training.accountability.queries.copies import copies_for
from training.lib.access import SIGNED_IN, allow, roles
from training.people import permissions
from training.people.models import User

KEEPERS = roles(*permissions.KEEPERS)


@allow(SIGNED_IN)
@require_safe
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    """Show the copies one has asked for of what is kept about oneself."""
    return _page(request, request.user)


@allow(KEEPERS)
@require_safe
@never_cache
def data_of(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show the copies one has asked for of what is kept about somebody whose record one keeps."""
    return _page(request, kept_person(request, staff_number))


@allow(SIGNED_IN)
@require_POST
def ask_mine(request: HttpRequest) -> HttpResponse:
    """Have a copy made of what is kept about oneself."""
    _ask(request, request.user)
    return redirect("accountability:my_data")


@allow(KEEPERS)
@require_POST
def ask_of(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Have a copy made of what is kept about somebody whose record one keeps."""
    person = kept_person(request, staff_number)
    _ask(request, person)
    return redirect("accountability:data_of", person.staff_number)


@allow(SIGNED_IN)
@require_POST
@never_cache
def take(request: HttpRequest, pk: UUID) -> FileResponse:
    """Send a copy to whoever asked for it, while they may have it; to all others there is none."""
    now = timezone.now()
    mine = PersonalCopy.objects.select_related("person").filter(asked_by=request.user, expires_at__gt=now)
    copy = get_object_or_404(mine.exclude(ready_at=None), pk=pk)
    if copy.person_id != request.user.pk:
        kept_person(request, copy.person.staff_number)
    try:
        opened = services.open_copy(copy=copy, by=request.user, at=now)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"personal-data-{copy.person.staff_number}-{timezone.localdate(copy.ready_at)}.zip"
    return FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")


def kept_person(request: HttpRequest, staff_number: str) -> User:
    """Return somebody whose record the viewer keeps; of all others there is nobody of that number."""
    visible = permissions.visible_staff(request.user, today=timezone.localdate()).select_related("department")
    person = get_object_or_404(visible, staff_number=staff_number)
    if person.pk == request.user.pk or not permissions.may_touch(request.user, person):
        raise Http404
    return person


def _ask(request: HttpRequest, person: User) -> None:
    services.ask_copy(person=person, by=request.user, language=get_language() or "", at=timezone.now())
    messages.success(request, _("The copy is being made. It is kept here for seven days."))


def _page(request: HttpRequest, person: User) -> HttpResponse:
    now = timezone.now()
    context = {
        "person": person,
        "own": person.pk == request.user.pk,
        "copies": copies_for(request.user, person=person, at=now),
        "today": timezone.localdate(now),
    }
    return render(request, "accountability/data.html", context)
