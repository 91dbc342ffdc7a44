"""What people choose for themselves."""

from datetime import datetime

from django.db import transaction

from training.operations.services import record
from training.people.models import User


@transaction.atomic
def choose_language(*, person: User, language: str, at: datetime) -> None:
    """Speak `language`, one of the platform's, to the person from now on."""
    if person.language == language:
        return
    before = {"language": person.language}
    person.language = language
    person.save(update_fields=["language"])
    record(
        action="people.language_chosen",
        by=person,
        subject=person,
        person=person,
        at=at,
        before=before,
        after={"language": language},
    )


@transaction.atomic
def keep_confirmed_email(*, person: User, email: str, at: datetime) -> None:
    """Keep the address, which the person has shown to be theirs."""
    before = _keep_email(person, email, confirmed_at=at)
    record(
        action="people.email_confirmed",
        by=person,
        subject=person,
        person=person,
        at=at,
        before=before,
        after={"email": email},
    )


@transaction.atomic
def remove_email(*, person: User, at: datetime) -> None:
    """Forget the person's address; nothing reaches them by mail then."""
    if not person.email:
        return
    before = _keep_email(person, "", confirmed_at=None)
    record(action="people.email_removed", by=person, subject=person, person=person, at=at, before=before)


def _keep_email(person: User, email: str, *, confirmed_at: datetime | None) -> dict[str, str]:
    before = {"email": person.email}
    person.email, person.email_confirmed_at = email, confirmed_at
    person.save(update_fields=["email", "email_confirmed_at"])
    return before
