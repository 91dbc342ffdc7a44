"""A recording as its sound alone: every piece of the file is known, and what is no sound stays behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import mp3, ogg, wav
from .names import UnfitFile
from .pieces import NoSound

LONGEST = 15 * 60  # seconds
READERS: Mapping[str, tuple[Callable[[bytes], tuple[bytes, float]], str]] = {
    "mp3": (mp3.frames_alone, "mp3"),
    "ogg": (ogg.sound_pages, "ogg"),
    "oga": (ogg.sound_pages, "ogg"),
    "opus": (ogg.sound_pages, "ogg"),
    "wav": (wav.samples_alone, "wav"),
}


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as it is kept; its length in seconds."""

    data: bytes
    ending: str
    seconds: float


def sound_alone(data: bytes, ending: str) -> Sound:
    """Return the recording that the bytes of a file with this ending hold, without anything else they held.

    Raises `UnfitFile`: no sound of that kind, broken, empty or longer than `LONGEST`.
    """
    read, kept_as = READERS[ending]
    try:
        sound, seconds = read(data)
    except NoSound as error:
        raise UnfitFile(
            _("This is no recording of the kind its name says, or it is broken. Save it anew as MP3, OGG or WAV.")
        ) from error
    if seconds > LONGEST:
        raise UnfitFile(_("The recording is longer than 15 minutes. Cut it."))
    return Sound(sound, kept_as, round(seconds, 1))
