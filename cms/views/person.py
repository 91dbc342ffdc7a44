"""One person's page, and leaving: what concerns every app is put together on the highest floor."""

from copy import copy

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms import leaving
from cms.person import person_page
from training.lib.access import SIGNED_IN, allow
from training.lib.previewed import previewed
from training.operations.services import record_reading
from training.people import permissions, previews, queries, services
from training.people.record_forms import LastDayForm, first_day
from training.people.views.records import KEEPERS, REFUSALS, done, kept_person, of_person


@allow(SIGNED_IN)
@require_safe
@never_cache
def person(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show one person's record to those who may see it, each part to those it is for; to others there is nobody."""
    today = timezone.localdate()
    visible = queries.with_record(permissions.visible_staff(request.user, today=today), today=today)
    found = get_object_or_404(visible, staff_number=staff_number)
    record_reading(action="people.record_read", by=request.user, subject=found, person=found, at=timezone.now())
    shown = person_page(person=found, viewer=request.user, today=today)
    sees_list = bool(permissions.OVERSEERS & request.user.role_names)
    return render(request, "cms/person.html", {"page": shown, "person": found, "today": today, "sees_list": sees_list})


@allow(KEEPERS)
@never_cache
def leave(request: HttpRequest, staff_number: str) -> HttpResponse:
    """End somebody's employment: what every app hands over is told first."""
    leaver, now = kept_person(request, staff_number), timezone.now()
    page = previewed(
        request,
        form=LastDayForm(request.POST or None, initial=first_day(timezone.localdate(now))),
        do=lambda facts: services.leave(person=copy(leaver), **facts, by=request.user, at=now),
        foresee=lambda facts: [*previews.of_leaving(leaver, facts), *leaving.of_leaving(leaver)],
        refusals=REFUSALS,
        context=of_person(leaver, title=_("Leaves"), verb=_("End the employment"), danger=True),
    )
    return page or done(request, leaver, _("%(person)s has left.") % {"person": leaver})
