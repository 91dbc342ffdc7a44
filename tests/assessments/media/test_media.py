"""Pictures and recordings of items: kept once, frozen with the version, opened by whoever may see the question."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from assessments import queries, services, tasks
from assessments.models import Attempt, ItemMedia, ItemVersion, MediaFile
from assessments.queries import history
from assessments.rules import Medium, problems_of
from assessments.services import items
from tests.assessments.media.opening import address, signed_in
from tests.factories.assessments import (
    NOW,
    EntitlementFactory,
    ExamSessionFactory,
    ItemVersionFactory,
    exam_of,
)
from tests.factories.marking import LATER, handed_in, marker, open_exam, tasks_of
from tests.factories.media import SHOWS, kept, paper_with, png, show
from tests.factories.people import UserFactory
from training.lib.media import UnfitFile
from training.people.models import User

pytestmark = pytest.mark.django_db
BOTH = ["en", "zh-hans"]


def status(person: User, file: MediaFile) -> int:
    return signed_in(person).get(address(file)).status_code


def revised(version: ItemVersion, **facts: Any) -> ItemVersion:
    """Write a version on with other facts, by its author."""
    told = items.Written(replace(queries.draft_of(version), **facts), version.item.competency)
    seen = (version.number, version.edits)
    return items.revise_item(item=version.item, written=told, seen=seen, by=version.item.author, at=NOW)


# ---------------------------------------------------------------- kept


def test_the_same_content_is_kept_once_under_whatever_name() -> None:
    first = services.keep_media(data=png(), name="form.png", at=NOW)
    again = services.keep_media(data=png() + b"<script>", name="another.png", at=NOW + timedelta(days=1))
    other = services.keep_media(data=png("blue"), name="form.png", at=NOW)
    assert again == first != other
    assert again.kept_at == NOW + timedelta(days=1)
    assert (first.width, first.height, first.size) == (30, 20, len(first.file.read()))
    assert "form" not in str(first.file.name)


def test_a_full_disk_refuses_uploads_first(settings: Any) -> None:
    settings.DISK_FREE_LIMIT_MB = 10**9
    with pytest.raises(UnfitFile, match="too little room"):
        kept()
    assert not MediaFile.objects.exists()


def test_what_no_item_shows_goes_after_two_days_with_its_file_and_what_is_shown_stays() -> None:
    unused, used = kept("red"), kept("blue")
    show(ItemVersionFactory(), used)
    tasks.discard_unused_media(now=NOW + timedelta(days=1))
    assert MediaFile.objects.count() == 2
    tasks.discard_unused_media(now=NOW + timedelta(days=3))
    assert list(MediaFile.objects.all()) == [used]
    storage = used.file.storage
    assert [storage.exists(str(one.file.name)) for one in (unused, used)] == [False, True]
    again = kept("red")
    assert storage.exists(str(again.file.name))


def test_a_file_without_a_row_goes_too() -> None:
    storage = MediaFile._meta.get_field("file").storage
    storage.save("item-media/ab/abc.png", ContentFile(b"left by an upload that broke off"))
    tasks.discard_unused_media(now=NOW + timedelta(days=1))
    assert storage.exists("item-media/ab/abc.png")
    tasks.discard_unused_media(now=NOW + timedelta(days=3))
    assert not storage.exists("item-media/ab/abc.png")


# ---------------------------------------------------------------- with the version


def test_an_approved_version_never_changes_and_the_next_one_takes_its_media_along() -> None:
    version = ItemVersionFactory()
    show(version)
    show(version, kept(sound=True))
    newer = revised(version, stem={"en": "Asked anew"})
    assert (newer.number, version.media.count()) == (2, 2)
    assert queries.drafts.media_of(newer) == queries.drafts.media_of(version)
    again = revised(newer, media=())
    counts = [ItemMedia.objects.filter(item_version=one).count() for one in (again, version)]
    assert (again.pk, counts) == (newer.pk, [0, 2])


def test_who_says_nothing_of_media_leaves_them_and_their_words_are_searched_and_never_the_key() -> None:
    version = ItemVersionFactory()
    show(version)
    newer = revised(version, media=None, stem={"en": "Asked anew"})
    assert newer.media.get().text == SHOWS
    assert "without a signature" in newer.words
    assert "未签字" in newer.words
    assert queries.bank_items({"q": "without SIGNATURE"}, viewer=UserFactory()).get() == newer


def test_the_same_media_again_change_nothing_and_another_order_does() -> None:
    version = ItemVersionFactory()
    show(version, kept("red"))
    show(version, kept("blue"))
    media = queries.drafts.media_of(version)
    assert revised(version, media=media) == version
    turned = revised(version, media=media[::-1])
    assert turned.number == 2
    assert [one.ref for one in queries.drafts.media_of(turned)] == [one.ref for one in media[::-1]]


def test_a_file_that_was_let_go_meanwhile_is_asked_for_again_and_nothing_is_written() -> None:
    version = ItemVersionFactory()
    gone = Medium("00000000-0000-4000-8000-000000000000", is_picture=True)
    with pytest.raises(items.MediaGone, match="Upload it again"):
        revised(version, media=(gone,))
    assert version.item.versions.count() == 1


@pytest.mark.parametrize(
    ("medium", "codes"),
    [
        (Medium("r", is_picture=True, text={"en": "A form", "zh-hans": "表"}), set()),
        (Medium("r", is_picture=True), {"no_alt", "language_incomplete"}),
        (Medium("r", is_picture=True, text={"en": " ", "zh-hans": "表"}), {"no_alt"}),
        (Medium("r", is_picture=True, decorative=True), set()),
        (Medium("r", is_picture=True, text={"en": "A form"}), {"language_incomplete"}),
        (Medium("r", is_picture=False, text={"zh-hans": "您好"}, decorative=True), {"no_transcript"}),
    ],
)
def test_a_review_waits_for_alt_text_and_transcript_in_each_language_of_the_item(
    medium: Medium, codes: set[str]
) -> None:
    draft = replace(queries.draft_of(ItemVersionFactory()), media=(medium,))
    assert {str(problem.code) for problem in problems_of(draft, "en", BOTH)} == codes


def test_at_most_twelve() -> None:
    media = tuple(Medium(str(n), is_picture=True, decorative=True) for n in range(13))
    draft = replace(queries.draft_of(ItemVersionFactory()), media=media)
    assert [problem.code for problem in problems_of(draft, "en", BOTH)] == ["too_many_media"]
    with pytest.raises(items.CannotBeKept):
        items.check_kept(draft)


def test_versions_are_compared_with_what_they_show() -> None:
    version = ItemVersionFactory()
    show(version)
    newer = revised(version, media=(*queries.drafts.media_of(version), *_as_media(kept(sound=True), "o:b")))
    changes = {
        change.label: "".join(one.text for one in change.passages if one.change == "ins")
        for change in history.compare(version, newer)
    }
    assert changes["Recording 2"].endswith("1.0 s, Option 2")
    assert changes["Recording 2 (English)"] == SHOWS["en"]
    assert "Picture 1" not in changes
    page = signed_in(UserFactory(examiner=True)).get(
        f"/exams/bank/{version.item.bank.code}/{version.item.code}/versions/"
    )
    assert page.content.decode().count("<img ") == 2
    assert page.content.decode().count("<audio ") == 1


def _as_media(file: MediaFile, place: str = "") -> tuple[Medium, ...]:
    return (Medium(str(file.ref), is_picture=file.is_picture, text=SHOWS, place=place),)


# ---------------------------------------------------------------- who opens a file


def test_a_candidate_opens_what_is_on_their_own_open_paper_and_nothing_after(clock: Any) -> None:
    file, other = kept("red"), kept("blue")
    attempt = paper_with(file)
    exam = exam_of("multiple")
    show(ItemVersion.objects.filter(item__bank=exam.bank).get(), other)
    assert status(attempt.person, file) == 200
    assert status(attempt.person, other) == 404
    assert status(UserFactory(), file) == 404
    assert Client().get(address(file)).status_code == 302
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=2))
    assert status(attempt.person, file) == 404


def test_when_the_time_is_up_the_file_is_gone(clock: Any) -> None:
    file = kept()
    attempt = paper_with(file)
    clock.move_to(attempt.deadline + timedelta(seconds=1))
    assert status(attempt.person, file) == 404


def test_a_pause_and_another_browser_hide_the_file_as_they_hide_the_question(settings: Any) -> None:
    file = kept()
    exam = exam_of("multiple", in_sessions=True)
    show(ItemVersion.objects.get(kind="multiple"), file)
    session = ExamSessionFactory(exam=exam)
    place = EntitlementFactory(exam=exam, session=session)
    attempt = services.start_attempt(
        person=place.person, exam=exam, now=NOW, language="en", entrance=services.Entrance(device="the one")
    )
    elsewhere = signed_in(attempt.person)
    assert elsewhere.get(address(file)).status_code == 404
    here = signed_in(attempt.person)
    here.cookies[settings.EXAM_DEVICE_COOKIE_NAME] = "the one"
    assert here.get(address(file)).status_code == 200
    Attempt.objects.filter(pk=attempt.pk).update(paused_at=NOW)
    assert here.get(address(file)).status_code == 404


def test_examiners_open_everything_and_other_offices_nothing() -> None:
    file = kept()
    show(ItemVersionFactory(), file)
    assert status(UserFactory(examiner=True), file) == 200
    for role in ("hr", "head", "director", "auditor", "administrator", "editor", "marker", "teacher", "invigilator"):
        assert status(UserFactory(**{role: True}), file) == 404, role
    assert signed_in(UserFactory()).get("/exams/media/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_marker_opens_what_is_in_the_answer_in_hand_and_only_while_it_is(clock: Any) -> None:
    file = kept()
    attempt = handed_in(open_exam("open"))
    show(ItemVersion.objects.get(kind="open"), file)
    clock.move_to(LATER)
    judge, (task,) = marker(), tasks_of(attempt)
    assert status(judge, file) == 404
    services.take(marker=judge, ref=task.ref, at=LATER)
    assert status(judge, file) == 200
    page = signed_in(judge).get(f"/exams/marking/answers/{task.ref}/").content.decode()
    assert f'src="{address(file)}"' in page
    assert SHOWS["en"] in page
    assert status(marker(), file) == 404
    services.put_back(marker=judge, ref=task.ref)
    assert status(judge, file) == 404


def test_an_observer_opens_what_is_on_a_card_until_it_is_marked(clock: Any) -> None:
    file = kept(sound=True)
    attempt = handed_in(open_exam("scenario"))
    show(ItemVersion.objects.get(kind="scenario"), file)
    clock.move_to(LATER)
    observer, (task,) = marker("marker"), tasks_of(attempt)
    page = signed_in(observer).get(f"/exams/observing/{task.ref}/").content.decode()
    assert f'src="{address(file)}"' in page
    assert status(observer, file) == 200
    services.mark_card(observer=observer, ref=task.ref, points={"calm": 3}, at=LATER)
    assert status(observer, file) == 404


def test_a_file_comes_so_that_nothing_in_it_runs_and_no_cache_keeps_it() -> None:
    file = kept()
    answer = signed_in(UserFactory(examiner=True)).get(address(file))
    assert answer.content == file.file.read()
    told = {name: answer.headers[name] for name in ("Content-Type", "Content-Security-Policy", "Cache-Control")}
    assert told == {
        "Content-Type": "image/png",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == 'inline; filename="picture.png"'
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "answered", "told"),
    [
        ("bytes=0-3", b"RIFF", "bytes 0-3/16044"),
        ("bytes=16042-", b"\x03", "bytes 16042-16043/16044"),
        ("bytes=16040-99999", b"\x03", "bytes 16040-16043/16044"),
        ("bytes=16044-", b"", "bytes */16044"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(asked: str, answered: bytes, told: str) -> None:
    answer = signed_in(UserFactory(examiner=True)).get(address(kept(sound=True)), headers={"range": asked})
    assert answer.status_code == (206 if answered else 416)
    assert answer.headers["Content-Range"] == told
    assert answer.content.startswith(answered) or answer.content.endswith(answered)


def test_a_range_nobody_can_read_gets_all_of_it() -> None:
    file = kept(sound=True)
    answer = signed_in(UserFactory(examiner=True)).get(address(file), headers={"range": "bytes=-5"})
    assert (answer.status_code, len(answer.content)) == (200, file.size)


def test_a_file_that_the_storage_lost_is_not_there() -> None:
    file = kept()
    file.file.storage.delete(str(file.file.name))
    assert status(UserFactory(examiner=True), file) == 404
