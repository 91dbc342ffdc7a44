"""Pictures and sound that people upload: checked by name and by content, and never kept as they came.

A picture is decoded and drawn anew, a recording is taken apart and put together from its sound alone: where it was
taken, who took it and whatever else a file may carry stays behind.
"""

from .checking import ENDINGS, LARGEST, Clean, clean
from .names import UnfitFile, check_name, visible
from .pictures import LARGEST_EDGE, MOST_PIXELS, Picture, redrawn
from .sounds import LONGEST, Sound, sound_alone

__all__ = [
    "ENDINGS",
    "LARGEST",
    "LARGEST_EDGE",
    "LONGEST",
    "MOST_PIXELS",
    "Clean",
    "Picture",
    "Sound",
    "UnfitFile",
    "check_name",
    "clean",
    "redrawn",
    "sound_alone",
    "visible",
]
