"""One rule for matters and bundles: a change in the source language makes a version, a translation does not."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from training.matters.rules import in_one_language
from training.operations.services import record
from training.people.models import Centre, User

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def freeze(
    versions: "models.Manager[Any]", *, action: str, name: dict[str, str], content: dict[str, Any], **who: Any
) -> Any:
    """Return the newest version with that content: a new one, or the latest with other languages' texts added.

    `who` is `by` and `at`. Call it inside the transaction that publishes.
    """
    by: User | None = who["by"]
    at: datetime = who["at"]
    source = Centre.load().source_language
    latest = versions.order_by("-number").first()
    if latest is None or in_one_language([latest.name, latest.content], source, LANGUAGES) != in_one_language(
        [name, content], source, LANGUAGES
    ):
        number = latest.number + 1 if latest else 1
        version = versions.create(number=number, name=name, content=content, published_at=at, published_by=by)
        record(action=f"{action}_published", by=by or "schedule", subject=version, at=at)
        return version
    if (latest.name, latest.content) != (name, content):
        latest.name, latest.content = name, content
        latest.save(update_fields=["name", "content", "folded_title", "folded"])
        record(action=f"{action}_translated", by=by or "schedule", subject=latest, at=at)
    return latest
