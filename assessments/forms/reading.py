"""Sheets out of what was sent, and out of what stands in the bank."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict

from assessments.models import ItemVersion, MediaFile
from assessments.scoring import marking
from assessments.scoring.marking import ItemKind

from .rows import LANGUAGES, Accepted, Criterion, MediaRow, Row
from .sheets import CASE_KINDS, GAP_KINDS, MOST_ROWS, Asked, Part, Sheet

IDENT = re.compile(r"[\w-]{1,20}")


def sheet_from_post(kind: ItemKind, data: QueryDict) -> Sheet:
    """Return the sheet as it was sent; what the form does not have is ignored."""
    sheet = Sheet(
        kind,
        stem=_texts(data, "stem"),
        rationale=_texts(data, "rationale"),
        unit=_texts(data, "unit"),
        model=_texts(data, "model"),
        asked=_asked(data, "", kind),
        criteria=_rows(data, "c", _criterion),
        events=_rows(data, "e", _criterion),
        parts=_rows(data, "p", lambda data, name: _part(data, name, kind)),
    )
    _take_media(sheet, data)
    sheet.fit_kinds()
    return sheet.number()


def sheet_of(version: ItemVersion) -> Sheet:
    """Return the sheet as a version fills it."""
    kind = ItemKind(version.kind)
    key = version.key if isinstance(version.key, Mapping) else {}
    judged = kind in marking.BY_PEOPLE
    sheet = Sheet(
        kind,
        stem=dict(version.stem),
        rationale=dict(version.rationale),
        unit=dict(version.details.get("unit") or {}),
        model=dict(key.get("model") or {}) if judged else {},
        asked=_stored_asked(kind, version.options, version.key),
        criteria=_stored_numbered(key.get("criteria"), "points") if judged else [],
        events=_stored_numbered(key.get("events"), "minute") if judged else [],
    )
    for part in version.parts:
        row = Part(part["id"], dict(part.get("text") or {}))
        if sheet.picks:
            row.pick = str(key.get(part["id"], ""))
        else:
            row.asked = _stored_asked(ItemKind(part["kind"]), part.get("options") or [], key.get(part["id"]))
        sheet.parts.append(row)
    sheet.media = [
        MediaRow(texts=dict(one.text), file=one.file, place=one.place, decorative=one.decorative)
        for one in version.media.all()
    ]
    return sheet.number()


def _take_media(sheet: Sheet, data: QueryDict) -> None:
    """Give the sheet its media as they were sent; a file that is kept no more is missed in the sheet's faults."""
    names = [f"m-{index}" for index in _numbers(data, "m")]
    refs = [(name, ref) for name in names if _is_ref(ref := data.get(f"{name}-ref", ""))]
    wanted = {ref for _name, ref in refs}
    files = {str(file.ref): file for file in MediaFile.objects.filter(ref__in=wanted)} if wanted else {}
    sheet.media_gone = len(files) < len(wanted)
    sheet.media = [
        MediaRow(
            texts=_texts(data, name),
            file=files[ref],
            place=data.get(f"{name}-place", "")[:30],
            decorative=f"{name}-decorative" in data,
        )
        for name, ref in refs
        if ref in files
    ]


def _is_ref(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _stored_asked(kind: ItemKind, options: Sequence[Mapping[str, Any]], key: Any) -> Asked:
    rows = [Row(option["id"], dict(option.get("text") or {})) for option in options]
    asked = Asked(kind, rows)
    if asked.is_typed and isinstance(key, Mapping):
        asked.answers = [_stored_answer(answer) for answer in key.get("answers") or ()]
        asked.match_case = bool(key.get("match_case"))
    elif isinstance(key, Sequence) and not isinstance(key, str):
        asked.right = [str(ident) for ident in key]
    if asked.is_ordering:
        asked.options.sort(key=lambda row: asked.right.index(row.id) if row.id in asked.right else len(rows))
    return asked


def _stored_answer(answer: Mapping[str, Any]) -> Accepted:
    told = {name: str(answer.get(name, "")) for name in ("low", "high", "text")}
    return Accepted(**told, credit=str(round(100 * float(answer.get("credit") or 0))))


def _stored_numbered(rows: Any, name: str) -> list[Criterion]:
    return [Criterion(str(row["id"]), dict(row.get("text") or {}), number=str(row.get(name, ""))) for row in rows or ()]


def _asked(data: QueryDict, prefix: str, kind: ItemKind) -> Asked:
    return Asked(
        kind,
        _rows(data, f"{prefix}o", _row),
        data.getlist(f"{prefix}right"),
        _rows(data, f"{prefix}a", _accepted),
        f"{prefix}match_case" in data,
    )


def _rows(data: QueryDict, name: str, read: Callable[[QueryDict, str], Any]) -> list[Any]:
    return [read(data, f"{name}-{index}") for index in _numbers(data, name)]


def _numbers(data: QueryDict, name: str) -> list[int]:
    found = {
        int(match[1]) for key in data if len(key) < 100 and (match := re.match(rf"{re.escape(name)}-(\d{{1,4}})-", key))
    }
    return sorted(found)[:MOST_ROWS]


def _row(data: QueryDict, name: str) -> Row:
    return Row(_ident(data, name), _texts(data, name))


def _criterion(data: QueryDict, name: str) -> Criterion:
    return Criterion(_ident(data, name), _texts(data, name), number=data.get(f"{name}-number", ""))


def _accepted(data: QueryDict, name: str) -> Accepted:
    return Accepted(**{part: data.get(f"{name}-{part}", "") for part in ("low", "high", "text", "credit")})


def _part(data: QueryDict, name: str, kind: ItemKind) -> Part:
    allowed = GAP_KINDS if kind is ItemKind.CLOZE else CASE_KINDS
    sent = data.get(f"{name}-kind", "")
    own = ItemKind(sent) if sent in allowed else allowed[0]
    pick = data.get(f"{name}-pick", "")
    return Part(_ident(data, name), _texts(data, name), pick=pick, asked=_asked(data, f"{name}-", own))


def _ident(data: QueryDict, name: str) -> str:
    sent = data.get(f"{name}-id", "").strip()
    return sent if IDENT.fullmatch(sent) else ""


def _texts(data: QueryDict, name: str) -> dict[str, str]:
    texts = {code: data.get(f"{name}-{code}", "").replace("\r\n", "\n").replace("\0", "") for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}
