"""CSV files are read as offices save them, and a faulty cell is named by line and column."""

import io

import pytest

from training.lib.tables import Table, TableError, read_table

STAFF = "工号,姓名,科室\n00418,周敏,企业开办\n20419,阿依古丽·买买提,人口服务\n"


def read(content: str | bytes, name: str = "staff.csv", encoding: str = "utf-8") -> Table:
    data = content.encode(encoding) if isinstance(content, str) else content
    return read_table(io.BytesIO(data), name=name)


def refusal(content: str | bytes, name: str = "staff.csv") -> TableError:
    with pytest.raises(TableError) as caught:
        read(content, name)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_each_usual_encoding_gives_the_same_table(encoding: str) -> None:
    table = read(STAFF, encoding=encoding)
    assert table.header == ("工号", "姓名", "科室")
    assert [row.cells for row in table.rows] == [
        ("00418", "周敏", "企业开办"),
        ("20419", "阿依古丽·买买提", "人口服务"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    table = read(STAFF.replace(",", delimiter))
    assert next(table.records()) == (2, {"工号": "00418", "姓名": "周敏", "科室": "企业开办"})


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert read('"a;b;c",d\n1,2\n').header == ("a;b;c", "d")


def test_one_column_needs_no_delimiter() -> None:
    assert [row.cells for row in read("number\n1\n2\n").rows] == [("1",), ("2",)]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    table = read('a,b\r\n\r\n1,"two\r\nlines"\r\n,\r\n3,4\r\n\r\n')
    assert [(row.line, row.cells) for row in table.rows] == [(3, ("1", "two\nlines")), (6, ("3", "4"))]


def test_blank_columns_and_rows_at_the_end_are_left_out() -> None:
    table = read("a,b,,\n1,2,,\n,,,\n,,,\n")
    assert (table.header, table.columns, len(table.rows)) == (("a", "b"), ("A", "B"), 1)


def test_a_short_row_is_filled_with_empty_cells() -> None:
    assert read("a,b,c\n1\n").rows[0].cells == ("1", "", "")


def test_outer_white_space_and_invisible_marks_go() -> None:
    assert read("a,b\n\u3000周敏 \u200b,\xa0x\ufeff\n").rows[0].cells == ("周敏", "x")


def test_a_formula_is_plain_text() -> None:
    assert read("a\n=1+1\n").rows[0].cells == ("=1+1",)


def test_headings_alone_are_a_table_without_rows() -> None:
    assert read("a,b\n").rows == ()


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff", ",,\n,,\n"])
def test_an_empty_file_is_refused(content: str) -> None:
    assert refusal(content).messages == ["staff.csv: the file is empty. The first line must hold the headings."]


def test_a_heading_given_twice_is_named() -> None:
    assert refusal("Name,Unit,name\n1,2,3\n").messages == [
        "staff.csv, line 1, column C: the heading “name” is already in column A."
    ]


def test_text_under_no_heading_is_named() -> None:
    assert refusal("a,,c\n1,,3\n4,5,6\n").messages == [
        "staff.csv, line 3, column B: the cell has text, but its column has no heading."
    ]


@pytest.mark.parametrize(
    ("character", "code"), [("\x07", "U+0007"), ("\x7f", "U+007F"), ("\u202e", "U+202E"), ("\u2067", "U+2067")]
)
def test_control_characters_inside_a_cell_are_named(character: str, code: str) -> None:
    assert refusal(f"a,b\nok,周{character}敏\n").messages == [
        f"staff.csv, line 2, column B: an invisible control character ({code}). Type the text again."
    ]


def test_all_faulty_cells_are_told_at_once() -> None:
    faults = refusal("a,b\n\x01x,1\n2,\x02x\n3,\x03x\n").faults
    assert [(fault.line, fault.column) for fault in faults] == [(2, "A"), (3, "B"), (4, "B")]


def test_after_fifty_faults_reading_stops() -> None:
    error = refusal("a\n" + "x\x01y\n" * 1000)
    assert len(error.messages) == 51
    assert error.messages[-1] == "staff.csv: Only the first 50 faults are listed."


def test_a_long_cell_is_named() -> None:
    assert read("a\n" + "字" * 2000 + "\n").rows[0].cells == ("字" * 2000,)
    assert refusal("a\n" + "字" * 2001 + "\n").messages == ["staff.csv, line 2, column A: more than 2,000 characters."]


def test_the_limits_of_rows_and_columns() -> None:
    assert len(read("a\n" + "1\n" * 20_000).rows) == 20_000
    assert refusal("a\n" + "1\n" * 20_001).messages == ["staff.csv: more than 20,000 rows."]
    wide = ",".join(f"h{number}" for number in range(100))
    assert len(read(wide + "\n").header) == 100
    assert refusal(wide + ",h100\n").messages == ["staff.csv: more than 100 columns."]


def test_a_file_above_the_limit_is_named_with_it() -> None:
    assert refusal(b"a\n" + b"x" * (20 * 1024 * 1024)).messages == ["staff.csv: the file is larger than 10 MB."]


def test_an_unclosed_quotation_mark_is_placed() -> None:
    assert refusal('a,b\n1,2\n3,"four\n5,6\n').messages == [
        "staff.csv, line 3: the line cannot be cut into cells: its quotation marks do not match, or it is too long."
    ]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xff\xff\xff", b"a,b\n\0\0,1\n"])
def test_a_file_that_is_no_table_is_refused(content: bytes) -> None:
    assert refusal(content, "photo.csv").messages == [
        "photo.csv: not a table: save it as .xlsx, or as CSV in UTF-8 or GBK."
    ]


def test_an_old_excel_file_is_told_how_to_be_saved() -> None:
    message = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "staff.xls").messages[0]
    assert message == (
        "staff.xls: an Excel file of the old kind, or one with a password. Save it as .xlsx without a password."
    )
