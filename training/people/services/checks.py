"""What every change of a staff record must be: by whoever keeps it, with a number and names that can be."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import Actor
from training.people import permissions, rules
from training.people.models import Department, User

from .errors import NotAllowedError, PeopleError


def require_may_keep(by: Actor, department: Department) -> None:
    """Raise `NotAllowedError` unless `by` may change the records of the department's staff."""
    if isinstance(by, User) and not permissions.may_keep(by, department):
        raise NotAllowedError(_("You are not HR of %(department)s.") % {"department": department})


def require_may_touch(by: Actor, person: User) -> None:
    """Raise `NotAllowedError` unless `by` may change this person's record."""
    if not isinstance(by, User) or permissions.may_touch(by, person):
        return
    if permissions.is_administrator(person):
        raise NotAllowedError(_("Only an administrator changes the record of an administrator."))
    raise NotAllowedError(_("You are not HR of this person's department."))


def require_active(person: User) -> None:
    """Raise `PeopleError` for somebody who has left."""
    if not person.is_active:
        raise PeopleError(_("%(person)s has left. Take them back first.") % {"person": person})


def require_free_number(staff_number: str) -> None:
    """Raise `PeopleError` for a staff number that cannot be one, or that somebody has."""
    if not rules.is_staff_number(staff_number):
        raise PeopleError(_("A staff number is up to 30 letters and digits."))
    if User.objects.filter(staff_number__iexact=staff_number).exists():
        raise PeopleError(_("The staff number %(number)s is taken.") % {"number": staff_number})


def require_names(display_name: str, latin_name: str) -> None:
    """Raise `PeopleError` for a name that cannot be one."""
    if not rules.is_name(display_name):
        raise PeopleError(_("A name begins with a letter and stands on one line."))
    if latin_name and not rules.is_latin_name(latin_name):
        raise PeopleError(_("The name in Latin letters may hold no others."))


def require_not_ahead(day: date, at: datetime) -> None:
    """Raise `PeopleError` when the day is after the day of `at`: home department and roles change at once."""
    if day > timezone.localtime(at).date():
        raise PeopleError(_("The day lies ahead. Enter it when it has come."))
