"""Files of lessons: what is kept of an upload, what is refused, and who may open one (R25-R34)."""

import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.setup import install_content_roles
from courses.models import LessonFile, UnitFile, UnitVersion
from courses.services import files
from courses.services.learning import enrol
from tests.factories.assessments import NOW
from tests.factories.courses import CourseFactory
from tests.factories.media import box, lesson_file, mp4, pdf, png, shown_in, wav
from tests.factories.people import CentreFactory, UserFactory
from training.lib import sending
from training.lib.media import UnfitFile
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
VTT = b"""WEBVTT - by somebody

STYLE
::cue { background: url(https://elsewhere.example/) }

NOTE taken at home

name
00:01.000 --> 00:02.500 line:0
<v Wang>Good <b>morning</b> &amp; <script>x()</script>welcome --> in
"""
PLACE = b"+31.2304+121.4737/"


@pytest.fixture
def centre() -> SimpleNamespace:
    CentreFactory()
    install_content_roles()
    return SimpleNamespace(editor=UserFactory(editor=True), course=CourseFactory())


def content(file: LessonFile) -> bytes:
    with file.file.open("rb") as opened:
        return bytes(opened.read())


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


# ---------------------------------------------------------------- what is kept


def test_of_a_video_all_but_pictures_and_sound_is_blanked_where_it_stands() -> None:
    sent = mp4(box(b"uuid", b"MAKER" * 20), place=PLACE)
    file = lesson_file(sent, "a.mp4")
    kept = content(file)
    assert (file.kind, file.content_type, file.seconds) == ("video", "video/mp4", 7.0)
    assert len(kept) == len(sent)
    assert kept.index(b"pictures") == sent.index(b"pictures")
    assert PLACE not in kept
    assert b"MAKER" not in kept


def test_captions_are_written_anew_as_words_with_their_times() -> None:
    said = "00:00:01.000 --> 00:00:02.500\nGood morning &amp; x()welcome --&gt; in\n"
    assert content(lesson_file(VTT, "a.vtt")).decode() == f"WEBVTT\n\n{said}"
    srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\n请依次等候\r\n".encode("gb18030")
    assert "请依次等候" in content(lesson_file(srt, "a.srt")).decode()


def test_a_picture_is_drawn_anew_and_a_recording_and_a_pdf_are_kept() -> None:
    assert (lesson_file(png(), "a.png").width, lesson_file(wav(), "a.wav").kind) == (30, "sound")
    assert content(lesson_file(pdf(), "a.pdf")) == pdf()
    assert AuditEvent.objects.filter(action="courses.file_kept").count() == 3


PACKED = b"2 0 obj << /Type /ObjStm /N 1 >> stream\n" + zlib.compress(b"<< /S /JavaScript >>") + b"\nendstream"
UNKNOWN_PACK = b"2 0 obj << /Type /ObjStm /Filter /LZWDecode >> stream\n\x80\x0b\nendstream"


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"<svg onload='x()'/>", "a.svg", "come as"),
        (b"<html><script>x()</script>", "a.html", "come as"),
        (b"<html><script>x()</script>", "a.png", "no picture"),
        (b"<html><script>x()</script>", "a.mp4", "no MP4"),
        (b"<html><script>x()</script>", "a.pdf", "no PDF"),
        (b"<html><script>x()</script>", "a.vtt", "No captions"),
        (b"", "a.mp4", "empty"),
        (png(), "a.php.png", "two endings"),
        (png(), "a\N{RIGHT-TO-LEFT OVERRIDE}gpj.png", "nobody sees"),
        (png(), f"{'a' * 300}.png", "too long"),
        (png(), "a.jpg", "another kind"),
        (mp4()[:-9], "a.mp4", "no MP4"),
        (mp4(box(b"html", b"<script>")), "a.mp4", "no MP4"),
        (mp4(codec=b"hvc1"), "a.mp4", "no MP4"),
        (mp4(track=b"meta"), "a.mp4", "no MP4"),
        (mp4(seconds=4000), "a.mp4", "longer than an hour"),
        (b"\xff\xff\xff", "a.vtt", "UTF-8"),
        (b"WEBVTT\n\n00:03.000 --> 00:01.000\nBackwards", "a.vtt", "No captions"),
        (pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"), "a.pdf", "scripts"),
        (pdf(b"/AA << /S /J#61vaScript >>"), "a.pdf", "scripts"),
        (pdf(PACKED), "a.pdf", "scripts"),
        (pdf(UNKNOWN_PACK), "a.pdf", "scripts"),
        (pdf(b"/Encrypt 5 0 R"), "a.pdf", "locked"),
        (png() + b"<script>x()</script>", "../../a.exe", "come as"),
    ],
)
def test_what_could_do_more_than_be_read_is_refused_with_its_reason(data: bytes, name: str, why: str) -> None:
    with pytest.raises(UnfitFile, match=why):
        lesson_file(data, name)
    assert not LessonFile.objects.exists()


