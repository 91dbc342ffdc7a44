"""XLSX files are read as people mean them; what cannot be read so is named by line and column."""

import io
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.lib.workbooks import MAIN, parts_of, text_cell, workbook, zipped
from training.lib.tables import Table, TableError, read_table

HEADER = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'


def read(file: io.BytesIO, name: str = "staff.xlsx") -> Table:
    return read_table(file, name=name)


def refusal(file: io.BytesIO) -> list[str]:
    with pytest.raises(TableError) as caught:
        read(file)
    return caught.value.messages


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def column(*values: object, number_format: str | None = None) -> io.BytesIO:
    """A workbook of openpyxl's with the heading `a` over the values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "a"
    for line, value in enumerate(values, start=2):
        cell = sheet.cell(line, 1, value)
        if number_format:
            cell.number_format = number_format
    return saved(book)


def cells(file: io.BytesIO) -> list[str]:
    return [row.cells[0] for row in read(file).rows]


def test_a_plain_workbook() -> None:
    book = openpyxl.Workbook()
    book.active.append(["工号", "姓名"])
    book.active.append(["00418", "阿依古丽·买买提"])
    table = read(saved(book))
    assert (table.name, table.header, table.columns) == ("staff.xlsx", ("工号", "姓名"), ("A", "B"))
    assert list(table.records()) == [(2, {"工号": "00418", "姓名": "阿依古丽·买买提"})]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20418.0, "20418"),
        (20418, "20418"),
        (0.1 + 0.2, "0.3"),
        (-7, "-7"),
        (0.00001, "0.00001"),
        (123456789012345, "123456789012345"),
        (Decimal("12.50"), "12.5"),
        (True, "TRUE"),
        ("00418", "00418"),
        (date(2025, 3, 1), "2025-03-01"),
        (datetime(2025, 3, 1, 9, 30), "2025-03-01 09:30:00"),  # noqa: DTZ001 - spreadsheets know no time zone
        (time(9, 30), "09:30:00"),
    ],
)
def test_values_come_as_people_see_them(value: object, text: str) -> None:
    assert cells(column(value)) == [text]


def test_zeros_that_only_the_format_shows_are_kept() -> None:
    assert cells(column(418, number_format="00000")) == ["00418"]


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", "m/d/yyyy", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@", '[DBNum1]yyyy"年"m"月"d"日"']
)
def test_serial_dates_become_iso_text(code: str) -> None:
    assert cells(column(45717, number_format=code)) == ["2025-03-01"]


@pytest.mark.parametrize("number", [14, 22, 27, 31, 57, 58])
def test_built_in_dates_of_chinese_editions_become_iso_text(number: int) -> None:
    rows = HEADER + '<row r="2"><c r="A2" s="1"><v>45717</v></c></row>'
    styles = f'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    assert cells(workbook(rows, styles=styles)) == ["2025-03-01"]


def test_days_counted_from_1904() -> None:
    rows = HEADER + '<row r="2"><c r="A2" s="0"><v>44255</v></c></row>'
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    assert cells(workbook(rows, styles=styles, workbook_pr='<workbookPr date1904="1"/>')) == ["2025-03-01"]


@pytest.mark.parametrize("code", ["0.00", '#,##0"days"', "[Red]0", '_-"¥"* #,##0.00_-'])
def test_numbers_with_words_in_their_format_stay_numbers(code: str) -> None:
    assert cells(column(45717, number_format=code)) == ["45717"]


def test_shared_text_in_runs_without_its_reading_aid() -> None:
    rows = HEADER + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    texts = "<si><r><t>周</t></r><r><rPr/><t>敏</t></r><rPh sb='0' eb='1'><t>zhou</t></rPh></si>"
    assert cells(workbook(rows, texts=texts)) == ["周敏"]


def test_rich_text_of_a_real_writer() -> None:
    assert cells(column(CellRichText("周", TextBlock(InlineFont(b=True), "敏")))) == ["周敏"]


def test_escaped_line_breaks_become_line_breaks() -> None:
    cell = text_cell("A2", "one_x000D_\ntwo")
    assert cells(workbook(f'{HEADER}<row r="2">{cell}</row>')) == ["one\ntwo"]


def test_the_first_visible_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("名单").append(["shown"])
    book.active = 1
    assert read(saved(book)).header == ("shown",)


def test_strict_files_with_prefixed_names_are_read() -> None:
    parts = parts_of("")
    namespace = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{namespace}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
        "</x:row><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    table = read(zipped(parts))
    assert (table.header, table.rows[0].line, table.rows[0].cells) == (("a",), 2, ("1",))


def test_gaps_and_blank_tails_are_left_out() -> None:
    styled = "".join(f'<row r="{line}"><c r="A{line}" s="0"/><c r="ZZ{line}"/></row>' for line in range(4, 5000))
    rows = HEADER + f'<row r="3">{text_cell("B3", "x")}<c r="AB3"/></row>' + styled
    table = read(workbook(rows))
    assert [(row.line, row.cells) for row in table.rows] == [(3, ("", "x"))]


def test_a_formula_is_refused_with_its_place() -> None:
    book = openpyxl.Workbook()
    book.active.append(["number", "name"])
    book.active.append(["20418", '=HYPERLINK("http://evil.example","周敏")'])
    book.active.append(["20419", "=1+1"])
    assert refusal(saved(book)) == [
        "staff.xlsx, line 2, column B: a formula. Put its value in its place.",
        "staff.xlsx, line 3, column B: a formula. Put its value in its place.",
    ]


def test_a_formula_without_value_counts_as_one() -> None:
    rows = HEADER + '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    assert refusal(workbook(rows)) == ["staff.xlsx, line 2, column A: a formula. Put its value in its place."]


def test_text_that_looks_like_a_formula_is_text() -> None:
    rows = HEADER + f'<row r="2">{text_cell("A2", "=1+1")}</row>'
    assert cells(workbook(rows)) == ["=1+1"]


def test_an_error_value_is_refused_with_its_place() -> None:
    rows = HEADER + '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'
    assert refusal(workbook(rows)) == ["staff.xlsx, line 2, column B: the error #N/A in place of a value."]


def test_a_number_that_lost_its_last_digits_is_refused() -> None:
    assert refusal(column(110101199001011234)) == [
        "staff.xlsx, line 2, column A: a number of more than 15 digits. Set the column to text and type it."
    ]


def test_a_date_out_of_the_calendar_is_refused() -> None:
    assert refusal(column(99_999_999, number_format="yyyy-mm-dd")) == [
        "staff.xlsx, line 2, column A: a number that is no date, shown as one."
    ]


def test_merged_cells_in_the_table_are_named_and_others_are_not() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.active.merge_cells("A2:B2")
    book.active.merge_cells("A90:B95")
    assert refusal(saved(book)) == [
        "staff.xlsx, line 2, column A: the cells A2:B2 are merged. Split them and fill each."
    ]


def test_a_control_character_is_named() -> None:
    rows = HEADER + f'<row r="2">{text_cell("A2", "x_x0007_y")}</row>'
    assert refusal(workbook(rows)) == [
        "staff.xlsx, line 2, column A: an invisible control character (U+0007). Type the text again."
    ]


def test_a_long_cell_is_named() -> None:
    assert refusal(column("字" * 2001)) == ["staff.xlsx, line 2, column A: more than 2,000 characters."]


def test_the_limits_of_rows_and_columns() -> None:
    rows = "".join(f'<row r="{line}"><c r="A{line}"><v>1</v></c></row>' for line in range(2, 20_003))
    assert refusal(workbook(HEADER + rows)) == ["staff.xlsx: more than 20,000 rows."]
    wide = HEADER + f'<row r="2">{text_cell("CW2", "x")}</row>'
    assert refusal(workbook(wide)) == ["staff.xlsx: more than 100 columns."]


@pytest.mark.parametrize("rows", ["", '<row r="1"><c r="A1"/></row>'])
def test_an_empty_sheet_is_refused(rows: str) -> None:
    assert refusal(workbook(rows)) == ["staff.xlsx: the file is empty. The first line must hold the headings."]


def test_a_workbook_without_a_visible_sheet_is_refused() -> None:
    parts = parts_of(HEADER)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheet ", '<sheet state="veryHidden" ')
    assert refusal(zipped(parts)) == ["staff.xlsx: no sheet is visible."]


def test_the_namespace_of_the_helpers_is_the_one_real_writers_use() -> None:
    assert openpyxl.xml.constants.SHEET_MAIN_NS == MAIN
