"""What this app keeps about a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

ACTS = ()


def parts(person: User) -> Iterator[Part]:
    """Yield what they were told."""
    yield Part(
        "notices",
        _("Notices"),
        person.notices.order_by("created_at"),
        {"created_at": _("Told on"), "sentence": _("Notice"), "read_at": _("Read on")},
        ("notices.Notice.person",),
    )
