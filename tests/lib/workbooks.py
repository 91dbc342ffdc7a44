"""Hand-made XLSX files: what no library would write, because it is hostile, broken or from another program."""

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(**targets: str) -> str:
    lines = "".join(
        f'<Relationship Id="{role}" Type="{OFFICE}/{role}" Target="{target}"/>' for role, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def parts_of(rows: str, *, after: str = "", texts: str = "", styles: str = "", workbook_pr: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet whose sheetData is `rows`."""
    return {
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook_pr}<sheets>'
        '<sheet name="Staff" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml", styles="styles.xml"
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }


def zipped(parts: Mapping[str, str | bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    file.seek(0)
    return file


def workbook(rows: str, **parts: str) -> io.BytesIO:
    return zipped(parts_of(rows, **parts))


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
