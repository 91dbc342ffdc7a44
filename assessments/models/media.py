"""Pictures and recordings of questions. They lie in private storage; `views.media` alone hands them out."""

from typing import cast
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.texts import TranslatedField

from .items import ItemVersion


def private_storage() -> Storage:
    """Return the storage of files that only a checking view serves."""
    return storages["private"]


class MediaFile(models.Model):
    """A picture or a recording, kept once whatever number of versions show it, and never changed.

    Its address is made of `ref`, which is drawn by chance: neither name nor number says when or for what it came.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        SOUND = "sound", pgettext_lazy("of an item", "Recording")

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.FileField(storage=private_storage, upload_to="item-media/")
    content_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Points; of a picture")
    height = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Points; of a picture")
    seconds = models.FloatField(null=True, blank=True, help_text="Of a recording")
    size = models.PositiveIntegerField(help_text="Bytes")
    kept_at = models.DateTimeField(help_text="When it was uploaded, the last time")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="picture", width__gt=0, height__gt=0, seconds=None)
                | models.Q(kind="sound", width=None, height=None, seconds__gte=0),
                name="a_picture_has_points_and_a_recording_seconds",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:8]}"

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def ending(self) -> str:
        return cast("str", self.file.name).rpartition(".")[2]


class ItemMedia(models.Model):
    """A file that a version shows, with what it says to whoever cannot see or hear it.

    `place`: "" beside the question, "o:<id>" in an option, "p:<id>" in a part. It never leaves the server: ids of
    options may tell the key. `text`: what a picture shows, or the words of a recording.
    """

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="media")
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=30, blank=True)
    text = TranslatedField(blank=True)
    decorative = models.BooleanField(default=False, help_text="It says nothing that has to be known for the answer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_version", "position"], name="one_medium_per_place"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.item_version}: {self.file}"
