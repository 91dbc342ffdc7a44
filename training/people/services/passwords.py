"""Choosing and changing one's password."""

from datetime import datetime

from django.db import transaction

from training.operations.services import record
from training.people.models import LoginCode, User

from .sessions import end_sessions_of


@transaction.atomic
def choose_password(*, person: User, password: str, at: datetime, keep_session: str = "") -> None:
    """Give the person that password, use up their one-time code, and sign them out everywhere else.

    The password has been judged by the form. `keep_session` is the key of the session they do it in, whose hash the
    caller brings up to date.
    """
    used = LoginCode.objects.pending().filter(person=person).update(used_at=at)
    person.set_password(password)
    person.password_chosen_at = at
    person.save(update_fields=["password", "password_chosen_at"])
    end_sessions_of([person], except_key=keep_session)
    action = "people.password_chosen" if used else "people.password_changed"
    record(action=action, by=person, subject=person, person=person, at=at)
