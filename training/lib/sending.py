"""Sending a file that people uploaded: nothing in it runs, no type is guessed, no cache keeps it."""

import re
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
AT_A_TIME = 2 * 1024 * 1024  # bytes of an answer to a player, which asks for the next itself
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


def send_file(
    request: HttpRequest, file: BinaryIO, *, size: int, content_type: str, name: str, attached: bool = False
) -> HttpResponseBase:
    """Send an open file, or the part of it that a player asks for; `attached` is kept on the disk, never opened."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None and size > AT_A_TIME:  # piece by piece
        return FileResponse(file, as_attachment=attached, filename=name, content_type=content_type, headers=HEADERS)
    way = "attachment" if attached else "inline"
    headers = HEADERS | {"Content-Disposition": f'{way}; filename="{name}"'}
    if asked is None:
        with file:
            return HttpResponse(file.read(), content_type=content_type, headers=headers)
    first = int(asked[1])
    last = min(int(asked[2] or size), size - 1, first + AT_A_TIME - 1)
    with file:
        if first > last:
            return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
        file.seek(first)
        told = {"Content-Range": f"bytes {first}-{last}/{size}"}
        data = file.read(last - first + 1)
    return HttpResponse(data, status=206, content_type=content_type, headers=headers | told)
