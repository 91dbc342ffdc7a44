"""Keeping filters of the staff list under a name.

A convenience of one person, which shows nobody more than they may see: it leaves no trace in the audit trail.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from training.people.models import SavedView, User

from .errors import PeopleError

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, person: User, name: str, query: str) -> SavedView:
    """Keep a filter under a name; one of the same name is replaced. Raises `PeopleError` past `MOST_VIEWS`."""
    kept = person.saved_views.select_for_update().in_bulk(field_name="pk")
    if len(kept) >= MOST_VIEWS and name not in {view.name for view in kept.values()}:
        text = _("You keep %(n)s views already. Delete one you no longer need, then save this one.")
        raise PeopleError(text % {"n": MOST_VIEWS})
    return SavedView.objects.update_or_create(person=person, name=name, defaults={"query": query})[0]


def rename_view(*, view: SavedView, name: str) -> None:
    """Give the view another name. Raises `PeopleError` if its owner has another of that name."""
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise PeopleError(_("You have another view called %(name)s. Choose another name.") % {"name": name}) from error


@transaction.atomic
def delete_view(*, view: SavedView) -> None:
    """Forget the view; the people it listed are not touched."""
    view.delete()
