"""The file of a copy: a page to read, and a table and data for programs of each part."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from training.accountability.models import PersonalCopy
from training.accountability.queries.telling import said
from training.lib.personal import Part
from training.lib.tables import write_csv
from training.lib.templatetags.words import day, moment
from training.people.models import Centre

Row = tuple[Any, dict[str, Any]]


def write_copy(
    file: IO[bytes], *, copy: PersonalCopy, parts: Sequence[Part], at: datetime, advance: Callable[[], None]
) -> None:
    """Write the ZIP in the active language; for anybody but the person without what is confidential."""
    own = copy.person_id == copy.asked_by_id
    sections = []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in parts:
            rows = list(part.values(for_the_person=own))
            headings = part.headings(for_the_person=own)
            write_part(archive, part, headings, rows)
            sections.append(section(part, headings, rows))
            advance()
        context = {"copy": copy, "sections": sections, "own": own, "at": at, "centre": Centre.load()}
        archive.writestr(_("read me.html"), render_to_string("accountability/copy.html", context))


def write_part(archive: ZipFile, part: Part, headings: dict[str, str], rows: Sequence[Row]) -> None:
    """Write the part as CSV and JSON, and the files of its rows."""
    table = [list(headings.values()), *([flat(value) for value in values.values()] for _row, values in rows)]
    archive.writestr(f"tables/{part.name}.csv", b"".join(write_csv(table)))
    data = {"title": str(part.title), "columns": headings, "rows": [values for _row, values in rows]}
    archive.writestr(f"data/{part.name}.json", json.dumps(data, ensure_ascii=False, indent=1, default=moment_text))
    for name, stored in files_of(part, rows):
        with suppress(FileNotFoundError), stored.open("rb") as opened, archive.open(f"files/{name}", "w") as target:
            shutil.copyfileobj(opened, target)


def files_of(part: Part, rows: Iterable[Row]) -> Iterator[tuple[str, Any]]:
    if part.files is not None:
        yield from filter(None, (part.files(row) for row, _values in rows))


def section(part: Part, headings: dict[str, str], rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the page to read shows of a part."""
    lines = [[in_words(value) for value in values.values()] for _row, values in rows]
    return {"name": part.name, "title": part.title, "headings": list(headings.values()), "rows": lines}


def in_words(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, datetime):
        return moment(value, date.min)
    return day(value, date.min) if isinstance(value, date) else said(value)


def flat(value: Any) -> Any:
    """Return a value that fits a cell."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def moment_text(value: Any) -> str:
    """Return a day or time as JSON has it, times in the centre's zone."""
    return timezone.localtime(value).isoformat() if isinstance(value, datetime) else str(value)
