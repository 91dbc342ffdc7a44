"""A picture as its points alone: decoded with bounds, turned upright, made smaller, drawn anew."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageOps

from .names import UnfitFile

LARGEST_EDGE = 2000  # points; more than any screen of the hall shows
MOST_PIXELS = 40_000_000  # an A4 page at 600 points an inch
PALETTE = 256  # colours that one byte can number
LARGE_PNG = 1_000_000  # bytes from which a picture without transparency is a photo
FORMATS: Mapping[str, str] = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
# What Pillow raises for data that is none, or that ends too early.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, OverflowError, MemoryError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; width and height in points."""

    data: bytes
    ending: str
    width: int
    height: int


def redrawn(data: bytes, ending: str) -> Picture:
    """Return the picture that the bytes of a file with this ending hold, without anything else they held.

    Raises `UnfitFile`: no picture of that kind, broken, moving, or of more than `MOST_PIXELS`, which is asked of its
    head before anything is unpacked.
    """
    try:
        with Image.open(io.BytesIO(data), formats=list(set(FORMATS.values()))) as image:
            return _redrawn(image, ending)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except BROKEN as error:
        raise UnfitFile(_("This is no picture, or it is broken. Open it on your computer and save it anew.")) from error


def _redrawn(image: Image.Image, ending: str) -> Picture:
    if image.format != FORMATS[ending]:
        raise UnfitFile(
            _("The file is called .%(ending)s, but it holds another kind of picture (%(kind)s). Name it as what it is.")
            % {"ending": ending, "kind": image.format}
        )
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    if getattr(image, "is_animated", False):
        raise UnfitFile(_("This picture moves. Save one of its pictures as a file of its own."))
    # A JPEG is decoded at the size that is needed: a photo of a phone takes a quarter of the memory.
    image.draft(None, (LARGEST_EDGE, LARGEST_EDGE))
    upright = ImageOps.exif_transpose(image)
    points = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    points.thumbnail((LARGEST_EDGE, LARGEST_EDGE))
    clean = Image.new(points.mode, points.size)
    clean.paste(points)
    return _written(clean, keeps_points=ending == "png")


def _written(image: Image.Image, *, keeps_points: bool) -> Picture:
    """Write drawings and what one sees through as PNG, photos as JPEG."""
    if keeps_points or image.mode == "RGBA":
        data = _bytes(_by_palette(image), "PNG")
        if image.mode == "RGBA" or len(data) <= LARGE_PNG:
            return Picture(data, "png", *image.size)
    return Picture(_bytes(image, "JPEG"), "jpg", *image.size)


def _by_palette(image: Image.Image) -> Image.Image:
    """Return a drawing of few colours as numbers of colours: the same points in a third of the bytes."""
    if image.mode != "RGB" or not image.getcolors(PALETTE):
        return image
    drawn = image.quantize(PALETTE, dither=Image.Dither.NONE)
    return image if ImageChops.difference(drawn.convert("RGB"), image).getbbox() else drawn


def _bytes(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, optimize=True, quality=85)
    return file.getvalue()


def _too_large() -> UnfitFile:
    return UnfitFile(_("The picture has more than 40 million points. Make it smaller and upload it again."))
