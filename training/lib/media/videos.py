"""MP4: every box is known, what is neither picture nor sound is blanked where it stands, so that no offset moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from .names import UnfitFile

LONGEST = 60 * 60  # seconds
BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"})
TOP = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"wide"})
MOVIE = frozenset({b"mvhd", b"trak", b"mvex"})
TRACK = frozenset({b"tkhd", b"mdia", b"edts", b"tref"})
# Where it was taken, by whom and with what stands here; or nothing at all.
BLANKED = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
PLAYED = {
    b"vide": frozenset({b"avc1", b"avc3", b"av01", b"vp09"}),
    b"soun": frozenset({b"mp4a", b"Opus", b".mp3", b"fLaC"}),
}
PIECE = 64 * 1024


class NoVideo(Exception):
    """It is no video that browsers play; for logs."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, where it begins, where its content begins, where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def video_alone(file: BinaryIO) -> float:
    """Blank in place whatever a video holds besides pictures and sound; return its seconds.

    Raises `UnfitFile`: no MP4, broken, longer than `LONGEST`, or with tracks that browsers do not play.
    """
    try:
        seconds = _checked(file)
    except (NoVideo, ValueError, IndexError) as error:
        raise UnfitFile(
            _("This is no MP4 video that every browser plays. Save it anew as MP4 with H.264 pictures and AAC sound.")
        ) from error
    if seconds > LONGEST:
        raise UnfitFile(_("The video is longer than an hour. Cut it."))
    return round(seconds, 1)


def _checked(file: BinaryIO) -> float:
    boxes = list(_boxes(file, 0, file.seek(0, 2)))
    if not boxes or boxes[0].kind != b"ftyp" or _bytes(file, boxes[0])[:4] not in BRANDS:
        raise NoVideo("no MP4")
    movies = [box for box in boxes if box.kind == b"moov"]
    if len(movies) != 1 or not any(box.kind == b"mdat" for box in boxes):
        raise NoVideo("no movie")
    for box in boxes:
        if box.kind in BLANKED:
            _blank(file, box)
        elif box.kind not in TOP:
            raise NoVideo(f"unknown {box.kind!r}")
    return _movie(file, movies[0])


def _movie(file: BinaryIO, movie: Box) -> float:
    inside = _kept(file, movie, MOVIE)
    kinds = [_track(file, box) for box in inside if box.kind == b"trak"]
    heads = [box for box in inside if box.kind == b"mvhd"]
    if b"vide" not in kinds or len(heads) != 1:
        raise NoVideo("no pictures")
    head = _bytes(file, heads[0])
    wide = head[0] == 1
    place, size = (20, 8) if wide else (12, 4)
    scale = int.from_bytes(head[place : place + 4], "big")
    if not scale:
        raise NoVideo("no time")
    return int.from_bytes(head[place + 4 : place + 4 + size], "big") / scale


def _track(file: BinaryIO, track: Box) -> bytes:
    media = _only(_kept(file, track, TRACK), b"mdia")
    parts = list(_boxes(file, media.body, media.end))
    kind = _bytes(file, _only(parts, b"hdlr"))[8:12]
    inside = _only(parts, b"minf")
    table = _only(list(_boxes(file, inside.body, inside.end)), b"stbl")
    form = _only(list(_boxes(file, table.body, table.end)), b"stsd")
    if kind not in PLAYED:
        raise NoVideo(f"a track of {kind!r}")
    if _bytes(file, form)[12:16] not in PLAYED[kind]:
        raise NoVideo("a format browsers do not play")
    return kind


def _kept(file: BinaryIO, parent: Box, known: frozenset[bytes]) -> list[Box]:
    """Return what is known inside a box; the rest is blanked."""
    inside = list(_boxes(file, parent.body, parent.end))
    for box in inside:
        if box.kind not in known:
            _blank(file, box)
    return [box for box in inside if box.kind in known]


def _only(boxes: list[Box], kind: bytes) -> Box:
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise NoVideo(f"{len(found)} of {kind!r}")
    return found[0]


def _boxes(file: BinaryIO, place: int, end: int) -> Iterator[Box]:
    while place < end:
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            raise NoVideo("cut off")
        size, body = int.from_bytes(head[:4], "big"), place + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), place + 16
        elif size == 0:
            size = end - place
        if place + size > end or place + size < body:
            raise NoVideo("cut off")
        yield Box(head[4:8], place, body, place + size)
        place += size


def _bytes(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.body)
    return file.read(min(box.end - box.body, PIECE))


def _blank(file: BinaryIO, box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    file.seek(box.body)
    file.writelines(b"\0" * min(PIECE, box.end - place) for place in range(box.body, box.end, PIECE))
