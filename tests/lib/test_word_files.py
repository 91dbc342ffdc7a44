"""Word files read as paragraphs, with the numbers Word counts itself."""

import io
import zipfile

import pytest

from training.lib.office import Fault, FileRefused, read_paragraphs

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, name: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')


def word(*paragraphs: str, numbering: str = "", styles: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {SPACE}><w:body>{''.join(paragraphs)}</w:body></w:document>"
        )
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {SPACE}>{numbering}</w:numbering>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {SPACE}>{styles}</w:styles>")
    return buffer.getvalue()


def level(depth: int, style: str, pattern: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
    )


LAW = (
    f'<w:abstractNum w:abstractNumId="3">{level(0, "chineseCountingThousand", "第%1条")}'
    f'{level(1, "chineseCounting", "（%2）")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)


def test_articles_numbered_by_a_style_beyond_ten() -> None:
    styles = (
        '<w:style w:styleId="law"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="own"><w:basedOn w:val="law"/></w:style>'
    )
    lines = [paragraph(f"条文{n}", f'<w:pStyle w:val="{"own" if n % 2 else "law"}"/>') for n in range(1, 13)]
    found = [one.text for one in read_paragraphs(word(*lines, numbering=LAW, styles=styles)).paragraphs]
    assert (found[0], found[9], found[11]) == ("第一条 条文1", "第十条 条文10", "第十二条 条文12")


def test_lists_of_one_kind_count_on_unless_one_starts_anew() -> None:
    data = word(
        numbered("甲", 1), numbered("乙", 1, 1), numbered("丙", 2), numbered("丁", 4), numbered("戊", 4), numbering=LAW
    )
    assert [one.text for one in read_paragraphs(data).paragraphs] == [
        "第一条 甲",
        "（一） 乙",
        "第二条 丙",
        "第五条 丁",
        "第六条 戊",
    ]


def test_a_paragraph_knows_its_row_and_cell() -> None:
    table = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
    data = word(paragraph("前"), table.format(*(paragraph(text) for text in "甲乙丙")), paragraph("后"))
    file = read_paragraphs(data)
    assert [(one.text, one.row, one.cell) for one in file.paragraphs] == [
        ("前", None, 0),
        ("甲", 1, 1),
        ("乙", 1, 2),
        ("丙", 2, 1),
        ("后", None, 0),
    ]
    assert file.has_tables


def test_what_was_struck_out_in_tracked_changes_is_not_read() -> None:
    changed = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"
    assert [one.text for one in read_paragraphs(word(changed)).paragraphs] == ["新"]


def hostile() -> list[tuple[str, bytes, str]]:
    entity = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {SPACE}>&e;</w:document>'
    laughs = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
    deep = "<w:p>" * 500 + "</w:p>" * 500
    found = []
    for name, text, code in (
        ("xxe", entity, Fault.XML_HOSTILE),
        ("laughs", laughs, Fault.XML_HOSTILE),
        ("deep", f"<w:document {SPACE}>{deep}</w:document>", Fault.XML_HOSTILE),
        ("broken", "<w:document", Fault.XML_BROKEN),
        ("bomb", " " * (61 * 1024 * 1024), Fault.ZIP_HOSTILE),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", text)
        found.append((name, buffer.getvalue(), code))
    return [
        *found,
        ("no zip", b"PK\x03\x04 nothing", Fault.ZIP_BROKEN),
        ("another zip", empty_zip(), Fault.WRONG_FORMAT),
    ]


def empty_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"), [(data, code) for _name, data, code in hostile()], ids=lambda one: str(one)[:12]
)
def test_hostile_files_are_refused(data: bytes, code: Fault) -> None:
    with pytest.raises(FileRefused) as refused:
        read_paragraphs(data)
    assert refused.value.code == code
