"""Files of lessons, to whoever learns or edits them and to nobody else."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from courses.models import LessonFile
from courses.queries.files import file_for
from training.lib.access import SIGNED_IN, allow
from training.lib.sending import send_file


@allow(SIGNED_IN)
@require_safe
def lesson_file(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Send a file, or the part a player asks for; a PDF is kept on the disk and never opened in our pages."""
    found = file_for(request.user, ref)
    if found is None:
        raise Http404
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return send_file(
        request,
        opened,
        size=found.size,
        content_type=found.content_type,
        name=f"{found.kind}.{found.ending}",
        attached=found.kind == LessonFile.Kind.PAPER,
    )
