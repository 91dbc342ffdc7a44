"""Files of lessons. They lie in private storage; `views.files` alone hands them out."""

from typing import cast
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .courses import UnitVersion


def private_storage() -> Storage:
    """Return the storage of files that only a checking view serves."""
    return storages["private"]


class LessonFile(models.Model):
    """A file that lessons show, never changed. Blocks and addresses know it by `ref`, which is drawn by chance."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        VIDEO = "video", _("Video")
        CAPTIONS = "captions", _("Captions")
        SOUND = "sound", pgettext_lazy("of an item", "Recording")
        PAPER = "pdf", "PDF"

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(storage=private_storage, upload_to="lesson-files/")
    content_type = models.CharField(max_length=40)
    width = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Points; of a picture")
    height = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Points; of a picture")
    seconds = models.FloatField(null=True, blank=True, help_text="Of a video or a recording")
    size = models.PositiveIntegerField(help_text="Bytes")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at", "-pk"]
        verbose_name = _("file of lessons")
        verbose_name_plural = _("files of lessons")

    def __str__(self) -> str:
        return self.title

    @property
    def ending(self) -> str:
        return cast("str", self.file.name).rpartition(".")[2]


class UnitFile(models.Model):
    """A file that a unit shows, in whatever language: who learns the unit may open it, and it is kept."""

    unit_version = models.ForeignKey(UnitVersion, models.PROTECT, related_name="files")
    file = models.ForeignKey(LessonFile, models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_version", "file"], name="a_unit_shows_a_file_once")]

    def __str__(self) -> str:
        return f"{self.unit_version}: {self.file}"
