"""HR makes slips with one-time codes, and reads them from the printed sheet as their owners will."""

import re

import pypdf

from tests.journeys.visitor import Visitor
from tests.journeys.words import said

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")


def taken(hr: Visitor) -> str:
    """Download the slips that wait and return what is printed on them; the page then offers them no more."""
    language, page = hr.language, hr.page
    hr.is_at(said(language, "Slips with codes"))
    with page.expect_download() as download:
        page.get_by_role("button", name=said(language, "Download the slips (PDF)")).click()
    printed = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(download.value.path()).pages)
    hr.open("/people/codes/slips/")
    hr.sees(said(language, "No slips are waiting"))
    return printed


def code_on(printed: str, number: str) -> str:
    """Return the code on the slip of that staff number: the first one printed after it."""
    found = CODE.search(printed, printed.index(number))
    assert found, printed
    return found.group()
