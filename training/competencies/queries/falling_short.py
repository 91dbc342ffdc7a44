"""Who falls short of what their position asks for, as the staff list is narrowed by it."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from training.competencies.models import Proficiency, Target
from training.people.models import Posting
from training.people.models.staff import UserQuerySet
from training.people.queries import FurtherFilter

NONE_HELD = "none"


def lacking(person: OuterRef, today: date) -> Q:
    """Return the condition on targets that `person` does not hold, where the query has people further out."""
    lacks = Q()
    for level in (1, 2, 3, 4, 5):
        held = Proficiency.objects.filter(person=person, competency=OuterRef("competency"))
        if level > 1:
            held = held.filter(**{f"held_until_{level}__gt": today})
        lacks |= Q(level=level) & ~Exists(held)
    return lacks


def staff_filters() -> list[FurtherFilter]:
    """Return the filter by how many of the levels asked for somebody lacks."""
    choices = [
        ("", _("Any")),
        ("1", _("Below it in 1 competency or more")),
        ("3", _("Below it in 3 competencies or more")),
        ("5", _("Below it in 5 competencies or more")),
        (NONE_HELD, _("None of them held")),
    ]
    return [FurtherFilter("gaps", _("Level asked for"), choices, falling_short)]


def falling_short(people: UserQuerySet, choice: str, today: date) -> UserQuerySet:
    """Keep the people below the level their position asks for in so many competencies, or in all it asks for."""
    asked = _asked_of_them(today)
    short = asked.filter(lacking(OuterRef(OuterRef("pk")), today))
    if choice == NONE_HELD:
        return people.filter(Exists(asked), ~Exists(asked.filter(~lacking(OuterRef(OuterRef("pk")), today))))
    return people.alias(short_of=_count(short)).filter(short_of__gte=int(choice))


def _asked_of_them(today: date) -> "QuerySet[Target]":
    """Return the targets of the position the person of the outer query holds as their own."""
    own = Posting.objects.on(today).own().filter(person=OuterRef(OuterRef("pk")), position=OuterRef("position"))
    return Target.objects.on(today).filter(Exists(own))


def _count(targets: "QuerySet[Target]") -> Coalesce:
    return Coalesce(Subquery(targets.order_by().values("position").annotate(n=Count("pk")).values("n")[:1]), 0)
