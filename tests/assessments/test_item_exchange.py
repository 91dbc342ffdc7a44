"""Items in and out of files: what a file would do, doing it once, finding it unchanged, taking it out."""

import io
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assessments import tasks
from assessments.exchange import SAMPLES, Format, Note, Told, write_gift
from assessments.exchange.sheet_columns import KINDS_SHOWN
from assessments.models import Item, ItemMedia, ItemVersion, MediaFile
from assessments.queries.drafts import draft_of, problems_of_version
from assessments.rules import Choice, ItemDraft
from assessments.scoring.marking import ItemKind
from assessments.services import exchange, items
from assessments.services.media import NoRoom
from tests.factories.assessments import NOW, BankFactory, ItemFactory, ItemVersionFactory
from tests.factories.competencies import CompetencyFactory, FrameworkFactory
from tests.factories.matters import a_clause
from tests.factories.media import png
from tests.factories.people import RoleGrantFactory, UserFactory
from training.lib.tables import read_table
from training.operations.models import AuditEvent
from training.people.models import Role

pytestmark = pytest.mark.django_db
Budget = Callable[..., AbstractContextManager[None]]
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def competency() -> Any:
    return CompetencyFactory(code="intake", framework=FrameworkFactory(is_current=True))


@pytest.fixture
def bank() -> Any:
    return BankFactory(code="main")


@pytest.fixture
def author() -> Any:
    person = UserFactory()
    RoleGrantFactory(person=person, role=Role.EXAMINER)
    return person


def drafts(number: int, **facts: Any) -> list[ItemDraft]:
    options = (Choice("a", {"en": "The head"}), Choice("b", {"en": "The clerk"}))
    words = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet")
    stems = [f"{words[n % 10] * 3} {words[n // 10 % 10] * 3} {n} who signs the {n * 7919} form?" for n in range(number)]
    return [
        replace(ItemDraft(ItemKind.SINGLE, {"en": stem}, ["a"], options, code=f"f-{n}"), **facts)
        for n, stem in enumerate(stems)
    ]


def plan_of(bank: Any, competency: Any, data: bytes | str, format_: Format = Format.GIFT) -> exchange.Plan:
    data = data.encode() if isinstance(data, str) else data
    file = exchange.read_file(data, format_, name="file", language="en")
    return exchange.plan_import(bank, file, exchange.Defaults(competency, 2, 0.6))


def gift(found: list[ItemDraft]) -> bytes:
    return write_gift(found, language="en").data


def taken(bank: Any, plan: exchange.Plan, by: Any, numbers: Any = None) -> exchange.ItemsComeIn:
    chosen = {row.number for row in plan.rows} if numbers is None else numbers
    return exchange.import_items(bank=bank, plan=plan, numbers=chosen, file_name="file", by=by, at=NOW)


def told(row: exchange.Row) -> list[Told]:
    return [note.code for note in row.told]


def test_questions_come_in_as_drafts_with_what_was_chosen_for_the_file(bank: Any, competency: Any, author: Any) -> None:
    plan = plan_of(bank, competency, "::k-1:: Who decides? {=head ~clerk}\n\nYou may begin.")
    assert [row.state for row in plan.rows] == ["new", "refused"]
    assert told(plan.rows[0]) == [Told.COMPETENCY_SET, Told.LEVEL_SET, Told.JUDGED_SET]
    assert taken(bank, plan, author) == exchange.ItemsComeIn(1, 0, 1)
    version = ItemVersion.objects.get(item__code="k-1")
    assert (version.item.state, version.item.author, version.item.competency) == (Item.State.DRAFT, author, competency)
    assert (version.level, version.judged_p, version.approved_at) == (2, 0.6, None)
    event = AuditEvent.objects.get(action="assessments.items_imported")
    assert event.after == {"file": "file", "format": "gift", "new": 1, "revised": 0, "left_out": 1}
    assert AuditEvent.objects.filter(action="assessments.item_written").count() == 1


