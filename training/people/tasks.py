"""What the worker and the tick do for people."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from training.lib.imports import Progress, Silent
from training.lib.texts import text_in
from training.operations.models import ImportRun
from training.operations.progress import JobError

from . import services, slips
from .models import Centre, User
from .services import importing


def check_import(*, run: str, progress: Progress | None = None) -> dict[str, Any]:
    """Say what a list would do; a list that is checked already or called off meanwhile is left alone."""
    found = ImportRun.objects.get(pk=run)
    if found.state == ImportRun.State.CHECKING:
        importing.check_import(run=found, at=timezone.now(), progress=progress or Silent())
    return counts(found)


def apply_import(*, run: str, progress: Progress | None = None) -> dict[str, Any]:
    """Write a list; after kill -9 the next try does it once."""
    found = ImportRun.objects.get(pk=run)
    try:
        return counts(importing.apply_import(run=found, at=timezone.now(), progress=progress or Silent()))
    except services.PeopleError as refusal:
        raise JobError(str(refusal)) from refusal


def counts(run: ImportRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in ("state", "created", "changed", "unchanged", "faulty")}


def discard_expired_uploads(*, now: datetime) -> None:
    """Forget lists that nobody confirmed, and refused rows of long ago."""
    importing.forget_expired(now=now)


def mirror_roles(*, now: datetime) -> None:
    """Let roles that begin or end today count in Django's groups too."""
    services.mirror_roles(today=timezone.localtime(now).date())


def discard_expired_slips(*, now: datetime) -> None:
    """Forget printed codes that nobody took, and tries that no longer count."""
    services.discard_expired_slips(now=now)
    services.discard_expired_tallies(now=now)


@sensitive_variables()
def make_slips(*, owner: int, people: list[int], token: str, progress: Any = None) -> dict[str, Any]:
    """Make codes for these people and keep their slips for `owner` to take once by the token.

    Returns how many, or in words (`problem`) why there are none; then nothing has changed. Done a second time, after
    the worker was killed, it makes new codes, and those before end.
    """
    now, keeper = timezone.now(), User.objects.get(pk=owner)
    valid_for = timedelta(days=settings.LOGIN_CODE_DAYS)
    fresh = {pk: services.new_login_code() for pk in people}
    with translation.override(keeper.language):
        try:
            # Drawn first: when a name cannot be printed nothing has changed, and no lock is held meanwhile.
            pdf = drawn(fresh, until=timezone.localdate(now + valid_for))
            services.issue_codes(codes=fresh, valid_for=valid_for, by=keeper, at=now)
        except slips.UnprintableName as error:
            text = _(
                "No font here has the character “%(character)s” in the name of %(number)s. Leave them out for now."
            )
            return {"problem": text % {"character": error.character, "number": error.slip.staff_number}}
        except services.PeopleError as error:
            return {"problem": str(error)}
    services.keep_slips(owner=keeper, token=token, pdf=pdf)
    return {"people": len(people)}


@sensitive_variables()
def drawn(codes: dict[int, str], *, until: date) -> bytes:
    """Return the sheets of slips with these codes, by staff number."""
    centre = Centre.load()
    return slips.slips_pdf(
        [
            slips.Slip(person.staff_number, person.display_name, person.latin_name, codes[person.pk])
            for person in User.objects.filter(pk__in=codes).order_by("staff_number")
        ],
        centre_zh=text_in(centre.name, "zh-hans"),
        centre_en=text_in(centre.name, "en"),
        address=settings.PUBLIC_URL,
        until=until,
    )
