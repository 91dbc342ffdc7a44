"""The lines of an uploaded or pasted text, whatever it was written with."""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.office import Fault, FileRefused, Paragraph, is_zip, read_paragraphs
from training.matters.rules import Line

from .policy_texts import PolicyTextError

OLD_WORD = b"\xd0\xcf\x11\xe0"
MOST_SIGNS = 1_000_000
REFUSALS = {
    Fault.TOO_LARGE: gettext_lazy("The file is larger than %(limit)s MB. Take pictures out of it, or cut it in two."),
    Fault.WRONG_FORMAT: gettext_lazy("This is no Word file. Save the text as .docx, or paste it."),
    Fault.XML_BROKEN: gettext_lazy("The Word file is damaged. Open it, save it anew as .docx, and choose that."),
    Fault.XML_HOSTILE: gettext_lazy("The file holds what no policy needs, so it was not opened. Paste the text."),
    Fault.ZIP_BROKEN: gettext_lazy("The file is damaged or has a password. Save it anew as .docx without one."),
    Fault.ZIP_HOSTILE: gettext_lazy("The file unpacks to far more than a text, so it was not opened. Paste the text."),
}


def lines_of_file(data: bytes) -> list[Line]:
    """Return the lines of a Word or plain text file. Raises `PolicyTextError` with what to do instead."""
    if is_zip(data):
        try:
            return _lines_of_word(read_paragraphs(data).paragraphs)
        except FileRefused as refused:
            raise PolicyTextError(str(REFUSALS[Fault(refused.code)]) % refused.values) from refused
    if data.startswith(OLD_WORD):
        raise PolicyTextError(_("This is an old Word file (.doc). Save it as .docx, and choose that."))
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return lines_of_text(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise PolicyTextError(_("This is neither a Word file nor plain text. Save it as .docx, or paste the text."))


def lines_of_text(text: str) -> list[Line]:
    """Return the lines of a pasted text; one with tabs is a row of a table. Raises `PolicyTextError`."""
    if "\x00" in text:
        raise PolicyTextError(_("This is neither a Word file nor plain text. Save it as .docx, or paste the text."))
    if len(text) > MOST_SIGNS:
        raise PolicyTextError(_("The text is longer than a million signs. Take it in by parts."))
    return [_line(number, line) for number, line in enumerate(text.splitlines(), start=1)]


def _line(number: int, line: str) -> Line:
    cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
    return Line(number, " | ".join(cells), in_table=True) if len(cells) > 2 else Line(number, " ".join(cells))


def _lines_of_word(paragraphs: tuple[Paragraph, ...]) -> list[Line]:
    """Return the paragraphs as lines; a row of a table is one, its cells side by side."""
    lines = []
    for row, group in groupby(paragraphs, key=lambda one: one.row):
        found = list(group)
        if row is None:
            lines += [Line(one.number, text.replace("\t", " ")) for one in found for text in one.text.split("\n")]
            continue
        cells = [[one.text for one in cell] for _number, cell in groupby(found, key=lambda one: one.cell)]
        said = " | ".join(" ".join(" ".join(cell).split()) for cell in cells)
        lines.append(Line(found[0].number, said, in_table=True))
    return lines
