"""What readers of sound share."""


class NoSound(Exception):
    """The bytes are not what their reader knows, or they break off."""


def at(data: bytes, start: int, length: int) -> bytes:
    """Return so many bytes from a place. Raises `NoSound` where the data ends before."""
    piece = data[start : start + length]
    if len(piece) < length:
        raise NoSound(f"{length} bytes at {start}")
    return piece
