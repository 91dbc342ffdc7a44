"""Who may open a picture or a recording of an item."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Attempt, Item, ItemMedia, MediaFile
from assessments.permissions import cards_for
from training.people.models import Role, User

from .judging import waiting_for
from .paper import readable_items

PATH = "attempt_item__item_version__media__file"


def file_for_staff(viewer: User, ref: str, *, at: datetime) -> MediaFile | None:
    """Return a file to whoever looks after items, has it in an answer in hand to mark, or on a card to observe."""
    files = MediaFile.objects.filter(ref=ref)
    if Role.EXAMINER in viewer.role_names:
        return files.first()
    held = waiting_for(viewer, at=at).filter(taken_by=viewer, taken_until__gt=at).values(PATH)
    cards = cards_for(viewer, today=timezone.localdate(at)).filter(done_at=None).values(PATH)
    return files.filter(pk__in=held).first() or files.filter(pk__in=cards).first()


def open_attempts_with(person: User, ref: str) -> QuerySet[Attempt]:
    """Return the person's open attempts that have a question which shows the file and may be read now."""
    uses = ItemMedia.objects.filter(file__ref=ref).values("item_version")
    items = readable_items().filter(item_version__in=uses, attempt__person=person)
    return Attempt.objects.open().filter(pk__in=items.values("attempt"))


def practised_file(ref: str) -> MediaFile | None:
    """Return a file that a live item of a practice bank shows: whoever has signed in may practise it."""
    shown = ItemMedia.objects.filter(
        item_version__item__bank__for_practice=True, item_version__item__state=Item.State.LIVE
    )
    return MediaFile.objects.filter(ref=ref, pk__in=shown.values("file")).first()
