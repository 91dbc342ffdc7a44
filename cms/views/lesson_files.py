"""The files that lessons show: uploaded, looked at, deleted while no lesson shows them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cms.forms.lesson_files import LessonFileForm
from courses.models import LessonFile
from courses.queries.files import lesson_files as all_files
from courses.services import files
from training.lib.access import allow, roles
from training.lib.media import UnfitFile
from training.people.models import Role

PER_PAGE = 50
WRITERS = roles(Role.EDITOR, Role.ADMINISTRATOR)


@allow(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lesson_files(request: HttpRequest) -> HttpResponse:
    """List the files and take in another."""
    form = LessonFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            files.keep_file(
                file=upload, name=upload.name, title=form.cleaned_data["title"], by=request.user, at=timezone.now()
            )
        except UnfitFile as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The file is kept. Lessons can show it now."))
            return redirect("cms:lesson_files")
    context = {"form": form, "page": Paginator(all_files(), PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "cms/lesson_files.html", context, status=400 if form.errors else 200)


@allow(WRITERS)
@require_POST
def delete_lesson_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Delete a file that no lesson shows."""
    try:
        files.delete_file(file=get_object_or_404(LessonFile, ref=ref), by=request.user, at=timezone.now())
    except files.InUse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is deleted."))
    return redirect("cms:lesson_files")
