"""Files that people upload: checked by name and by content, and but for PDF never kept as they came.

A picture is decoded and drawn anew, a recording is taken apart and put together from its sound alone, of a video all
but pictures and sound is blanked, captions are written anew: where it was taken, who took it and whatever else a file
may carry stays behind.
"""

from .captions import captions_alone
from .checking import ENDINGS, LARGEST, Clean, clean
from .names import UnfitFile, check_name, visible
from .papers import paper_checked
from .pictures import LARGEST_EDGE, MOST_PIXELS, Picture, redrawn
from .sounds import LONGEST, Sound, sound_alone
from .videos import video_alone

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
    "captions_alone",
    "check_name",
    "clean",
    "paper_checked",
    "redrawn",
    "sound_alone",
    "video_alone",
    "visible",
]
