"""How pictures and recordings of a question are shown, wherever it is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from assessments import rules
from assessments.models import ItemMedia, ItemVersion, MediaFile

from .saying import Said, said


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or a recording on a page: by an address that says nothing of what it is or where it belongs."""

    url: str
    is_picture: bool
    text: Said
    decorative: bool
    width: int | None
    height: int | None
    seconds: float | None

    @property
    def length(self) -> str:
        """The length of a recording, as players say it."""
        minutes, seconds = divmod(round(self.seconds or 0), 60)
        return f"{minutes}:{seconds:02}"


def shown(medium: ItemMedia, language: str) -> Shown:
    """Return how a version's medium is shown to somebody reading a language."""
    return shown_file(medium.file, said(medium.text, language), decorative=medium.decorative)


def all_shown(version: ItemVersion, language: str) -> list[Shown]:
    """Return all media of a version in their order, wherever they stand; prefetch them with their files."""
    return [shown(medium, language) for medium in version.media.all()]


def shown_file(file: MediaFile, text: Said, *, decorative: bool = False) -> Shown:
    """Return how a file is shown, with what it says to whoever cannot see or hear it."""
    url = reverse("assessments:media", args=[file.ref])
    return Shown(url, file.is_picture, text, decorative, file.width, file.height, file.seconds)


def shown_by_place(version: ItemVersion, language: str) -> Mapping[str, list[Shown]]:
    """Return the media of a version by their place; one whose option or part is gone stands beside the question."""
    options, parts = [option["id"] for option in version.options], [part["id"] for part in version.parts]
    places = rules.places_of(version.kind, options, parts)
    found: dict[str, list[Shown]] = {}
    for medium in version.media.all():
        found.setdefault(medium.place if medium.place in places else "", []).append(shown(medium, language))
    return found
