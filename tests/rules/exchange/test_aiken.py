"""Aiken, and how formats are told apart."""

import io
import zipfile
from pathlib import Path

import pytest

from assessments.exchange.aiken import read_aiken
from assessments.exchange.formats import READERS, read, recognise
from assessments.exchange.report import Format, Told
from training.lib.office import FileRefused

from .drafts import LANGUAGES, OPTIONS

BANKS = Path(__file__).parents[2] / "data" / "question-banks"
AIKEN = "Who decides?\nA. The clerk\nB) The head\nof the section\nANSWER: B\n\nNo answer here\nA. One\nB. Two\n"


def test_questions_and_options_of_several_lines() -> None:
    first, second = read_aiken(AIKEN.encode(), language="en", source="en", languages=LANGUAGES).items
    assert first.draft
    assert (first.draft.key, first.draft.options[1].text["en"]) == (["b"], "The head\nof the section")
    assert (second.line, second.refusals[0].code) == (7, Told.NO_ANSWER)


def test_an_answer_that_is_no_option() -> None:
    (found,) = read_aiken(b"Q\nA. a\nB. b\nANSWER: C", language="en", source="en", languages=LANGUAGES).items
    assert found.refusals[0].code is Told.NOT_AN_OPTION


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (AIKEN.encode(), Format.AIKEN),
        ("题目{=对 ~错}".encode("gbk"), Format.GIFT),
        ("一、单选题\n1. 题目".encode(), Format.TEXT),
        (b"\xef\xbb\xbf<?xml version='1.0'?><quiz/>", Format.MOODLE),
        ((BANKS / "qti21_choice.xml").read_bytes(), Format.QTI2),
        ((BANKS / "canvas_edge_cases_qti12.xml").read_bytes(), Format.CANVAS),
        *(((BANKS / name).read_bytes(), Format.GIFT) for name in ("peg_options1.gift", "peg_numerical1.gift")),
    ],
)
def test_formats_are_told_apart_by_content(data: bytes, format_: Format) -> None:
    assert recognise(data) is format_


@pytest.mark.parametrize(("part", "format_"), [("xl/workbook.xml", Format.XLSX), ("word/document.xml", Format.WORD)])
def test_zips_are_told_apart_by_their_parts(part: str, format_: Format) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(part, "<x/>")
    assert recognise(buffer.getvalue()) is format_


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" \n", Told.EMPTY),
        (b"\xd0\xcf\x11\xe0rest", Told.OLD_OFFICE),
        (b"<html/>", Told.UNKNOWN_FORMAT),
        (b"just words", Told.UNKNOWN_FORMAT),
        (b"%PDF-1.7 \xff\xff\x00", Told.NOT_TEXT),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, code: Told) -> None:
    with pytest.raises(FileRefused) as refused:
        recognise(data)
    assert refused.value.code == code


@pytest.mark.parametrize("format_", list(READERS))
def test_a_file_of_another_format_is_an_error_and_no_crash(format_: Format) -> None:
    """Overruling the recognised format gives what that reader makes of the bytes, or a reason."""
    for data in (AIKEN.encode(), (BANKS / "qti21_choice.xml").read_bytes()):
        try:
            found = read(data, format_, **OPTIONS)
        except FileRefused:
            continue
        assert all(item.draft or item.refusals for item in found.items)
