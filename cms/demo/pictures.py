"""Pictures of the demo's lessons, drawn here, so that nothing of anybody else's is in them."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from cms.identity import stable_uid
from courses.models import LessonFile
from courses.services.files import FOLDER

from .clock import Clock

INK, LINE, COUNTED, EMPTY = "#1f2a2a", "#8a9696", "#0c5a5f", "#eef2f1"
WIDTH, HEIGHT, CELL, LEFT = 1000, 380, 100, 50
MONTHS, HALF_A_YEAR = 9, 6


def half_year() -> bytes:
    """Return two lines of nine months, of which six count: from the registration, and from the lease before it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(36)
    for top, first in ((50, 4), (220, 1)):
        for month in range(1, MONTHS + 1):
            left = LEFT + (month - 1) * CELL
            is_counted = first <= month < first + HALF_A_YEAR
            box = (left + 4, top, left + CELL - 4, top + CELL)
            draw.rounded_rectangle(box, 10, fill=COUNTED if is_counted else EMPTY, outline=LINE, width=2)
            middle = (left + CELL // 2, top + CELL // 2)
            draw.text(middle, str(month), fill="white" if is_counted else INK, font=font, anchor="mm")
        begins = LEFT + (first - 1) * CELL + CELL // 2
        draw.polygon([(begins - 14, top - 26), (begins + 14, top - 26), (begins, top - 6)], fill=COUNTED)
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


PICTURES = {"half-year": ("Counting the half-year 满半年的计算", half_year)}


def keep_picture(name: str, *, clock: Clock, days_ago: int) -> LessonFile:
    """Keep a picture among the files of lessons, under the same name whenever the demo is built."""
    title, draw = PICTURES[name]
    data, ref = draw(), stable_uid("picture", name)
    width, height = Image.open(BytesIO(data)).size
    row = LessonFile(
        ref=ref,
        kind=LessonFile.Kind.PICTURE,
        title=title,
        content_type="image/png",
        width=width,
        height=height,
        size=len(data),
        kept_at=clock.at(days_ago),
    )
    storage, path = row.file.storage, f"{FOLDER}/{ref}.png"
    storage.delete(path)  # of a demo that was built before
    row.file.name = storage.save(path, ContentFile(data))
    row.save()
    return row