# ---------------------------------------------------------------- who may open it


def test_a_file_opens_for_those_who_learn_or_edit_the_lesson_and_nobody_else(centre: SimpleNamespace) -> None:
    address = f"/lesson-files/{shown_in(centre.course).ref}/"
    learner, other = UserFactory(), UserFactory()
    enrol(person=learner, course=centre.course, by=learner, at=NOW)
    codes = [browser(person).get(address).status_code for person in (learner, centre.editor, other)]
    assert codes == [200, 200, 404]
    assert Client().get(address).status_code == 302
    assert browser(learner).get(f"/lesson-files/{lesson_file().ref}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "content_type", "way"),
    [
        (png(), "a.png", "image/png", "inline"),
        (mp4(), "a.mp4", "video/mp4", "inline"),
        (VTT, "a.vtt", "text/vtt; charset=utf-8", "inline"),
        (pdf(), "a.pdf", "application/pdf", "attachment"),
    ],
)
def test_a_file_is_sent_so_that_nothing_in_it_runs(
    centre: SimpleNamespace, data: bytes, name: str, content_type: str, way: str
) -> None:
    response = browser(centre.editor).get(f"/lesson-files/{lesson_file(data, name).ref}/")
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"].startswith(f"{way}; ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_player_gets_the_part_it_asks_for(centre: SimpleNamespace) -> None:
    address = f"/lesson-files/{lesson_file(mp4(), 'a.mp4').ref}/"
    client = browser(centre.editor)
    whole = client.get(address).content
    part = client.get(address, headers={"range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, whole[4:12])
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(whole)}"
    assert client.get(address, headers={"range": "bytes=0-"}).content == whole
    assert client.get(address, headers={"range": f"bytes={len(whole)}-"}).status_code == 416


def test_a_large_file_goes_out_piece_by_piece(centre: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "AT_A_TIME", 100)
    file = lesson_file(mp4(), "a.mp4")
    client = browser(centre.editor)
    response = client.get(f"/lesson-files/{file.ref}/")
    assert b"".join(response.streaming_content) == content(file)
    assert response.headers["Content-Disposition"] == 'inline; filename="video.mp4"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    part = client.get(f"/lesson-files/{file.ref}/", headers={"range": "bytes=0-"})
    assert part.headers["Content-Range"] == f"bytes 0-99/{file.size}"


# ---------------------------------------------------------------- the editors' list


def test_an_editor_uploads_and_deletes_and_a_refusal_keeps_what_was_typed(centre: SimpleNamespace) -> None:
    client = browser(centre.editor)
    bad = SimpleUploadedFile("a.svg", b"<svg/>")
    refused = client.post("/lesson-files/", {"title": "Queue <b>", "file": bad})
    assert refused.status_code == 400
    assert "come as PNG" in refused.content.decode()
    assert 'value="Queue &lt;b&gt;"' in refused.content.decode()
    client.post("/lesson-files/", {"title": "Queue <b>", "file": SimpleUploadedFile("a.png", png())})
    assert "Queue &lt;b&gt;" in client.get("/lesson-files/").content.decode()
    file = LessonFile.objects.get()
    client.post(f"/lesson-files/{file.ref}/delete/")
    assert not LessonFile.objects.exists()
    assert AuditEvent.objects.filter(action="courses.file_deleted").count() == 1


def test_a_file_that_a_version_shows_stays(centre: SimpleNamespace) -> None:
    file = shown_in(centre.course)
    with pytest.raises(files.InUse):
        files.delete_file(file=file, by=centre.editor, at=NOW)
    assert UnitFile.objects.get().unit_version == UnitVersion.objects.filter(unit__course=centre.course)[0]
    assert content(LessonFile.objects.get()) == content(file)
