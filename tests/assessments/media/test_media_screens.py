"""Pictures and recordings of items on screen: beside the question, and in the form that writes it."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from assessments import queries
from assessments.models import Attempt, Item, ItemMedia, ItemVersion, MediaFile
from tests.assessments.media.opening import address, signed_in
from tests.factories.assessments import (
    NOW,
    ItemFactory,
    ItemVersionFactory,
    exam_of,
    exam_with_items,
    started,
)
from tests.factories.media import SHOWS, kept, paper_with, png, show, wav

pytestmark = pytest.mark.django_db


# as a candidate sees it


def question_page(attempt: Attempt, kind: str) -> str:
    position = attempt.items.get(item_version__kind=kind).position
    return signed_in(attempt.person).get(f"/exams/attempt/{attempt.pk}/{position}/").content.decode()


def test_a_picture_stands_beside_the_question_with_its_words_and_opens_without_a_script() -> None:
    file = kept()
    page = question_page(paper_with(file), "multiple")
    assert f'<img src="{address(file)}" width="30" height="20" alt="{SHOWS["en"]}" lang="en"' in page
    assert f'href="{address(file)}" target="_blank"' in page


def test_a_recording_has_its_own_controls_and_its_transcript() -> None:
    file = kept(sound=True)
    page = question_page(paper_with(file), "multiple")
    assert f'<audio controls preload="auto" src="{address(file)}" aria-label="Recording, 0:01">' in page
    assert SHOWS["en"] in page.partition("Read what is said")[2]


def test_a_picture_in_an_option_stands_with_it_whatever_the_order() -> None:
    exam = exam_of("multiple")
    version = ItemVersion.objects.get()
    file = kept()
    show(version, file, place="o:c")
    page = question_page(started(exam), "multiple")
    label = page.partition(f'<img src="{address(file)}"')[0].rpartition("<label")[2]
    assert "Option C" in label
    assert "o:c" not in page


def test_a_picture_stands_with_its_document() -> None:
    exam = exam_of("documents")
    file = kept()
    show(ItemVersion.objects.get(), file, place="p:y")
    page = question_page(started(exam), "documents")
    part = page.partition(f'<img src="{address(file)}"')[0].rpartition("<li>")[2]
    assert "Line Y" in part


def test_what_lost_its_option_stands_beside_the_question() -> None:
    exam = exam_of("multiple")
    file = kept()
    show(ItemVersion.objects.get(), file, place="o:gone")
    page = question_page(started(exam), "multiple")
    assert page.index(f'<img src="{address(file)}"') < page.index('class="opts"')


def test_the_paper_brings_all_media_in_as_many_statements_for_one_as_for_many(django_assert_num_queries: Any) -> None:
    attempt = started(exam_with_items())
    versions = [row.item_version for row in attempt.items.select_related("item_version")]
    show(versions[0])
    with django_assert_num_queries(3):
        queries.questions_of(attempt)
    for number, version in enumerate(versions[1:]):
        show(version, kept(("red", "blue", "green")[number % 3]))
    with django_assert_num_queries(3):
        shown = queries.questions_of(attempt)
    assert sum(len(question.media) for question in shown) == len(versions)


# in the form


def upload(name: str = "form.png", data: bytes | None = None) -> ContentFile:
    return ContentFile(png() if data is None else data, name=name)


@pytest.fixture
def draft() -> ItemVersion:
    item = ItemFactory(state=Item.State.DRAFT, reviewer=None, competency__framework__is_current=True)
    return ItemVersionFactory(item=item)


def edit(version: ItemVersion) -> str:
    return f"/exams/bank/{version.item.bank.code}/{version.item.code}/edit/"


def sent(version: ItemVersion, **more: Any) -> dict[str, Any]:
    """Return what the form of a single choice sends."""
    told: dict[str, Any] = {
        "seen": f"{version.number}.{version.edits}",
        "stem-en": version.stem["en"],
        "stem-zh-hans": version.stem["zh-hans"],
        "right": "a",
        "competency": version.item.competency_id,
        "level": 3,
        "judged": 65,
        "bar": 100,
        "action": "save",
    }
    for number, option in enumerate(version.options):
        told |= {f"o-{number}-id": option["id"], f"o-{number}-en": option["text"]["en"]}
        told |= {f"o-{number}-zh-hans": option["text"]["zh-hans"]}
    return told | more


def test_files_are_uploaded_several_at_once_and_nothing_typed_is_lost(draft: ItemVersion) -> None:
    client = signed_in(draft.item.author)
    draft.item.author.role_grants.create(role="examiner", starts_on=NOW.date())
    files = [upload(), upload("words.wav", wav())]
    page = client.post(edit(draft), sent(draft, action="upload", upload=files, **{"stem-en": "Typed anew"}))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Typed anew" in text
    refs = [str(file.ref) for file in MediaFile.objects.order_by("pk")]
    assert [f'name="m-{n}-ref" value="{ref}"' in text for n, ref in enumerate(refs)] == [True, True]
    assert not ItemMedia.objects.exists()
    rows = {f"m-{n}-ref": ref for n, ref in enumerate(refs)}
    rows |= {"m-0-en": "A form", "m-0-zh-hans": "表", "m-0-place": "o:b", "m-1-en": "Hello", "m-1-zh-hans": "您好"}
    assert client.post(edit(draft), sent(draft, **rows)).status_code == 302
    told = queries.drafts.media_of(draft)
    assert [(one.ref, one.place, one.text["en"]) for one in told] == [
        (refs[0], "o:b", "A form"),
        (refs[1], "", "Hello"),
    ]


@pytest.fixture
def author(draft: ItemVersion) -> Client:
    draft.item.author.role_grants.create(role="examiner", starts_on=NOW.date())
    return signed_in(draft.item.author)


def test_what_is_chosen_and_not_uploaded_comes_with_the_save(author: Client, draft: ItemVersion) -> None:
    assert author.post(edit(draft), sent(draft, upload=[upload()])).status_code == 302
    assert draft.media.get().file.is_picture
    page = author.get(edit(draft)).content.decode()
    assert "Picture 1 has no description." in page


def test_a_file_that_is_not_fit_is_named_at_the_field_and_the_others_stay(author: Client, draft: ItemVersion) -> None:
    files = [upload("page.html", b"<script>"), upload(), upload("photo.svg.png")]
    page = author.post(edit(draft), sent(draft, upload=files, **{"stem-en": "Typed anew"}))
    text = page.content.decode()
    assert page.status_code == 400
    field = text.partition('id="upload-error"')[2].partition('id="upload"')[0]
    assert "page.html: Pictures come as PNG" in field
    assert "photo.svg.png: The name of the file has two endings" in field
    assert "Typed anew" in text
    assert f'name="m-0-ref" value="{MediaFile.objects.get().ref}"' in text
    draft.refresh_from_db()
    assert draft.stem["en"] != "Typed anew"


def test_media_are_moved_and_taken_away(author: Client, draft: ItemVersion) -> None:
    first, second = kept("red"), kept("blue")
    rows = {"m-0-ref": first.ref, "m-0-en": "red", "m-1-ref": second.ref, "m-1-en": "blue"}
    moved = author.post(edit(draft), sent(draft, action="down:m-0", **rows)).content.decode()
    assert f'name="m-0-ref" value="{second.ref}"' in moved
    assert f'name="m-1-ref" value="{first.ref}"' in moved
    left = author.post(edit(draft), sent(draft, action="drop:m-0", **rows)).content.decode()
    assert f'name="m-0-ref" value="{second.ref}"' in left
    assert str(first.ref) not in left


def test_an_approved_version_keeps_its_picture_when_the_form_takes_it_away(author: Client) -> None:
    version = ItemVersionFactory(item__competency__framework__is_current=True)
    show(version)
    assert author.post(edit(version), sent(version)).status_code == 302
    newest = version.item.versions.latest("number")
    assert (newest.number, newest.media.count(), version.media.count()) == (2, 0, 1)


def test_a_picture_let_go_meanwhile_is_told_at_the_field(author: Client, draft: ItemVersion) -> None:
    rows = {"m-0-ref": "00000000-0000-4000-8000-000000000000", "m-0-en": "A form"}
    page = author.post(edit(draft), sent(draft, **rows))
    assert page.status_code == 400
    assert "Upload it again" in page.content.decode().partition('id="upload-error"')[2]
