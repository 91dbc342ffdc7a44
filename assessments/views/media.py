"""Pictures and recordings of items, to whoever may see them now and to nobody else."""

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import queries
from assessments.models import MediaFile
from training.lib.access import SIGNED_IN, allow

from .running import detour, sitting_of

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
# Whatever a file may turn out to hold: nothing in it runs, no type is guessed, no cache keeps it.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


@allow(SIGNED_IN)
@require_safe
def media(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send a file, or the part of it that a player asks for.

    Examiners see all; markers and observers what is in an answer they hold; a candidate what is on their own paper for
    as long as they may see its questions. To everybody else there is no such file.
    """
    file = _file_for(request, str(ref))
    try:
        with file.file.open("rb") as opened:
            data = opened.read()
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{'picture' if file.is_picture else 'recording'}.{file.ending}"
    headers = HEADERS | {"Content-Disposition": f'inline; filename="{name}"'}
    return _part(request, data, file.content_type, headers)


def _file_for(request: HttpRequest, ref: str) -> MediaFile:
    if file := queries.file_for_staff(request.user, ref, at=timezone.now()) or queries.practised_file(ref):
        return file
    attempts = queries.open_attempts_with(request.user, ref)
    if any(detour(request, sitting_of(request, attempt.pk)) is None for attempt in attempts):
        return MediaFile.objects.get(ref=ref)
    raise Http404


def _part(request: HttpRequest, data: bytes, content_type: str, headers: dict[str, str]) -> HttpResponse:
    """Return all of it, or the one range that was asked for; files are small enough to be read whole."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return HttpResponse(data, content_type=content_type, headers=headers)
    first = int(asked[1])
    last = min(int(asked[2] or len(data)), len(data) - 1)
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
    told = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return HttpResponse(data[first : last + 1], status=206, content_type=content_type, headers=headers | told)
