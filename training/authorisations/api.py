"""What other systems of the centre ask: may this person handle this matter, until when, because of what."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.cache import never_cache
from ninja import Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.security import SessionAuth

from training.matters.models import ServiceMatter
from training.people.api import KeyAuth
from training.people.models import ApiKey, User
from training.people.permissions import OVERSEERS, staff_told_to, visible_staff

from .queries import may_handle

router = Router(tags=["authorisations"])


class Answer(Schema):
    """Whether a person may handle a matter on a day; `until` is the last day as things stand now."""

    staff_number: str
    matter: str
    on: date
    allowed: bool
    until: date | None
    because: str
    entrustment: int | None


@router.get(
    "/check",
    response=Answer,
    url_name="check",
    summary="May a person handle a matter on a day",
    auth=[KeyAuth(), SessionAuth(csrf=True)],
)
@decorate_view(never_cache)
def check(request: HttpRequest, staff_number: str, matter: str, on: date | None = None) -> Answer:
    """Answer for staff the asker may see; others and unknown ones are 404 alike. `on` is today when left out."""
    today = timezone.localdate()
    person = askable(request, today).filter(staff_number=staff_number).first()
    asked = ServiceMatter.objects.filter(code=matter).first()
    if person is None or asked is None:
        raise HttpError(404, "No such member of staff or matter.")
    day = on or today
    verdict = may_handle(person=person, matter=asked, day=day)
    return Answer(
        staff_number=staff_number,
        matter=matter,
        on=day,
        allowed=verdict.allowed,
        until=verdict.until,
        because=verdict.because,
        entrustment=verdict.entrustment,
    )


def askable(request: HttpRequest, today: date) -> QuerySet[User]:
    """Return the staff that the key, or the person signed in, may ask about."""
    if isinstance(request.auth, ApiKey):
        return staff_told_to(request.auth, today=today)
    if not OVERSEERS & request.user.role_names:
        raise HttpError(403, "Only those who oversee staff may ask.")
    return visible_staff(request.user, today=today)
