"""Pictures and recordings as people upload them, and questions that show one."""

import io
import struct
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from assessments.models import Attempt, ItemMedia, ItemVersion, MediaFile
from assessments.services import keep_media
from courses.models import Course, LessonFile, UnitFile, UnitVersion
from courses.services.files import keep_file
from tests.factories.assessments import NOW, exam_of, started
from tests.factories.people import UserFactory

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


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def mp4(*more: bytes, seconds: int = 7, codec: bytes = b"avc1", track: bytes = b"vide", place: bytes = b"") -> bytes:
    """Return a video of no pictures; `place` is where it was taken, `more` are further boxes."""
    stsd = box(b"stsd", bytes(4), (1).to_bytes(4, "big"), box(codec, bytes(70)))
    media = box(b"mdia", box(b"hdlr", bytes(8), track, bytes(13)), box(b"minf", box(b"stbl", stsd)))
    head = box(b"mvhd", bytes(12), (1000).to_bytes(4, "big"), (1000 * seconds).to_bytes(4, "big"), bytes(80))
    movie = box(b"moov", head, box(b"trak", box(b"tkhd", bytes(84)), media), box(b"udta", place))
    return box(b"ftyp", b"isom", bytes(4), b"isomavc1") + movie + box(b"mdat", b"pictures" * 40) + b"".join(more)


def pdf(words: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog " + words + b" >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def lesson_file(data: bytes | None = None, name: str = "form.png", title: str = "A form") -> LessonFile:
    file = ContentFile(png() if data is None else data)
    return keep_file(file=file, name=name, title=title, by=UserFactory(editor=True), at=NOW)


def shown_in(course: Course) -> LessonFile:
    """Return a picture that the first lesson of a course shows."""
    file = lesson_file()
    UnitFile.objects.create(unit_version=UnitVersion.objects.filter(unit__course=course)[0], file=file)
    return file


def kept(colour: str = "red", *, sound: bool = False) -> MediaFile:
    """Return a picture of one colour, or a recording of a second."""
    data, name = (wav(), "words.wav") if sound else (png(colour), "form.png")
    return keep_media(data=data, name=name, at=NOW)


def show(version: ItemVersion, file: MediaFile | None = None, **facts: Any) -> ItemMedia:
    """Let a version show a file, as if it had been written with it."""
    facts = {"place": "", "text": SHOWS, "position": version.media.count() + 1} | facts
    return ItemMedia.objects.create(item_version=version, file=file or kept(), **facts)


def paper_with(file: MediaFile, **facts: Any) -> Attempt:
    """Return an open attempt with a question that shows a file."""
    exam = exam_of("multiple", "true_false", **facts)
    show(ItemVersion.objects.get(kind="multiple"), file)
    return started(exam)
