"""Zip files read in memory: measured before anything is unpacked, no name that leads out, nothing written to disk."""

import io
import zipfile
import zlib

from .bounds import MOST_BYTES, Fault, FileRefused

ZIP_START = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
DIRECTORY_ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 5_000
MOST_UNPACKED = 60 * 1024 * 1024
ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError, KeyError)


class Archive:
    """The parts of a zip file by name; a part is unpacked when it is read, and never past `MOST_BYTES`."""

    def __init__(self, data: bytes) -> None:
        """Raises FileRefused for a file that is broken, hostile or past a limit."""
        if len(data) > MOST_BYTES:
            raise FileRefused(Fault.TOO_LARGE, limit=MOST_BYTES >> 20)
        # counted before the directory is parsed: each entry becomes an object
        if data.count(DIRECTORY_ENTRY) > MOST_ENTRIES:
            raise FileRefused(Fault.ZIP_HOSTILE)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise FileRefused(Fault.ZIP_BROKEN) from error
        parts = self._zip.infolist()
        self._check(parts)
        self.names = [part.filename for part in parts if not part.is_dir()]
        self._left = MOST_UNPACKED

    def read(self, name: str) -> bytes:
        """Return a part. Raises FileRefused when it is missing, broken or unpacks to more than it says."""
        try:
            with self._zip.open(name) as stream:
                data = stream.read(min(MOST_BYTES, self._left) + 1)
        except BROKEN as error:
            raise FileRefused(Fault.ZIP_BROKEN) from error
        self._left -= len(data)
        if len(data) > MOST_BYTES or self._left < 0:
            raise FileRefused(Fault.ZIP_HOSTILE)
        return data

    @staticmethod
    def _check(parts: list[zipfile.ZipInfo]) -> None:
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileRefused(Fault.ZIP_HOSTILE)
        if len({part.filename for part in parts}) < len(parts):
            raise FileRefused(Fault.ZIP_HOSTILE)
        for part in parts:
            way = part.filename.replace("\\", "/").split("/")
            if ".." in way or way[0] == "" or ":" in way[0]:
                raise FileRefused(Fault.ZIP_HOSTILE)
            if part.flag_bits & ENCRYPTED or part.compress_type not in METHODS:
                raise FileRefused(Fault.ZIP_BROKEN)


def is_zip(data: bytes) -> bool:
    """Say whether the bytes begin as a zip file does."""
    return data.startswith((ZIP_START, EMPTY_ZIP))
