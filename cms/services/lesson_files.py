"""Forgetting files of lessons that nobody shows: in no version, no page and no draft of one."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from cms.models import LessonPage
from courses.models import LessonFile
from courses.services.files import delete_file

KEPT_DAYS = 180
"""For so long a file waits to be shown."""


def forget_unshown_files(*, now: datetime) -> int:
    """Delete files that have waited their time and stand in no lesson, published or not; return how many.

    Looked at are pages as they are and every revision of them, because an editor may go back to an old one.
    """
    waiting = LessonFile.objects.filter(uses=None, kept_at__lt=now - timedelta(days=KEPT_DAYS))
    unshown = {str(file.ref): file for file in waiting}
    if unshown:
        for body in _bodies():
            for ref in [ref for ref in unshown if ref in body]:
                del unshown[ref]
    for file in unshown.values():
        delete_file(file=file, by="tick", at=now)
    return len(unshown)


def _bodies() -> Iterator[str]:
    """Yield the blocks of every lesson page and of every revision of one, as they are stored."""
    for page in LessonPage.objects.iterator(chunk_size=50):
        yield json.dumps(page.body.get_prep_value())
    kept = Revision.objects.filter(content_type=ContentType.objects.get_for_model(LessonPage))
    for content in kept.values_list("content", flat=True).iterator(chunk_size=50):
        yield str(content.get("body", ""))
