"""Publishing and its record in one transaction, for anything with Wagtail's draft state: pages and snippets alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.module_loading import import_string

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


@contextmanager
def recorded_as_of(moment: datetime) -> Iterator[None]:
    """Records made inside bear this moment: content that is built, not written, was published in the past."""
    token = _as_of.set(moment)
    try:
        yield
    finally:
        _as_of.reset(token)


@contextmanager
def recorded(subject: Any, *, by: models.Model | None) -> Iterator[None]:
    """Freeze `subject` if what happens inside published it; whatever fails, neither stands.

    Publishing shows in `last_published_at`: the number of the live revision does not tell, because Wagtail may
    overwrite a revision in place, and a publication planned for later leaves the date alone. Nested in itself, the
    inner one has frozen already; freezing again finds nothing changed.
    """
    with transaction.atomic():
        row = type(subject).objects.filter(pk=subject.pk)
        before = row.select_for_update().values_list("last_published_at", flat=True).get()
        yield
        live = row.get()
        if live.last_published_at != before:
            import_string(live.freezer)(live, by=by, at=_as_of.get() or live.last_published_at)


class Recorded:
    """What is published is frozen too, however it is published: by approval, on schedule or by a button.

    `freezer` is the dotted name of a function ``(subject, *, by, at)``: it stands above the models, so it is not
    imported. This is the one place where a model does more than hold data; Wagtail's `page_published` signal would
    not do, because it is also sent for copies and aliases.
    """

    freezer: ClassVar[str]

    def publish(self, revision: Any, user: models.Model | None = None, **options: Any) -> None:
        with recorded(self, by=user):
            super().publish(revision, user=user, **options)  # type: ignore[misc]  # of Wagtail's mixins beside it
