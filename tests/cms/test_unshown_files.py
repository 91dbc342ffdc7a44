"""Files of lessons that nobody shows are forgotten after a time; what stands in any draft is kept."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from cms.models import LessonPage
from cms.services.lesson_files import KEPT_DAYS, forget_unshown_files
from courses.models import LessonFile
from tests.factories.cms import change, course_page, lesson_page, section
from tests.factories.courses import CourseFactory
from tests.factories.media import lesson_file, shown_in
from training.operations.models import AuditEvent

from .conftest import browser

pytestmark = pytest.mark.django_db


def picture(file: LessonFile) -> tuple[str, dict[str, str]]:
    return "figure", {"file": str(file.ref), "alt": "A queue", "caption": ""}


def test_what_nobody_shows_goes_after_its_time(editors: SimpleNamespace) -> None:
    file = lesson_file()
    storage, path = file.file.storage, file.file.name
    assert forget_unshown_files(now=file.kept_at + timedelta(days=KEPT_DAYS)) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("courses.services.files.transaction.on_commit", lambda done: done())
        assert forget_unshown_files(now=file.kept_at + timedelta(days=KEPT_DAYS, minutes=1)) == 1
    assert not LessonFile.objects.exists()
    assert not storage.exists(path)
    assert AuditEvent.objects.get(action="courses.file_deleted").actor_name == "tick"


def test_what_a_version_a_page_a_draft_or_an_old_revision_shows_stays(editors: SimpleNamespace) -> None:
    shown_in(CourseFactory())
    on_page, in_draft, before, unshown = (lesson_file(title=str(n)) for n in range(4))
    course = course_page(by=editors.editor)
    first = lesson_page(course, section("One", picture(before)), by=editors.editor)
    change(first, by=editors.editor, body=[section("One", picture(in_draft))])
    change(first, by=editors.editor, body=[section("One")])
    second = lesson_page(course, section("Two"), by=editors.editor, slug="second")
    LessonPage.objects.filter(pk=second.pk).update(body=json.dumps([section("Two", picture(on_page))]))
    later = max(LessonFile.objects.values_list("kept_at", flat=True)) + timedelta(days=KEPT_DAYS + 1)
    assert forget_unshown_files(now=later) == 1
    assert not LessonFile.objects.filter(pk=unshown.pk).exists()
    assert LessonFile.objects.count() == 4


def test_wagtail_s_own_files_stand_in_no_menu(editors: SimpleNamespace) -> None:
    for person in (editors.editor, editors.administrator):
        page = browser(person).get("/cms/").content.decode()
        assert "/lesson-files/" in page
        assert "/cms/images/" not in page
        assert "/cms/documents/" not in page
    for address in ("/cms/images/", "/cms/images/add/", "/cms/documents/", "/cms/documents/multiple/add/"):
        assert browser(editors.editor).get(address).status_code == 302, address
