"""Opens the zip file that an XLSX file is, after measuring what it would unpack to."""

import io
import zipfile

from django.utils.translation import gettext as _

from .table import Fault, TableError

MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_PARTS = 2_000
DIRECTORY_ENTRY = b"PK\x01\x02"
ENCRYPTED = 0x1
# Others inflate without bound in one step, and spreadsheet programs do not write them.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Raise `TableError` when the sizes it declares pass the limit; unpacks nothing.

    A part that declares less than it holds is read only as far as it declares, and then fails its checksum.
    """
    # counted before the directory is parsed: each entry becomes an object
    if data.count(DIRECTORY_ENTRY) > MAX_PARTS:
        raise TableError(name, [Fault(_("more than %(limit)s parts in the file.") % {"limit": f"{MAX_PARTS:,}"})])
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        facts = {"limit": MAX_UNPACKED_BYTES >> 20}
        raise TableError(name, [Fault(_("the file is larger than %(limit)d MB when unpacked.") % facts)])
    if any(part.flag_bits & ENCRYPTED or part.compress_type not in METHODS for part in parts):
        raise zipfile.BadZipFile("encrypted or packed in an unusual way")
    return archive
