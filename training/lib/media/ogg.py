"""OGG with Vorbis or Opus: the pages of the one stream of sound, with its comments written anew as none."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .pieces import NoSound, at

HEAD = 27
FIRST, LAST, GOES_ON = 2, 4, 1
FLIPPED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
NOBODY = b"\x00" * 8  # a maker of no name, no comments


@dataclass(frozen=True, slots=True)
class Page:
    """A page: flags, place in time (samples), number of its stream, lengths of the pieces of packets in it."""

    flags: int
    granule: bytes
    stream: bytes
    laces: bytes
    body: bytes

    @property
    def time(self) -> int:
        return int.from_bytes(self.granule, "little", signed=True)

    def written(self, number: int) -> bytes:
        """Return the page as bytes, under this number and with its checksum."""
        head = b"OggS\0" + bytes([self.flags]) + self.granule + self.stream + number.to_bytes(4, "little")
        rest = bytes([len(self.laces)]) + self.laces + self.body
        return head + _checksum(head + b"\0\0\0\0" + rest).to_bytes(4, "little") + rest


def sound_pages(data: bytes) -> tuple[bytes, float]:
    """Return the stream of sound without its comments, and its seconds. Raises `NoSound`."""
    pages = list(_pages(data))
    if len({page.stream for page in pages}) != 1 or not pages[0].flags & FIRST:
        raise NoSound("not one stream")
    heads, rest = _heads(pages)
    kind, rate, skipped = _kind(heads[0])
    if kind == "opus":
        heads[1] = b"OpusTags" + NOBODY
    else:
        heads[1] = b"\x03vorbis" + NOBODY + b"\x01"
    stream = pages[0].stream
    made = [Page(FIRST, b"\0" * 8, stream, _lacing(heads[0]), heads[0]), *_packed(heads[1:], stream), *rest]
    ends = max((page.time for page in rest), default=0)
    if ends - skipped <= 0:
        raise NoSound("no sound")
    return b"".join(page.written(number) for number, page in enumerate(made)), (ends - skipped) / rate


def _kind(head: bytes) -> tuple[str, int, int]:
    """Return the kind of sound, its samples a second as pages count them, and how many of them are not played."""
    if head.startswith(b"OpusHead") and len(head) >= 19:
        return "opus", 48_000, int.from_bytes(head[10:12], "little")
    if head.startswith(b"\x01vorbis") and len(head) == 30:
        rate = int.from_bytes(head[12:16], "little")
        if 4_000 <= rate <= 192_000:
            return "vorbis", rate, 0
    raise NoSound("neither Vorbis nor Opus")


def _pages(data: bytes) -> Iterator[Page]:
    place = 0
    while place < len(data):
        head = at(data, place, HEAD)
        if head[:5] != b"OggS\0":
            raise NoSound(f"no page at {place}")
        laces = at(data, place + HEAD, head[26])
        body = at(data, place + HEAD + head[26], sum(laces))
        bare = head[:22] + b"\0\0\0\0" + head[26:]
        if _checksum(bare + laces + body) != int.from_bytes(head[22:26], "little"):
            raise NoSound(f"a broken page at {place}")
        yield Page(head[5], head[6:14], head[14:18], laces, body)
        place += HEAD + len(laces) + len(body)


def _heads(pages: list[Page]) -> tuple[list[bytes], list[Page]]:
    """Return the packets that come before the sound (two of Opus, three of Vorbis), and the pages of the sound."""
    heads: list[bytes] = []
    packet = b""
    wanted = 3
    for number, page in enumerate(pages):
        place = 0
        for lace in page.laces:
            packet += page.body[place : place + lace]
            place += lace
            if lace < 255:
                heads.append(packet)
                packet = b""
                wanted = 2 if heads[0].startswith(b"OpusHead") else 3
        if len(heads) >= wanted:
            names = [b"OpusHead", b"OpusTags"] if wanted == 2 else [b"\x01vorbis", b"\x03vorbis", b"\x05vorbis"]
            if len(heads) > wanted or packet or not all(map(bytes.startswith, heads, names)):
                break
            return heads, pages[number + 1 :]
    raise NoSound("no heads")


def _packed(packets: list[bytes], stream: bytes) -> Iterator[Page]:
    """Yield the pages of packets that come before the sound: as many pieces in each as a page takes."""
    laces, body = b"".join(map(_lacing, packets)), b"".join(packets)
    for start in range(0, len(laces), 255):
        some = laces[start : start + 255]
        goes_on = start > 0 and laces[start - 1] == 255
        ends = any(lace < 255 for lace in some)
        yield Page(GOES_ON if goes_on else 0, b"\0" * 8 if ends else b"\xff" * 8, stream, some, body[: sum(some)])
        body = body[sum(some) :]


def _lacing(packet: bytes) -> bytes:
    return b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])


def _checksum(page: bytes) -> int:
    """Return the CRC-32 of Ogg, which reads the bits of a byte from the other end than zlib does."""
    turned = zlib.crc32(page.translate(FLIPPED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
