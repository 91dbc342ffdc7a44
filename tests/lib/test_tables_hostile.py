"""Files made to hurt are refused early, in little memory, and open nothing."""

import contextlib
import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.lib.workbooks import MAIN, parts_of, text_cell, workbook, zipped
from training.lib.tables import TableError, read_table

DAMAGED = "staff.xlsx: the file is damaged or not an Excel workbook. Open it, save it again as .xlsx and try again."
TOO_LARGE = "staff.xlsx: the file is larger than 50 MB when unpacked."

MEASURE = r"""
import io, re, sys
from pathlib import Path
import django.conf
django.conf.settings.configure(USE_I18N=False)
from training.lib.tables import TableError, read_table

def peak():
    # not ru_maxrss: a process inherits that of the one which started it
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])

data = Path(sys.argv[1]).read_bytes()
before = peak()
try:
    read_table(io.BytesIO(data), name="bomb.xlsx")
    print("read")
except TableError as error:
    print(error)
print((peak() - before) // 1024)
"""


def refusal(file: io.BytesIO) -> str:
    with pytest.raises(TableError) as caught:
        read_table(file, name="staff.xlsx")
    return str(caught.value)


def sheet_of(body: str) -> io.BytesIO:
    parts = parts_of("")
    parts["xl/worksheets/sheet1.xml"] = body
    return zipped(parts)


def measured(path: Path, file: io.BytesIO) -> tuple[str, int]:
    """What a process of its own says to the file, and by how many MB reading raised its peak."""
    path.write_bytes(file.getvalue())
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=root, check=True, capture_output=True, text=True, timeout=60
    )
    message, growth = run.stdout.strip().rsplit("\n", 1)
    return message, int(growth)


def test_a_bomb_is_refused_by_its_sizes() -> None:
    file = sheet_of("<worksheet><sheetData>" + "<row/>" * 9_000_000 + "</sheetData></worksheet>")
    assert len(file.getvalue()) < 736 * 1024
    assert refusal(file) == TOO_LARGE


BOMBS = {
    "rows": "<worksheet><sheetData>" + "<row/>" * 8_000_000,
    "cells in a row": "<worksheet><sheetData><row>" + "<c/>" * 12_000_000,
    "depth": "<a>" * 16_000_000,
    "one tag": "<worksheet " + 'a="" ' * 10_000_000,
    "one text": '<worksheet><sheetData><row><c t="inlineStr"><is><t>' + "x" * 50_000_000,
    "one attribute": '<worksheet a="' + "x" * 50_000_000,
}


@pytest.mark.parametrize("kind", [*BOMBS, "names", "texts", "too large"])
def test_no_bomb_takes_fifty_megabytes(kind: str, tmp_path: Path) -> None:
    if kind == "names":
        file = sheet_of("<a>" + "".join(f"<n{number}/>" for number in range(4_000_000)))
    elif kind == "texts":
        file = workbook("", texts="<si/>" * 10_000_000)
    elif kind == "too large":
        file = sheet_of("<row/>" * 60_000_000)
    else:
        file = sheet_of(BOMBS[kind])
    message, growth = measured(tmp_path / "bomb.xlsx", file)
    assert message != "read"
    assert growth < 50


@pytest.mark.parametrize(
    "content",
    [
        b"," * 10_000_000,
        b"a,b\n" + "“字”,".encode() * 900_000,
        b'a,"\n",' * 1_000_000,
        b"a\n" + b"x" * 10_000_000,
        "😀".encode() + b"\n" * 10_000_000,
        b'"' * 10_000_000,
    ],
    ids=["commas", "cells", "quoted line breaks", "one cell", "blank lines", "quotation marks"],
)
def test_no_text_file_takes_fifty_megabytes(content: bytes, tmp_path: Path) -> None:
    _message, growth = measured(tmp_path / "bomb.csv", io.BytesIO(content))
    assert growth < 50


def test_a_part_that_lies_about_its_size_is_read_no_further() -> None:
    file = sheet_of(f'<worksheet xmlns="{MAIN}"><sheetData>' + "<row/>" * 1_000_000 + "</sheetData></worksheet>")
    data = bytearray(file.getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sizes = [part.file_size for part in archive.infolist()]
    true_size = struct.pack("<L", max(sizes))
    assert data.count(true_size) == 2
    assert refusal(io.BytesIO(bytes(data).replace(true_size, struct.pack("<L", 200)))) == DAMAGED


def test_a_zip_of_many_parts_is_refused() -> None:
    file = zipped({f"{number}.xml": "" for number in range(3_000)})
    assert refusal(file) == "staff.xlsx: more than 2,000 parts in the file."


def test_every_declaration_in_front_of_the_document_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-4711")
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declaration, text in (
        (f'<!ENTITY l0 "ha">{lines}', "&l9;"),
        (f'<!ENTITY l9 SYSTEM "{secret.as_uri()}">', "&l9;"),
        ('<!ATTLIST row r CDATA "7">', "no entity at all"),
    ):
        body = f"<!DOCTYPE worksheet [{declaration}]><worksheet><sheetData><row>{text_cell('A1', text)}</row>"
        message = refusal(sheet_of(body + "</sheetData></worksheet>"))
        assert message == DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + bytes(5000),
        zipped({"word/document.xml": "<w/>"}).getvalue(),
        zipped({"inner.zip": zipped({"a": "b"}).getvalue()}).getvalue(),
        sheet_of("<worksheet>").getvalue(),
        sheet_of("no xml").getvalue(),
        workbook('<row><c r="A1" t="s"><v>9</v></c></row>').getvalue(),
        workbook('<row><c r="A1"><v>many</v></c></row>').getvalue(),
        workbook('<row><c r="1A"><v>1</v></c></row>').getvalue(),
        workbook('<row r="first"/>').getvalue(),
        workbook(f"<row>{text_cell('A1', 'whole')}</row>").getvalue()[:-40],
    ],
)
def test_a_broken_file_is_refused_in_one_clear_line(content: bytes) -> None:
    assert refusal(io.BytesIO(content)) == DAMAGED


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_inflate_in_one_step_are_refused(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for path, content in parts_of(f"<row>{text_cell('A1', 'x')}</row>").items():
            archive.writestr(path, content)
    file.seek(0)
    assert refusal(file) == DAMAGED


def test_a_file_cut_or_changed_anywhere_is_read_or_refused_but_never_crashes() -> None:
    whole = workbook(f'<row r="1">{text_cell("A1", "a")}</row><row r="2"><c r="A2"><v>1</v></c></row>').getvalue()
    for place in range(0, len(whole), 7):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]):
            # any other exception fails the test
            with contextlib.suppress(TableError):
                read_table(io.BytesIO(content), name="staff.xlsx")
