"""The first rows of an empty installation: the centre, its first departments, and the first two who may sign in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.lib.names import search_key
from training.operations.services import record
from training.people.models import Centre, Department, Role, User

from .calendar import CalendarRow, set_calendar
from .checks import require_free_number, require_names
from .errors import PeopleError
from .roles import grant_role

FOUNDER = "set-up assistant"


class AlreadyFoundError(PeopleError):
    """There are people already: somebody else was first."""


@dataclass(frozen=True)
class FirstDepartment:
    """A department by its code; `parent` is the code of one that comes before it, "" at the top."""

    code: str
    name: Mapping[str, str]
    parent: str = ""


@dataclass(frozen=True)
class FirstAccount:
    """Somebody who may sign in from the start, with the role over the whole centre; the password is already hashed."""

    role: Role
    staff_number: str
    display_name: str
    latin_name: str
    language: str
    department: str
    password: str


@transaction.atomic
def found(
    *,
    centre: Centre,
    departments: Sequence[FirstDepartment],
    accounts: Sequence[FirstAccount],
    calendar: Sequence[CalendarRow] = (),
    at: datetime,
) -> None:
    """Make the centre, its departments in the order given, the accounts and the calendar: all of it or nothing.

    Raises `AlreadyFoundError` when there are people, also when they came a moment ago from another browser, and
    `PeopleError` for a staff number or name that cannot be one.
    """
    _claim(centre)
    record(action="people.centre_founded", by=FOUNDER, subject=centre, at=at, after={"code": centre.code})
    made: dict[str, Department] = {}
    for one in departments:
        fields = {"code": one.code, "name": dict(one.name)}
        # treebeard counts children on the object it is asked, which may be older than the row
        above = Department.objects.get(pk=made[one.parent].pk) if one.parent else None
        department = above.add_child(**fields) if above else Department.add_root(**fields)
        made[one.code] = department
        record(action="people.department_founded", by=FOUNDER, subject=department, at=at, after={"parent": one.parent})
    for account in accounts:
        _open_account(account, made.get(account.department), at)
    set_calendar(rows=calendar, by=FOUNDER, at=at)


def _claim(centre: Centre) -> None:
    """Save the one row of the centre; of two who come together the second waits here, and finds people."""
    Centre.objects.select_for_update().filter(pk=1).first()
    if User.objects.exists():
        raise AlreadyFoundError(_("This installation has been set up."))
    centre.pk = 1
    try:
        with transaction.atomic():
            centre.save()
    except IntegrityError as error:
        raise AlreadyFoundError(_("This installation has been set up.")) from error


def _open_account(account: FirstAccount, department: Department | None, at: datetime) -> None:
    require_free_number(account.staff_number)
    require_names(account.display_name, account.latin_name)
    user = User.objects.create(
        staff_number=account.staff_number,
        display_name=account.display_name,
        latin_name=account.latin_name,
        search_key=search_key(account.display_name, account.latin_name),
        language=account.language,
        department=department,
        password=account.password,
        date_joined=at,
    )
    record(action="people.account_founded", by=FOUNDER, subject=user, person=user, at=at, after={"role": account.role})
    today = timezone.localtime(at).date()
    grant_role(person=user, role=account.role, department=None, starts_on=today, until=None, by=FOUNDER, at=at)
