"""A staff record without anybody in it: what stays of somebody who was made anonymous."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from training.lib.names import search_key
from training.people.models import Centre, User

from .errors import PeopleError
from .sessions import forget_sessions_of


def anonymous_name(person: User) -> str:
    """Return what stands where the name stood, in the centre's language."""
    with translation.override(Centre.load().source_language):
        return _("Former staff member %(number)s") % {"number": person.pk}


@transaction.atomic
def forget_person(*, person: User, at: datetime) -> None:
    """Take names, staff number, e-mail address and password out of the record of somebody who has left.

    Called by the erasure, which records it. Raises `PeopleError` for somebody who works here.
    """
    kept = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if kept.is_active:
        raise PeopleError(_("%(person)s works here.") % {"person": kept})
    forget_sessions_of(kept)
    name = anonymous_name(kept)
    kept.display_name, kept.latin_name, kept.search_key = name, "", search_key(name, "")
    kept.staff_number, kept.email = f"former-{kept.pk}", ""
    kept.last_login = kept.password_chosen_at = kept.email_confirmed_at = None
    kept.is_superuser = False
    kept.erased_at = at
    kept.set_unusable_password()
    kept.save()
