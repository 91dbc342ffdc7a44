"""Taking in the whole text of a policy: read, mended, taken as a draft that goes through the workflow."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.models import PolicyImport, PolicyPage
from cms.queries import targets
from cms.services.policy_files import lines_of_file, lines_of_text
from cms.services.policy_texts import (
    ChangedMeanwhile,
    PolicyTextError,
    begin_import,
    change_row,
    discard_expired_imports,
    join_rows,
    part_row,
    take_import,
)
from tests.cms.conftest import browser
from tests.factories.cms import approve, clause, policy_page, submit, translate
from tests.lib.test_word_files import LAW, hostile, numbered, paragraph, word
from training.matters.models import ClauseVersion, PolicyVersion
from training.matters.rules import ClauseRow
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = "Rules on Queues\nArticle 1 People wait in turn.\nArticle 2 A ticket is taken at the door, one for each."
FACTS = {
    "title": "Rules on Queues",
    "slug": "queues",
    "issuer": "The centre",
    "document_number": "",
    "summary": "",
    "effective_from": date(2026, 4, 1),
}


def begun(editors: SimpleNamespace, text: str = TEXT, page: PolicyPage | None = None, language: str = "en") -> Any:
    return begin_import(
        lines=lines_of_text(text), name="a.docx", page=page, language=language, by=editors.editor, at=AT
    )


def blocks(page: PolicyPage) -> list[dict[str, Any]]:
    draft = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [dict(block) for block in draft.clauses.raw_data]


def published(editors: SimpleNamespace, *clauses: dict[str, Any]) -> PolicyPage:
    return approve(policy_page(*clauses, by=editors.editor), editors=editors)


def test_a_new_policy_becomes_a_draft_and_nothing_is_published(editors: SimpleNamespace) -> None:
    page = take_import(draft=begun(editors), facts=FACTS, by=editors.editor, at=AT)
    assert not page.live
    assert [block["value"]["label"] for block in blocks(page)] == ["Article 1", "Article 2"]
    assert not PolicyVersion.objects.exists()
    assert not PolicyImport.objects.exists()
    assert AuditEvent.objects.get(action="cms.policy_imported").after == {"clauses": 2, "file": "a.docx"}
    approve(page, editors=editors)
    assert PolicyVersion.objects.get().placements.count() == 2


def test_identities_go_on_and_origins_are_frozen_when_it_is_published(editors: SimpleNamespace) -> None:
    kept = clause("People wait in turn, whoever they are.")
    cut = clause("A ticket is taken at the door. Tickets are called by number and shown.", label="Article 2")
    page = published(editors, kept, cut)
    text = (
        "Rules on Queues\nArticle 1 A ticket is taken at the door.\n"
        "Article 2 Tickets are called by number and shown.\nArticle 3 People wait in turn, whoever they are."
    )
    draft = begun(editors, text, page)
    rows = draft.clause_rows
    assert rows[2].continues == kept["id"]
    assert sorted([rows[0].continues, rows[1].continues]) == ["", cut["id"]]
    assert rows[0].also + rows[1].also == (cut["id"],)
    taken = take_import(draft=draft, facts={}, by=editors.editor, at=AT)
    assert taken.pk == page.pk
    assert PolicyVersion.objects.count() == 1
    approve(page, editors=editors)
    split = ClauseVersion.objects.get(derived_from__isnull=False)
    assert str(split.derived_from.get().clause.uid) == cut["id"]
    assert split.derived_from.get().number == 1
    assert str(split.clause.uid) not in (kept["id"], cut["id"])


def test_an_origin_is_noted_once_however_often_the_clause_changes(editors: SimpleNamespace) -> None:
    old = clause("One. Two.")
    page = published(editors, old)
    key = f"queues/{old['id']}"
    new = clause("Two.", label="Article 2")
    for text in ("Two.", "Two, anew."):
        value = {**new["value"], "text": text, "derived_from": [{"type": "item", "value": key, "id": new["id"]}]}
        draft = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        draft.clauses = json.dumps([old, {**new, "value": value}])
        draft.save_revision(user=editors.editor)
        approve(page, editors=editors)
    versions = ClauseVersion.objects.filter(clause__uid=new["id"]).order_by("number")
    assert [version.derived_from.count() for version in versions] == [1, 0]


def test_chapters_stand_before_their_first_clause_in_both_languages(editors: SimpleNamespace) -> None:
    text = "Rules on Queues\nChapter 1 General\nArticle 1 People wait in turn."
    page = take_import(draft=begun(editors, text), facts=FACTS, by=editors.editor, at=AT)
    approve(page, editors=editors)
    source = PolicyPage.objects.get(pk=page.pk)
    chinese = begun(editors, "排队规定\n第一章 总则\n第一条　依次等候。", source, "zh-hans")
    translation = take_import(draft=chinese, facts={}, by=editors.editor, at=AT)
    assert (translation.locale.language_code, blocks(translation)[0]["id"]) == ("zh-hans", blocks(page)[0]["id"])
    approve(translation, editors=editors)
    version = PolicyVersion.objects.get()
    assert version.placements.get().chapter == {"en": "Chapter 1 General", "zh-hans": "第一章 总则"}
    assert version.title == {"en": "Rules on Queues", "zh-hans": "排队规定"}
    assert ClauseVersion.objects.get().text["zh-hans"] == "依次等候。"


def test_a_translation_keeps_what_did_not_come_in_and_takes_no_stranger(editors: SimpleNamespace) -> None:
    first, second = clause("Wait in turn."), clause("Take a ticket.", label="Article 2")
    page = published(editors, first, second)
    translation = translate(page, by=editors.editor)
    draft = begun(editors, "排队规定\n第二条　取号。", translation, "zh-hans")
    take_import(draft=draft, facts={}, by=editors.editor, at=AT)
    assert [block["value"]["text"] for block in blocks(translation)] == ["Wait in turn.", "取号。"]
    stranger = begun(editors, "排队规定\n第一条　等候。\n第二条　取号。\n第三条　多余。", translation, "zh-hans")
    with pytest.raises(PolicyTextError):
        take_import(draft=stranger, facts={}, by=editors.editor, at=AT)
    assert PolicyImport.objects.filter(pk=stranger.pk).exists()


def test_a_page_in_review_is_not_written_over(editors: SimpleNamespace) -> None:
    page = published(editors, clause("Wait in turn."))
    draft = begun(editors, TEXT, page)
    change = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    change.summary = "Other words."
    change.save_revision(user=editors.both)
    submit(page, by=editors.both)
    with pytest.raises(PolicyTextError):
        take_import(draft=draft, facts={}, by=editors.both, at=AT)
    assert PolicyImport.objects.filter(pk=draft.pk).exists()


def test_two_tabs_do_not_mix_their_changes(editors: SimpleNamespace) -> None:
    draft = begun(editors, "Title\nArticle 1 One.\nTwo.\nArticle 2 Three.")
    part_row(draft=draft, revision=0, place=0, paragraph=1, at=AT)
    with pytest.raises(ChangedMeanwhile):
        join_rows(draft=draft, revision=0, place=1, at=AT)
    draft.refresh_from_db()
    assert [row.text for row in draft.clause_rows] == ["One.", "Two.", "Three."]


def test_what_keeps_it_from_being_taken_is_said_and_nothing_is_lost(editors: SimpleNamespace) -> None:
    draft = begun(editors)
    change_row(draft=draft, revision=0, place=0, row=ClauseRow("", text="Words."), at=AT)
    draft.refresh_from_db()
    with pytest.raises(PolicyTextError):
        take_import(draft=draft, facts=FACTS, by=editors.editor, at=AT)
    shown = browser(editors.editor).get(f"/policy-imports/{draft.pk}/").content.decode()
    assert "Give this clause a label" in shown
    assert "Words." in shown


def test_from_word_to_the_editor_in_the_browser(editors: SimpleNamespace) -> None:
    client = browser(editors.editor)
    data = word(
        paragraph("Rules on Queues"),
        numbered("甲条正文。", 1),
        numbered("乙款", 1, 1),
        numbered("丙条正文。", 2),
        numbering=LAW,
    )
    answer = client.post("/policy-imports/", {"target": "new", "text": "", "file": SimpleUploadedFile("a.docx", data)})
    draft = PolicyImport.objects.get()
    assert answer.headers["Location"] == f"/policy-imports/{draft.pk}/"
    assert [(row.label, row.text) for row in draft.clause_rows] == [
        ("第一条", "甲条正文。\n（一） 乙款"),
        ("第二条", "丙条正文。"),
    ]
    row = f"/policy-imports/{draft.pk}/clauses/0/"
    assert client.get(row).status_code == 200
    client.post(row, {"revision": 0, "act": "part", "paragraph": 1})
    client.post(f"/policy-imports/{draft.pk}/clauses/1/", {"revision": 1, "act": "join"})
    client.post(
        row,
        {"revision": 2, "act": "save", "label": "第一条", "heading": "新", "text": "甲。\r\n\r\n乙。", "chapter": ""},
    )
    draft.refresh_from_db()
    assert [(one.heading, one.text) for one in draft.clause_rows] == [("新", "甲。\n\n乙。"), ("", "丙条正文。")]
    facts = {**FACTS, "effective_from": "2026-04-01"}
    assert client.post(f"/policy-imports/{draft.pk}/take/", {**facts, "issuer": ""}).status_code == 400
    answer = client.post(f"/policy-imports/{draft.pk}/take/", facts)
    page = PolicyPage.objects.get(slug="queues")
    assert answer.headers["Location"] == f"/cms/pages/{page.pk}/edit/"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "data", [data for _name, data, _code in hostile()], ids=[name for name, _data, _code in hostile()]
)
def test_hostile_files_get_a_sentence(editors: SimpleNamespace, data: bytes) -> None:
    answer = browser(editors.editor).post(
        "/policy-imports/", {"target": "new", "text": "", "file": SimpleUploadedFile("a.docx", data)}
    )
    assert answer.status_code == 400
    assert "aste" in answer.content.decode() or "ave it anew" in answer.content.decode()
    assert not PolicyImport.objects.exists()


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0 old", b"\x81\xff\xff", b"\x00\x01"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(PolicyTextError):
        lines_of_file(data)


def test_texts_of_other_programs_and_tables() -> None:
    assert [line.text for line in lines_of_file("第一条　甲。\r\n乙。".encode("gb18030"))] == ["第一条　甲。", "乙。"]
    assert [line.text for line in lines_of_file("第一条".encode("utf-16"))] == ["第一条"]
    assert [(line.text, line.in_table) for line in lines_of_text("事项\t材料\t时限")] == [("事项 | 材料 | 时限", True)]
    table = "<w:tbl><w:tr><w:tc>{}{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>".format(*(paragraph(one) for one in "甲乙丙"))
    assert [(line.text, line.in_table) for line in lines_of_file(word(table))] == [("甲 乙 | 丙", True)]


def test_nobody_sees_the_text_somebody_else_takes_in(editors: SimpleNamespace) -> None:
    draft = begun(editors)
    other = browser(editors.both)
    for address in ("", "clauses/0/"):
        assert other.get(f"/policy-imports/{draft.pk}/{address}").status_code == 404
    assert other.post(f"/policy-imports/{draft.pk}/discard/").status_code == 404
    assert browser(editors.reviewer).get("/policy-imports/").status_code == 403
    browser(editors.editor).post(f"/policy-imports/{draft.pk}/discard/")
    assert not PolicyImport.objects.exists()


def test_a_text_left_alone_is_forgotten_after_a_month(editors: SimpleNamespace) -> None:
    begun(editors)
    assert discard_expired_imports(now=AT + timedelta(days=30)) == 0
    assert discard_expired_imports(now=AT + timedelta(days=31)) == 1


def test_the_list_of_targets_costs_the_same_for_any_number(editors: SimpleNamespace) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert targets()
        return len(found)

    policy_page(by=editors.editor, slug="one")
    before = queries()
    for number in range(5):
        policy_page(by=editors.editor, slug=f"more-{number}")
    assert queries() == before
    assert [target.key for target in targets()][:1] == ["new"]


def test_the_preview_costs_the_same_for_any_number_of_clauses(editors: SimpleNamespace) -> None:
    def queries(text: str) -> int:
        draft = begun(editors, text)
        client = browser(editors.editor)
        client.get(f"/policy-imports/{draft.pk}/")
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/policy-imports/{draft.pk}/").status_code == 200
        return len(found)

    assert queries(TEXT) == queries("Title\n" + "\n".join(f"Article {n} Word {n}." for n in range(1, 80)))
