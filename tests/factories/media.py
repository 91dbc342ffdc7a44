"""Pictures and recordings as people upload them, and questions that show one."""

import io
import struct
from typing import Any

from PIL import Image

from assessments.models import ItemMedia, ItemVersion, MediaFile
from assessments.services import keep_media
from tests.factories.assessments import NOW

SHOWS = {"en": "A form without a signature", "zh-hans": "一份未签字的申请书"}


def png(colour: str = "red", size: tuple[int, int] = (30, 20)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def wav(seconds: int = 1) -> bytes:
    samples = struct.pack("<h", 1000) * 8000 * seconds
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def kept(colour: str = "red", *, sound: bool = False) -> MediaFile:
    """Return a picture of one colour, or a recording of a second."""
    data, name = (wav(), "words.wav") if sound else (png(colour), "form.png")
    return keep_media(data=data, name=name, at=NOW)


def show(version: ItemVersion, file: MediaFile | None = None, **facts: Any) -> ItemMedia:
    """Let a version show a file, as if it had been written with it."""
    facts = {"place": "", "text": SHOWS, "position": version.media.count() + 1} | facts
    return ItemMedia.objects.create(item_version=version, file=file or kept(), **facts)
