"""Pictures and recordings of items, to whoever may see them now and to nobody else."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import queries
from assessments.models import MediaFile
from training.lib.access import SIGNED_IN, allow
from training.lib.sending import send_file

from .running import detour, sitting_of


@allow(SIGNED_IN)
@require_safe
def media(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Send a file, or the part of it that a player asks for.

    Examiners see all; markers and observers what is in an answer they hold; a candidate what is on their own paper for
    as long as they may see its questions. To everybody else there is no such file.
    """
    file = _file_for(request, str(ref))
    try:
        opened = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{'picture' if file.is_picture else 'recording'}.{file.ending}"
    return send_file(request, opened, size=file.size, content_type=file.content_type, name=name)


def _file_for(request: HttpRequest, ref: str) -> MediaFile:
    if file := queries.file_for_staff(request.user, ref, at=timezone.now()) or queries.practised_file(ref):
        return file
    attempts = queries.open_attempts_with(request.user, ref)
    if any(detour(request, sitting_of(request, attempt.pk)) is None for attempt in attempts):
        return MediaFile.objects.get(ref=ref)
    raise Http404
