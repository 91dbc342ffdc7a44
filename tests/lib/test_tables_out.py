"""Nothing in an export runs when it is opened, and an import gives back what was exported."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.lib.tables import Sheet, read_table, write_csv, write_xlsx

LIVE = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "|calc",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u3000=1",
    "\n=1",
]
# what a cell can hold after reading: no control characters, no outer white space
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=30)
    .map(str.strip)
    .map(lambda text: text.replace("\u2028", "").replace("\u2029", ""))
)
lively = st.text(st.sampled_from("'=+-@|＝－ a1\u3000"), max_size=6).map(str.strip)


def exported(rows: list[list[object]]) -> bytes:
    return b"".join(write_csv(rows))


def workbook(rows: list[list[object]], title: str = "Staff") -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, [Sheet(title, rows)])
    file.seek(0)
    return file


@pytest.mark.parametrize("text", LIVE)
def test_live_text_in_csv_begins_with_an_apostrophe(text: str) -> None:
    assert exported([["a"], [text]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["周敏", "00418", "a=b", "3-4", "x@y.example", "'quoted'", ""])
def test_plain_text_in_csv_is_left_alone(text: str) -> None:
    assert exported([["a", text]]).decode("utf-8-sig") == f"a,{text}\r\n"


def test_values_in_csv() -> None:
    moment = datetime(2025, 11, 23, 1, 58, tzinfo=UTC)
    row = [-3, -0.5, Decimal("-1E+3"), None, True, date(2025, 3, 1), moment, float("nan")]
    assert exported([row]).decode("utf-8-sig") == "-3,-0.5,-1000,,TRUE,2025-03-01,2025-11-23 09:58:00,\r\n"


def test_csv_begins_with_the_mark_excel_needs_even_when_empty() -> None:
    assert exported([]) == b"\xef\xbb\xbf"
    assert exported([["a"]]) == b"\xef\xbb\xbfa\r\n"


def test_csv_is_written_while_rows_are_still_to_come() -> None:
    asked = 0

    def rows() -> Iterator[list[str]]:
        nonlocal asked
        for _number in range(100_000):
            asked += 1
            yield ["周敏"] * 10

    first = next(write_csv(rows()))
    assert asked < 2_000
    assert len(first) < 200_000


@pytest.mark.parametrize("text", [*LIVE, "http://evil.example", "mailto:a@b.example", "{=1}", "00418"])
def test_text_in_xlsx_is_never_a_formula_or_a_link(text: str) -> None:
    file = workbook([["a"], [text]])
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not any("hyperlink" in name.lower() for name in archive.namelist())
    assert "<f" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert openpyxl.load_workbook(file).active["A2"].data_type in ("s", "inlineStr")


def test_values_in_xlsx_keep_their_kind() -> None:
    moment = datetime(2025, 11, 23, 1, 58, tzinfo=UTC)
    file = workbook([["a"], [-3, 0.5, Decimal("1.5"), date(2025, 3, 1), moment, None, float("inf"), "00418"]])
    cells = [cell.value for cell in openpyxl.load_workbook(file).active[2]]
    assert cells[:3] == [-3, 0.5, 1.5]
    assert [str(value) for value in cells[3:5]] == ["2025-03-01 00:00:00", "2025-11-23 09:58:00"]
    assert cells[5:] == [None, None, "00418"]


def test_titles_are_made_fit_for_the_format_and_distinct() -> None:
    file = io.BytesIO()
    wanted = ["企业开办/2025", "企业开办/2025", "x" * 40, "X" * 40, "'", ""]
    write_xlsx(file, [Sheet(title, [["a"]]) for title in wanted])
    titles = openpyxl.load_workbook(file).sheetnames
    assert titles == ["企业开办 2025", "企业开办 2025 2", "x" * 31, "X" * 29 + " 2", "Sheet", "Sheet 2"]


def test_text_beyond_the_limit_of_the_format_shows_that_it_was_cut() -> None:
    value = openpyxl.load_workbook(workbook([["字" * 40_000]])).active["A1"].value
    assert (len(value), value[-1]) == (32_767, "…")


# no deadline: the first workbook of a process is slow
@settings(deadline=None)
@given(st.lists(st.tuples(texts | lively, texts | lively, lively), min_size=1, max_size=5))
def test_export_and_import_leave_text_unchanged(rows: list[tuple[str, str, str]]) -> None:
    table = [["a", "b", "c"], *rows]
    kept = [row for row in rows if any(row)]
    for file in (io.BytesIO(exported(table)), workbook(table)):
        assert [row.cells for row in read_table(file, name="t").rows] == kept


@settings(deadline=None)
@given(st.lists(st.integers(-(10**14), 10**14) | st.floats(-1e6, 1e6).map(lambda x: round(x, 4) + 0.0), min_size=1))
def test_export_and_import_leave_numbers_unchanged(numbers: list[float]) -> None:
    rows = [["a"], *([number] for number in numbers)]
    for file in (io.BytesIO(exported(rows)), workbook(rows)):
        assert [float(row.cells[0]) for row in read_table(file, name="t").rows] == numbers
