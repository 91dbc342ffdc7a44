"""A file that somebody uploads, of either kind."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .names import UnfitFile, check_name
from .pictures import FORMATS, redrawn
from .sounds import READERS, sound_alone

LARGEST = 10 * 1024 * 1024  # bytes as uploaded
TYPES = {"png": "image/png", "jpg": "image/jpeg", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav"}
ENDINGS = frozenset({*FORMATS, *READERS})


@dataclass(frozen=True, slots=True)
class Clean:
    """What is kept of a file: a picture with its points, or a recording with its seconds."""

    data: bytes
    ending: str
    content_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None

    @property
    def is_picture(self) -> bool:
        return self.seconds is None


def clean(data: bytes, name: str) -> Clean:
    """Return what is kept of a file that came under a name. Raises `UnfitFile`."""
    ending = check_name(name, ENDINGS)
    if not data:
        raise UnfitFile(_("The file is empty."))
    if len(data) > LARGEST:
        raise UnfitFile(_("The file is larger than 10 MB. Make it smaller, or cut the recording."))
    if ending in FORMATS:
        picture = redrawn(data, ending)
        return Clean(picture.data, picture.ending, TYPES[picture.ending], picture.width, picture.height)
    sound = sound_alone(data, ending)
    return Clean(sound.data, sound.ending, TYPES[sound.ending], seconds=sound.seconds)
