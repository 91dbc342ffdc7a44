"""Files made to harm: each ends in a clear error, or in refused items, within a second and in bounded memory."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from assessments.exchange.formats import READERS, read, recognise
from assessments.exchange.report import Format, ReadFile, Told
from assessments.exchange.sheets import read_rows
from training.lib.office import FileRefused

from .drafts import OPTIONS

SECOND = 1.0
ALLOWANCE = 3.0
"""How much slower a machine under tests may be."""
MOST_MEMORY = 150 * 1024 * 1024


@contextmanager
def quickly() -> Iterator[None]:
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < SECOND * ALLOWANCE


def zipped(*files: tuple[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]><quiz><question>&j;</question></quiz>"
)
OUTSIDE = b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>'
PARAMETER = b'<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><quiz/>'
DEEP = b"<quiz>" + b"<question>" * 50_000
WIDE = b"<quiz>" + b"<q/>" * 400_000 + b"</quiz>"
ATTRIBUTES = b"<quiz " + b" ".join(f'a{n}="1"'.encode() for n in range(100_000)) + b"/>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ENTITIES, Told.XML_HOSTILE),
        (OUTSIDE, Told.XML_HOSTILE),
        (PARAMETER, Told.XML_HOSTILE),
        (DEEP, Told.XML_HOSTILE),
        (WIDE, Told.XML_HOSTILE),
        (ATTRIBUTES, Told.XML_HOSTILE),
        (b"<quiz><question>", Told.XML_BROKEN),
        (b'<?xml version="1.0" encoding="nonsense"?><quiz/>', Told.XML_BROKEN),
        (b"<quiz>\x00</quiz>", Told.XML_BROKEN),
        (b"<quiz>" + b"x" * (11 << 20), Told.TOO_LARGE),
    ],
    ids=["bomb", "outside", "parameter", "deep", "wide", "attributes", "unclosed", "encoding", "nul", "large"],
)
@pytest.mark.parametrize("format_", [Format.MOODLE, Format.QTI2, Format.CANVAS])
def test_hostile_xml(data: bytes, code: Told, format_: Format) -> None:
    with quickly(), pytest.raises(FileRefused) as refused:
        read(data, format_, **OPTIONS)
    assert refused.value.code == code


def test_a_document_type_that_only_names_a_dtd_is_borne() -> None:
    data = b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd"><questestinterop><item ident="i"/></questestinterop>'
    assert len(read(data, Format.CANVAS, **OPTIONS).items) == 1


def many_entries() -> bytes:
    return zipped(*((f"{n}.xml", b"") for n in range(6_000)))


def lying() -> bytes:
    """A part that declares a byte and inflates to 100 MB."""
    data = bytearray(zipped(("a.xml", b"0" * (100 << 20))))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature)
        data[start + place : start + place + 4] = struct.pack("<I", 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: zipped(("../../etc/x.xml", "<a/>")), {Told.ZIP_HOSTILE}),
        (lambda: zipped(("/etc/x.xml", "<a/>")), {Told.ZIP_HOSTILE}),
        (lambda: zipped(("C:\\x.xml", "<a/>")), {Told.ZIP_HOSTILE}),
        (lambda: zipped(("a.xml", b"0" * (70 << 20))), {Told.ZIP_HOSTILE}),
        (many_entries, {Told.ZIP_HOSTILE}),
        (lambda: b"PK\x03\x04" + b"\0" * 100, {Told.ZIP_BROKEN}),
        (lambda: zipped(("a.txt", "x")), {Told.NOTHING_FOUND}),
    ],
    ids=["slip", "absolute", "drive", "inflation", "entries", "broken", "nothing"],
)
def test_hostile_zips(make: Callable[[], bytes], codes: set[Told]) -> None:
    data = make()
    with quickly(), pytest.raises(FileRefused) as refused:
        read(data, Format.QTI2, **OPTIONS)
    assert refused.value.code in codes


def test_a_part_that_lies_about_its_size_takes_no_memory() -> None:
    data = lying()
    tracemalloc.start()
    with quickly():
        file = read(data, Format.QTI2, **OPTIONS)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.refusals[0].code for item in file.items] == [Told.UNREADABLE]
    assert most < MOST_MEMORY


LONG = 1 << 20
TEXTS = {
    "one line": "1. " + "（" * LONG,
    "spaces": " " * LONG + "A.",
    "backslashes": "{" + "\\" * LONG,
    "braces": "{=a ~b}\n\n" * 3_000,
    "open braces": "{\n\n" * 100_000,
    "comments": "// " + "[id:" * (LONG // 4) + "\nQ {=a ~b}",
    "signs": "Q {" + "=~" * (LONG // 2) + "}",
    "tags": "// " + "[tag:cites:a]" * 50_000 + "\nQ {=a ~b}",
    "colons": "::" * (LONG // 2),
    "options": "单选题\n1. 题\n" + "A. 甲 B. 乙 " * 1_500 + "\n答案：A",
    "answers": "单选题\n1. 题\nA. 甲 B. 乙\n参考答案\n" + "1.A " * 4_000,
    "answer lines": "单选题\n1. 题\nA. 甲 B. 乙\n" + "答案：\n" * 50_000,
    "underlines": "填空题\n1. " + "_ " * 9_000 + "\n答案：x",
    "lines": "1. a\n" + "x\n" * 200_000,
    "aiken": "Q\n" + "A. a\n" * 150_000 + "ANSWER: A\n",
    "aiken lines": "Q\nA. a\n" + "x\n" * 200_000 + "ANSWER: A\n",
    "headings": "一、" * 20_000,
    "brackets": "[html]" + "<" * 90_000 + "{=a ~b}",
    "markup": "[html]" + "<a b" * 20_000 + "{=a ~b}",
    "comment": "[html]" + "<!--" * 20_000 + "{=a ~b}",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format_", [Format.TEXT, Format.GIFT, Format.AIKEN])
def test_texts_made_to_be_slow(name: str, format_: Format) -> None:
    data = TEXTS[name].encode()
    with quickly():
        try:
            file = read(data, format_, **OPTIONS)
        except FileRefused:
            return
    assert all(item.draft or item.refusals for item in file.items)


@pytest.mark.parametrize("name", ["one line", "backslashes", "open braces", "headings", "signs"])
def test_looking_at_a_slow_text_is_quick(name: str) -> None:
    with quickly():
        try:
            recognise(TEXTS[name].encode())
        except FileRefused:
            return


@pytest.mark.parametrize("data", [b"1. \x00", b"\xff\xfe\x00\xd8\x00\xd8", b"\x81\xff\xff\xff"])
@pytest.mark.parametrize("format_", [Format.TEXT, Format.GIFT, Format.AIKEN])
def test_bytes_that_are_no_text(data: bytes, format_: Format) -> None:
    with pytest.raises(FileRefused) as refused:
        read(data, format_, **OPTIONS)
    assert refused.value.code == Told.NOT_TEXT


def one(file: ReadFile) -> str:
    (found,) = file.items
    assert found.draft
    return str(found.draft)


def test_a_script_never_comes_in_from_html() -> None:
    html = "&lt;p onclick='x()'&gt;题&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    data = f"""<quiz><question type="truefalse"><questiontext format="html"><text>{html}</text></questiontext>
    <answer fraction="100"><text>true</text></answer></question></quiz>""".encode()
    file = read(data, Format.MOODLE, **OPTIONS)
    assert "alert" not in one(file)
    assert [loss.code for loss in file.items[0].losses] == [Told.SCRIPT]


def test_signs_that_are_no_text_are_taken_out_and_told() -> None:
    file = read("判断题\n1. 可以\u202e收费\x07。\n答案：错".encode(), Format.TEXT, **OPTIONS)
    assert "\u202e" not in one(file)
    assert "\x07" not in one(file)
    assert [loss.code for loss in file.items[0].losses] == [Told.CONTROL]


def test_more_items_than_a_file_may_have() -> None:
    with quickly(), pytest.raises(FileRefused) as refused:
        read(b"Q {T}\n\n" * 2_500, Format.GIFT, **OPTIONS)
    assert refused.value.code == Told.TOO_MANY_ITEMS


def test_a_sheet_of_cells_made_to_be_slow() -> None:
    cells = ["单选题", "题", "甲", "|" * 2_000, "\\" * 1_999]
    with quickly():
        read_rows(["题型", "题干", "A", "答案", "解析"], [(n, cells) for n in range(2, 1_500)], **OPTIONS)


def test_every_reader_stands_the_same_bytes() -> None:
    """Whatever the bytes, a reader ends with questions or with its own error."""
    for data in (b"", b"\x00" * 10, b"<", b"PK\x03\x04", "题".encode(), b"{}", b"A. x", b"::", b"//", b"{#}", b"{=}"):
        for format_ in READERS:
            try:
                read(data, format_, **OPTIONS)
            except FileRefused:
                continue