def test_the_same_file_again_changes_nothing_and_a_changed_one_adds_a_version(
    bank: Any, competency: Any, author: Any
) -> None:
    first = drafts(3)
    taken(bank, plan_of(bank, competency, gift(first)), author)
    again = plan_of(bank, competency, gift(first))
    assert [row.state for row in again.rows] == ["unchanged"] * 3
    with pytest.raises(exchange.NothingChosen):
        taken(bank, again, author)
    changed = plan_of(bank, competency, gift([replace(first[0], key=["b"]), *first[1:]]))
    assert [row.state for row in changed.rows] == ["revised", "unchanged", "unchanged"]
    assert taken(bank, changed, author).revised == 1


def test_questions_without_a_name_find_themselves_again(bank: Any, competency: Any, author: Any) -> None:
    text = "Who decides about the permit? {=head ~clerk}"
    taken(bank, plan_of(bank, competency, text), author)
    assert [row.state for row in plan_of(bank, competency, text).rows] == ["unchanged"]


def test_one_name_for_two_questions_makes_two_codes_and_twice_the_same_is_refused(bank: Any, competency: Any) -> None:
    text = "::T:: Who decides? {=a ~b}\n\n::T:: Where is the form? {=c ~d}\n\n::T:: Who decides? {=a ~b}"
    first, second, third = plan_of(bank, competency, text).rows
    assert first.code == "T"
    assert second.code.startswith("T-")
    assert Told.CODE_CHANGED in told(second)
    assert third.refusals[0].code is Told.SAME_NAME


def test_ids_of_options_are_no_change(bank: Any, competency: Any, author: Any) -> None:
    options = (Choice("x", {"en": "The head"}), Choice("y", {"en": "The clerk"}))
    facts = {"level": 2, "judged_p": 0.6}
    draft = ItemDraft(ItemKind.SINGLE, {"en": "Who signs?"}, ["y"], options, code="k-1", **facts)
    items.write_item(bank=bank, written=items.Written(draft, competency), by=author, at=NOW)
    assert plan_of(bank, competency, gift([draft])).rows[0].state == "unchanged"


def test_a_language_the_file_lacks_is_told_and_not_ticked(bank: Any, competency: Any, author: Any) -> None:
    stem = {"en": "Who signs here?", "zh-hans": "谁签字？"}
    options = (Choice("a", {"en": "Head", "zh-hans": "科长"}), Choice("b", {"en": "Clerk", "zh-hans": "窗口"}))
    draft = ItemDraft(ItemKind.SINGLE, stem, ["a"], options, code="k-1", level=2, judged_p=0.6)
    items.write_item(bank=bank, written=items.Written(draft, competency), by=author, at=NOW)
    (row,) = plan_of(bank, competency, gift([draft])).rows
    assert (row.state, row.is_proposed) == ("revised", False)
    assert Told.LANGUAGE_MISSING in told(row)


def test_a_file_in_chinese_alone_comes_in_and_its_questions_are_fit_to_be_used(
    bank: Any, competency: Any, author: Any
) -> None:
    text = "1. 材料不齐时，窗口人员应当怎样做？\nA. 退回全部材料\nB. 一次性告知\nC. 请群众自行了解\n答案：B\n"
    file = exchange.read_file(text.encode(), Format.TEXT, name="f.txt", language="zh-hans")
    (row,) = exchange.plan_import(bank, file, exchange.Defaults(competency, 2, 0.6)).rows
    assert (row.state, row.is_proposed, row.refusals) == ("new", True, [])
    (version,) = items.write_items(bank=bank, rows=[row.written], by=author, at=NOW).new
    assert set(version.stem) == {"zh-hans"}
    assert problems_of_version(version) == []


