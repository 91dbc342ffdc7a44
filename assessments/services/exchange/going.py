"""Items as a file: in each format that can be written, with what it cannot carry."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import exchange
from assessments.exchange import Column, Format, Left
from assessments.models import ItemVersion
from assessments.permissions import Refused
from assessments.queries.drafts import draft_of
from assessments.rules import ItemDraft
from training.lib.tables import Sheet, write_xlsx
from training.operations.services import Event, record_many
from training.people.models import User

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    Format.XLSX: ("xlsx", XLSX_TYPE),
    Format.GIFT: ("gift.txt", "text/plain; charset=utf-8"),
    Format.MOODLE: ("moodle.xml", "application/xml"),
    Format.QTI2: ("qti22.zip", "application/zip"),
}
WITH_MEDIA = {Format.MOODLE: exchange.write_moodle, Format.QTI2: exchange.write_qti2}


class NothingToExport(Refused):
    """No item fits the filter."""

    code = "nothing_to_export"
    message = gettext_lazy("No item of the bank is like this.")


@dataclass(frozen=True, slots=True)
class Export:
    """A file with its name and type, how many items are in it, and what it could not carry."""

    data: bytes
    name: str
    content_type: str
    count: int
    left: tuple[Left, ...]


def export_items(versions: Sequence[ItemVersion], format_: Format, *, language: str, at: datetime) -> Export:
    """Return newest versions as a file, read with all that `draft_of` reads. Raises `NothingToExport`."""
    drafts = [draft_of(version) for version in versions]
    if not drafts:
        raise NothingToExport
    ending, content_type = ENDINGS[format_]
    if format_ is Format.XLSX:
        columns, rows, left = exchange.write_rows(drafts, language=language)
        data = workbook(_("Items"), columns, rows, language)
    else:
        if format_ is Format.GIFT:
            written = exchange.write_gift(drafts, language=language)
        else:
            written = WITH_MEDIA[format_](drafts, language=language, files=_files(versions))
        data, left = written.data, written.left
    out = sum(one.is_out for one in left)
    name = f"items-{timezone.localdate(at):%Y-%m-%d}.{ending}"
    return Export(data, name, content_type, len(drafts) - out, left)


def _files(versions: Sequence[ItemVersion]) -> dict[str, tuple[bytes, str, str]]:
    """Return the files that versions show: bytes, ending and type by ref; one the storage lost is left out."""
    found = {}
    for file in {use.file for version in versions for use in version.media.all()}:
        try:
            with file.file.open("rb") as opened:
                found[str(file.ref)] = (opened.read(), file.ending, file.content_type)
        except FileNotFoundError:
            continue
    return found


@transaction.atomic
def record_export(*, versions: Sequence[ItemVersion], export: Export, by: User, at: datetime) -> None:
    """Note who took which file out of each bank: keys leave the server in it."""
    counts: dict[int, list[ItemVersion]] = {}
    for version in versions:
        counts.setdefault(version.item.bank_id, []).append(version)
    events = [
        Event("assessments.items_exported", found[0].item.bank, after={"file": export.name, "items": len(found)})
        for found in counts.values()
    ]
    record_many(events, by=by, at=at)


def template_file(language: str) -> bytes:
    """Return the workbook to fill in, with a sample of every kind a row can hold."""
    samples: Sequence[ItemDraft] = exchange.SAMPLES
    columns, rows, _left = exchange.write_rows(samples, language=language)
    return workbook(_("Items"), columns, rows, language)


def workbook(title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], language: str) -> bytes:
    """Return rows as a workbook whose headings are in the reader's language."""
    header = [column.chinese if language == "zh-hans" else column.english for column in columns]
    file = io.BytesIO()
    write_xlsx(file, [Sheet(title, [header, *rows], [column.width for column in columns])])
    return file.getvalue()
