"""What this app keeps about a person."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.lib.personal import Part

from .models import Access, Leave, LoginCode, RoleGrant, SavedView, Shift, User

ACTS = ("people.ApiKey.made_by", "people.ApiKey.revoked_by", "people.LoginCode.made_by")


def parts(person: User) -> Iterator[Part]:
    """Yield profile, postings, roles, who may see them and whom they may see, leave, shifts, sign-in, saved views."""
    yield Part("profile", _("Profile"), [person], profile_columns(), ())
    yield Part(
        "postings",
        _("Postings"),
        person.postings.select_related("position", "department", "section", "window").order_by("starts_on"),
        {
            "position": _("Position"),
            "department": _("Department"),
            "section": pgettext("of a hall", "Section"),
            "window": _("Window"),
            "starts_on": _("First day"),
            "until": _("Last day"),
        },
        ("people.Posting.person",),
    )
    yield Part(
        "roles",
        _("Roles"),
        RoleGrant.objects.filter(person=person).select_related("department").order_by("starts_on"),
        {"role": _("Role"), "department": _("Department"), "starts_on": _("First day"), "until": _("Last day")},
        ("people.RoleGrant.person",),
    )
    yield Part(
        "saved-views",
        _("Saved views"),
        SavedView.objects.filter(person=person),
        {"name": pgettext("person", "Name"), "query": _("Filter")},
        ("people.SavedView.person",),
    )
    yield from _access(person)
    yield from _times(person)
    yield from _sign_in(person)


def profile_columns() -> dict[str, str]:
    return {
        "staff_number": _("Staff number"),
        "display_name": pgettext("person", "Name"),
        "latin_name": _("Name in Latin letters"),
        "department": _("Department"),
        "email": _("E-mail"),
        "email_confirmed_at": _("E-mail confirmed"),
        "language": _("Language"),
        "is_active": _("On the staff"),
        "date_joined": _("Joined"),
        "last_login": _("Last sign-in"),
    }


def _access(person: User) -> Iterator[Part]:
    days = {"why": _("Reason"), "starts_on": _("First day"), "until": _("Last day")}
    rows = Access.objects.select_related("viewer", "subject").order_by("starts_on")
    yield Part(
        "seen-by",
        _("Who may see the record by a relation"),
        rows.filter(subject=person),
        {"viewer": _("Person"), **days},
        ("people.Access.subject",),
    )
    yield Part(
        "may-see",
        _("Whose record they may see by a relation"),
        rows.filter(viewer=person),
        {"subject": _("Person"), **days},
        ("people.Access.viewer",),
    )


def _times(person: User) -> Iterator[Part]:
    yield Part(
        "leave",
        _("Leave"),
        Leave.objects.filter(person=person).order_by("starts_on"),
        {"kind": _("Kind"), "starts_on": _("First day"), "until": _("Last day")},
        ("people.Leave.person",),
    )
    yield Part(
        "shifts",
        _("Shifts"),
        Shift.objects.filter(person=person).select_related("window").order_by("day", "-half"),
        {"day": _("Day"), "half": _("Half of the day"), "window": _("Window")},
        ("people.Shift.person",),
    )


def _sign_in(person: User) -> Iterator[Part]:
    """Yield what opens the door to the person, without anything that would open it to another."""
    yield Part(
        "login-codes",
        _("One-time codes"),
        LoginCode.objects.filter(person=person).order_by("made_at"),
        {"made_at": _("Made"), "expires_at": _("Good until"), "used_at": _("Used")},
        ("people.LoginCode.person",),
    )
    yield Part(
        "sessions",
        _("Sessions"),
        UserSession.objects.filter(user=person).order_by("created_at"),
        {"created_at": _("Since"), "last_seen_at": _("Last seen"), "ip": _("Address"), "user_agent": _("Device")},
        (),
    )
    yield Part(
        "second-factors",
        _("Second factors"),
        Authenticator.objects.filter(user=person).order_by("created_at"),
        {"type": _("Kind"), "created_at": _("Since"), "last_used_at": _("Last used")},
        (),
    )
