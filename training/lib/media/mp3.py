"""MP3: the frames, one after the other; tags before, behind and between them are left out."""

from .pieces import NoSound, at

# kbit/s by the four bits of a frame's head, layer III: MPEG 1, and MPEG 2 and 2.5.
RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLES_A_SECOND = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
LEAST_FRAMES = 4  # fewer may be chance


def frames_alone(data: bytes) -> tuple[bytes, float]:
    """Return the frames of a file, and their seconds. Raises `NoSound`."""
    place = _behind_id3(data)
    frames, seconds = [], 0.0
    first: tuple[int, int] | None = None
    while place + 4 <= len(data) and data[place] == 0xFF:
        version, rate, length, samples = _head(data[place : place + 4])
        first = first or (version, rate)
        if (version, rate) != first:
            raise NoSound("another kind of frame")
        if place + length > len(data):
            break  # a recorder was switched off within a frame
        frames.append(data[place : place + length])
        seconds += samples / rate
        place += length
    tail = data[place:]
    if len(frames) < LEAST_FRAMES or not (
        tail.startswith((b"TAG", b"APETAGEX", b"LYRICS", b"\xff")) or not tail.strip(b"\0")
    ):
        raise NoSound(f"{len(frames)} frames")
    return b"".join(frames), seconds


def _behind_id3(data: bytes) -> int:
    """Return where the tags at the beginning end."""
    place = 0
    while data[place : place + 3] == b"ID3":
        head = at(data, place, 10)
        size = 0
        for byte in head[6:]:
            size = size << 7 | byte & 0x7F
        place += 10 + size + (10 if head[5] & 0x10 else 0)
    while place < len(data) and data[place] == 0 and place < 100_000:  # padding behind a tag
        place += 1
    return place


def _head(head: bytes) -> tuple[int, int, int, int]:
    """Return version, samples a second, length in bytes and samples of a frame of layer III."""
    bits = int.from_bytes(head, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    rate, frequency, padding = bits >> 12 & 15, bits >> 10 & 3, bits >> 9 & 1
    if bits >> 21 != 0x7FF or version == 1 or layer != 1 or rate in (0, 15) or frequency == 3:
        raise NoSound("no frame")
    whole = 3 if version == 3 else 2
    kbits, hertz = RATES[whole][rate], SAMPLES_A_SECOND[version][frequency]
    samples = 1152 if version == 3 else 576
    return version, hertz, samples // 8 * kbits * 1000 // hertz + padding, samples
