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
