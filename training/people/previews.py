"""What an act on a record would come to, in sentences, before anybody confirms it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.lib.templatetags.words import day

from .models import Department, Posting, Role, RoleGrant, User


def place_words(facts: dict[str, Any]) -> str:
    """Return where a form puts somebody, in words."""
    window = facts.get("window")
    section = window.section if window else facts.get("section")
    parts = [facts.get("position"), facts.get("department"), section, window]
    return _(", ").join(str(part) for part in parts if part is not None)


def of_hiring(facts: dict[str, Any]) -> Iterator[str]:
    """Tell what taking somebody on means."""
    names = {"name": facts["display_name"], "number": facts["staff_number"]}
    yield _("%(name)s comes on record with the staff number %(number)s.") % names
    yield _("The first posting, from %(day)s: %(place)s.") % {
        "day": day(facts["starts_on"]),
        "place": place_words(facts),
    }
    yield _("They cannot sign in until you give them a one-time code.")


def of_change(person: User, facts: dict[str, Any]) -> Iterator[str]:
    """Tell which facts change."""
    labels = {"display_name": _("Name"), "latin_name": _("Name in Latin letters"), "language": _("Language")}
    for name, value in facts.items():
        before = getattr(person, name)
        if before != value:
            label = labels.get(name, _("E-mail"))
            yield _("%(fact)s: “%(before)s” becomes “%(after)s”.") % {"fact": label, "before": before, "after": value}
    if facts["display_name"] != person.display_name or facts["latin_name"] != person.latin_name:
        yield _("Certificates already issued keep the name they were issued in.")


def of_move(person: User, facts: dict[str, Any], *, today: date) -> Iterator[str]:
    """Tell what ends, what begins, who sees the record afterwards."""
    last_day = facts["starts_on"] - timedelta(days=1)
    if current := person.postings.filter(until=None).select_related("position", "department").first():
        yield _("The posting as %(posting)s ends on %(day)s.") % {"posting": current, "day": day(last_day)}
    yield _("The new one, from %(day)s: %(place)s.") % {"day": day(facts["starts_on"]), "place": place_words(facts)}
    department: Department = facts["department"]
    if person.department is not None and department.pk != person.department_id:
        told = {"before": person.department, "after": department}
        yield _("Heads and HR of %(before)s no longer see the record; those of %(after)s do.") % told
        yield from _roles_over(person, person.department, today)
    yield from _loans(person, last_day)
    if shifts := person.shifts.filter(day__gte=facts["starts_on"]).exclude(window=facts.get("window")).count():
        told = ngettext(
            "%(count)d shift at another window stays on the roster; change it there.",
            "%(count)d shifts at another window stay on the roster; change them there.",
            shifts,
        )
        yield told % {"count": shifts}


def of_loan(facts: dict[str, Any]) -> Iterator[str]:
    """Tell for how long, and who sees the record meanwhile."""
    window = facts["window"]
    place = window or facts["section"]
    days = {"first": day(facts["starts_on"]), "last": day(facts["until"]), "place": place}
    yield _("From %(first)s to %(last)s at %(place)s; it ends by itself.") % days
    yield _("Department and position stay, and so does what the position asks for.")
    section = (window.section if window else facts["section"]) or ""
    yield _("The head of the section %(section)s sees the record while it lasts.") % {"section": section}


def of_leaving(person: User, facts: dict[str, Any]) -> Iterator[str]:
    """Tell what of the staff record ends; higher floors add theirs."""
    last_day = facts["last_day"]
    yield _("%(person)s can no longer sign in; an open session ends with the next click.") % {"person": person}
    if current := person.postings.filter(until=None).select_related("position", "department").first():
        yield _("The posting as %(posting)s ends on %(day)s.") % {"posting": current, "day": day(last_day)}
    yield from _loans(person, last_day)
    if grants := _running(person, last_day):
        yield _("These roles end: %(roles)s.") % {"roles": roles_words(grants)}
    yield _("What was learned and earned stays on record. Somebody who comes back finds it again.")


def of_return(person: User, facts: dict[str, Any]) -> Iterator[str]:
    """Tell what comes back and what does not."""
    yield _("%(person)s is on the staff again and can sign in as before.") % {"person": person}
    yield _("The new one, from %(day)s: %(place)s.") % {"day": day(facts["starts_on"]), "place": place_words(facts)}
    yield _("History, results and certificates are there again. Roles and coaching do not come back by themselves.")


def of_role(person: User, facts: dict[str, Any]) -> Iterator[str]:
    """Tell which role is held over what."""
    part = facts.get("section") or facts["department"] or _("the whole centre")
    told = {"person": person, "role": Role(facts["role"]).label, "part": part, "day": day(facts["starts_on"])}
    if facts["until"]:
        told["until"] = day(facts["until"])
        yield _("%(person)s holds the role “%(role)s” over %(part)s from %(day)s to %(until)s.") % told
    else:
        yield _("%(person)s holds the role “%(role)s” over %(part)s from %(day)s, without an end.") % told
    yield _("It counts from the next page they open.")


def of_role_end(grant: RoleGrant, facts: dict[str, Any]) -> Iterator[str]:
    """Tell until when the role counts."""
    last_day = facts["on"] - timedelta(days=1)
    told = {"person": grant.person, "role": grant.get_role_display(), "part": grant.reach, "day": day(last_day)}
    if last_day < grant.starts_on:
        yield _("%(person)s never held the role “%(role)s” over %(part)s; it stays in the history.") % told
    else:
        yield _("%(person)s holds the role “%(role)s” over %(part)s for the last time on %(day)s.") % told


def roles_words(grants: list[RoleGrant]) -> str:
    """Return roles with what they are held over, in words."""
    return _(", ").join(f"{grant.get_role_display()} ({grant.reach})" for grant in grants)


def _roles_over(person: User, department: Department, today: date) -> Iterator[str]:
    grants = [grant for grant in _running(person, today) if grant.department_id == department.pk]
    if grants:
        told = {"roles": roles_words(grants)}
        yield _("Roles stay as they are: %(roles)s. End them under Roles if they go with the old place.") % told


def _running(person: User, last_day: date) -> list[RoleGrant]:
    later = person.role_grants.filter(Q(until=None) | Q(until__gt=last_day))
    return list(later.select_related("department", "section").order_by("role", "pk"))


def _loans(person: User, last_day: date) -> Iterator[str]:
    count = Posting.objects.filter(person=person, is_loan=True, until__gt=last_day).count()
    if count:
        yield ngettext("%(count)d loan ends too.", "%(count)d loans end too.", count) % {"count": count}
