"""WAV (RIFF): the format and the samples; titles, places and whatever follows the end are left out."""

import struct

from .pieces import NoSound, at

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


def samples_alone(data: bytes) -> tuple[bytes, float]:
    """Return a file of the format and the samples, and its seconds. Raises `NoSound`."""
    if at(data, 0, 4) != b"RIFF" or at(data, 8, 4) != b"WAVE":
        raise NoSound("no RIFF")
    place, form = 12, b""
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"fmt ":
            form = at(data, place + 8, size)
        if name == b"data":
            samples = data[place + 8 : place + 8 + size]  # recorders broken off leave a size that is too large
            return _file(form, samples)
        place += 8 + size + size % 2
    raise NoSound("no samples")


def _file(form: bytes, samples: bytes) -> tuple[bytes, float]:
    if len(form) not in (16, 18, 40):
        raise NoSound("no format")
    kind, channels, rate, second, block, bits = struct.unpack("<HHIIHH", form[:16])
    known = kind in (PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE) and bits in (8, 16, 24, 32, 64)
    if not known or channels not in (1, 2) or not 4_000 <= rate <= 192_000 or block != channels * bits // 8:
        raise NoSound("a format nobody plays")
    samples = samples[: len(samples) // block * block]
    if second != rate * block or not samples:
        raise NoSound("no samples")
    pad = b"\0" * (len(samples) % 2)
    chunks = _chunk(b"fmt ", form) + _chunk(b"data", samples) + pad
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WAVE" + chunks, len(samples) / second


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body