def test_near_duplicates_of_the_bank_and_of_the_file_are_named_in_chinese_too(
    bank: Any, competency: Any, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    version = ItemVersionFactory(item=ItemFactory(bank=bank, code="old"), options=[], parts=[])
    version.stem = {"en": "x", "zh-hans": "群众提交的材料不齐时，窗口人员首先应当怎样做？"}
    version.save()
    text = (
        "群众提交的材料不齐全时，窗口人员首先应当怎样做？{T}\n\n居住证多少个工作日内可以办结？{T}\n\n"
        "居住证多少个工作日内可以办结呢？{F}"
    )
    file = exchange.read_file(text.encode(), Format.GIFT, name="f", language="zh-hans")
    first, second, third = exchange.plan_import(bank, file, exchange.Defaults(competency, 2, 0.6)).rows
    assert first.twin
    assert (first.twin.code, first.twin.in_file, first.is_proposed) == ("old", False, False)
    assert second.twin is None
    assert third.twin
    assert third.twin.in_file


def test_citations_are_found_by_label_and_unknown_ones_told(bank: Any, competency: Any, author: Any) -> None:
    clause = a_clause()
    slug = clause.clause.policy.slug
    label = next(iter(clause.label.values()))
    draft = replace(drafts(1)[0], cites=(f"{slug}/{clause.clause.uid}", "nowhere/1"))
    (row,) = plan_of(bank, competency, gift([draft])).rows
    assert row.written
    assert row.written.clauses == (clause.pk,)
    assert Told.CLAUSE_UNKNOWN in told(row)
    assert exchange.sentence(row.told[-1])
    by_label = replace(draft, cites=(f"{slug}/{label}",))
    (row,) = plan_of(bank, competency, gift([by_label])).rows
    assert row.written
    assert row.written.clauses == (clause.pk,)


def test_an_unknown_competency_and_a_retired_item_are_refused(bank: Any, competency: Any) -> None:
    ItemVersionFactory(item=ItemFactory(bank=bank, code="f-1", state=Item.State.RETIRED))
    found = drafts(2)
    plan = plan_of(bank, competency, gift([replace(found[0], competency="other"), found[1]]))
    assert [row.refusals[0].code for row in plan.rows] == [Told.COMPETENCY_UNKNOWN, Told.RETIRED]


def test_a_hundred_questions_take_as_many_statements_as_one(
    bank: Any, competency: Any, author: Any, at_most: Budget
) -> None:
    for number in (1, 100):
        data = gift(drafts(number))
        other = BankFactory()
        with at_most(5):
            plan = plan_of(other, competency, data)
        with at_most(12):
            taken(other, plan, author)
        assert other.items.count() == number


def test_the_template_comes_in_whole_in_both_languages(bank: Any, competency: Any) -> None:
    for language in ("en", "zh-hans"):
        data = exchange.template_file(language)
        assert exchange.recognised(data) is Format.XLSX
        plan = plan_of(bank, competency, data, Format.XLSX)
        assert [row.state for row in plan.rows] == ["new"] * len(KINDS_SHOWN)


def test_what_goes_out_as_a_workbook_comes_in_unchanged(bank: Any, competency: Any, author: Any) -> None:
    taken(bank, plan_of(bank, competency, exchange.template_file("en"), Format.XLSX), author)
    versions = list(ItemVersion.objects.newest().filter(item__bank=bank).select_related("item__bank"))
    for format_ in (Format.XLSX,):
        file = exchange.export_items(versions, format_, language="en", at=NOW)
        assert file.left == ()
        assert {row.state for row in plan_of(bank, competency, file.data, format_).rows} == {"unchanged"}
    assert len(draft_of(versions[0]).stem) == 2


def test_every_told_thing_has_words_in_both_languages() -> None:
    values = dict.fromkeys(
        ("text", "name", "number", "option", "percent", "points", "mark", "tag", "kind", "title", "target", "language",
         "limit", "answer", "other", "category", "part", "reason", "value", "field", "item", "level", "clause", "line",
         "column", "heading"), "1"
    )  # fmt: skip
    for code in Told:
        if code is not Told.PROBLEM:
            for language in ("en", "zh-hans"):
                with translation.override(language):
                    assert "%(" not in exchange.sentence(Note(code, values))


# The screens.


@pytest.fixture
def examiner(client: Client, author: Any) -> Client:
    client.force_login(author)
    return client


def upload(examiner: Client, bank: Any, competency: Any, data: bytes, **changes: Any) -> Any:
    form = {
        "file": SimpleUploadedFile("paper.txt", data), "bank": bank.code, "format": "", "language": "en",
        "competency": competency.pk, "level": 2, "judged": 60,
    }  # fmt: skip
    return examiner.post(reverse("assessments:import_items"), form | changes)


def test_from_upload_to_the_bank(examiner: Client, bank: Any, competency: Any) -> None:
    text = b"::k-1:: Who decides? {=head ~clerk#no}\n\n::k-2:: Where does the form lie? {=here ~there}\n\nJust words"
    assert upload(examiner, bank, competency, text).status_code == 302
    page = examiner.get(reverse("assessments:import_check")).content.decode()
    assert "Feedback to single answers is not kept" in page
    assert "A text that asks nothing." in page
    assert Item.objects.count() == 0
    answer = examiner.post(reverse("assessments:import_take"), {"rows": ["1"]}, follow=True)
    assert "1 item was imported as a draft." in answer.content.decode()
    assert list(bank.items.values_list("code", flat=True)) == ["k-1"]
    again = examiner.post(reverse("assessments:import_take"), {"rows": ["2"]}, follow=True)
    assert "Choose it again" in again.content.decode()


def test_nothing_ticked_and_calling_it_off(examiner: Client, bank: Any, competency: Any) -> None:
    upload(examiner, bank, competency, b"::k-1:: Who decides? {=head ~clerk}")
    answer = examiner.post(reverse("assessments:import_take"), {"rows": ["7", "x"]}, follow=True)
    assert "Tick one or more questions" in answer.content.decode()
    examiner.post(reverse("assessments:import_discard"))
    assert examiner.get(reverse("assessments:import_check")).status_code == 302


def test_a_file_that_cannot_be_read_says_why(examiner: Client, bank: Any, competency: Any) -> None:
    answer = upload(examiner, bank, competency, b"\xd0\xcf\x11\xe0 old")
    assert answer.status_code == 400
    assert "file of the old kind" in answer.content.decode()
    answer = upload(examiner, bank, competency, b"Q? {T}", format="moodle")
    assert "The XML is broken in line 1" in answer.content.decode()


def test_the_file_of_somebody_else_is_not_to_be_had(author: Any) -> None:
    name = exchange.keep_upload(b"x", by=author)
    assert exchange.kept_upload(name, by=author) == b"x"
    assert exchange.kept_upload(name, by=UserFactory()) is None
    exchange.keep_upload(b"y", by=author)
    assert exchange.kept_upload(name, by=author) is None


def test_a_file_nobody_imports_is_forgotten_after_a_day(author: Any) -> None:
    other, uploaded = UserFactory(), datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    with time_machine.travel(uploaded, tick=False):
        old = exchange.keep_upload(b"old", by=author)
    with time_machine.travel(uploaded + timedelta(hours=2), tick=False):
        new = exchange.keep_upload(b"new", by=other)
    tasks.discard_expired_uploads(now=uploaded + timedelta(hours=24))
    assert exchange.kept_upload(old, by=author) == b"old"
    tasks.discard_expired_uploads(now=uploaded + timedelta(hours=25))
    assert exchange.kept_upload(old, by=author) is None
    assert exchange.kept_upload(new, by=other) == b"new"
    assert ("assessments.tasks.discard_expired_uploads", "hourly") in settings.TICK_TASKS


def test_what_an_export_cannot_carry_is_shown_before_it_leaves(examiner: Client, bank: Any) -> None:
    for name in ("ordering", "single"):
        traits = {} if name == "single" else {name: True}
        ItemVersionFactory(item=ItemFactory(bank=bank, code=name), **traits)
    address = f"{reverse('assessments:export_items')}?bank={bank.code}"
    assert "2 items with their keys" in examiner.get(address).content.decode()
    page = examiner.post(address, {"format": "gift", "language": "en"}).content.decode()
    assert "not in the file" in page
    assert not AuditEvent.objects.filter(action="assessments.items_exported").exists()
    answer = examiner.post(address, {"format": "gift", "language": "en", "accepted": "yes"})
    assert answer["Content-Disposition"].endswith('.gift.txt"')
    assert b"single" in answer.content
    assert AuditEvent.objects.get(action="assessments.items_exported").after["items"] == 2
    book = examiner.post(address, {"format": "xlsx", "language": "en"})
    assert len(read_table(io.BytesIO(book.content), name="x").rows) == 2


def test_an_export_of_nothing_and_the_template(examiner: Client, bank: Any) -> None:
    answer = examiner.post(
        f"{reverse('assessments:export_items')}?bank={bank.code}", {"format": "xlsx", "language": "en"}
    )
    assert answer.status_code == 400
    assert "No item of the bank is like this." in answer.content.decode()
    template = examiner.get(reverse("assessments:item_template"))
    assert len(read_table(io.BytesIO(template.content), name="x").rows) == len(SAMPLES)


def with_picture(data: bytes, name: str = "form.png") -> bytes:
    held = f'<file name="{name}" path="/" encoding="base64">{b64encode(data).decode()}</file>'
    text = f'&lt;img src="@@PLUGINFILE@@/{name}" alt="A form"&gt;Who signs here?'
    return f"""<quiz><question type="truefalse"><name><text>k-1</text></name>
    <questiontext format="html"><text>{text}</text>{held}</questiontext>
    <answer fraction="100"><text>true</text></answer></question></quiz>""".encode()


def test_a_picture_comes_in_with_its_question_is_found_unchanged_and_goes_out_again(
    bank: Any, competency: Any, author: Any
) -> None:
    file = with_picture(png() + b"<script>")
    plan = plan_of(bank, competency, file, Format.MOODLE)
    assert not MediaFile.objects.exists()
    taken(bank, plan, author)
    medium = ItemMedia.objects.get()
    assert (medium.place, medium.text, medium.file.width) == ("", {"en": "A form"}, 30)
    assert b"script" not in medium.file.file.read()
    assert plan_of(bank, competency, file, Format.MOODLE).rows[0].state == "unchanged"
    assert plan_of(bank, competency, with_picture(png("blue")), Format.MOODLE).rows[0].state == "revised"
    versions = ItemVersion.objects.select_related("item__bank", "item__competency")
    for format_ in (Format.MOODLE, Format.QTI2):
        out = exchange.export_items(list(versions), format_, language="en", at=NOW)
        assert plan_of(bank, competency, out.data, format_).rows[0].state == "unchanged"
    assert Told.MEDIA in [
        note.code for note in exchange.export_items(list(versions), Format.XLSX, language="en", at=NOW).left[0].notes
    ]


def test_a_file_that_says_nothing_of_pictures_leaves_them(bank: Any, competency: Any, author: Any) -> None:
    taken(bank, plan_of(bank, competency, with_picture(png()), Format.MOODLE), author)
    versions = list(ItemVersion.objects.select_related("item__bank", "item__competency"))
    bare = exchange.export_items(versions, Format.GIFT, language="en", at=NOW).data
    assert plan_of(bank, competency, bare).rows[0].state == "unchanged"
    changed = bare.replace(b"Who signs", b"Who signs it")
    taken(bank, plan_of(bank, competency, changed), author)
    assert ItemVersion.objects.get().media.count() == 1


def test_a_picture_that_is_none_stays_out_and_is_told_with_the_reason(bank: Any, competency: Any, author: Any) -> None:
    plan = plan_of(bank, competency, with_picture(b"<svg/>"), Format.MOODLE)
    (note,) = [note for note in plan.rows[0].told if note.code is Told.MEDIA_UNFIT]
    assert "form.png" in exchange.sentence(note)
    assert "no picture" in exchange.sentence(note)
    taken(bank, plan, author)
    assert not ItemMedia.objects.exists()


def test_pictures_do_not_come_in_where_there_is_no_room(bank: Any, competency: Any, author: Any, settings: Any) -> None:
    plan = plan_of(bank, competency, with_picture(png()), Format.MOODLE)
    settings.DISK_FREE_LIMIT_MB = 10**9
    with pytest.raises(NoRoom):
        taken(bank, plan, author)
    assert not Item.objects.exists()
