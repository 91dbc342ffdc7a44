"""Reads the rows of a workbook made from the template: one item each. Whoever calls has taken them out of the file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.rules import Choice, ItemDraft, Line
from assessments.rules.drafts import gaps_of
from assessments.scoring.marking import TRUE_FALSE_OPTIONS, ItemKind, as_number
from training.lib.days import day_of
from training.lib.office import FileRefused

from .building import guide, true_false_options
from .canonical import cleaned, letter
from .collecting import Collector
from .guides import MOST_LINES, criterion
from .kind_names import kind_named
from .losses import Losses
from .plain import spoken
from .report import Format, ReadFile, Refused, Told
from .sheet_columns import IGNORED, LETTERS, known_headings, normal
from .sheet_keys import gap_of, letters, number_key, pairs_key, words_key
from .text_lines import letters_of, plain, truth_of

NEEDED = (("stem", "题干"), ("key", "答案"))


def read_rows(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    language: str,
    source: str,
    languages: tuple[str, ...],
) -> ReadFile:
    """Read rows of (line, cells). A heading that names no language is in `language`. Raises FileRefused."""
    collector = Collector(Format.XLSX, source, languages)
    known = known_headings(language)
    fields = [known.get(normal(heading), "") for heading in header]
    for heading, field in zip(header, fields, strict=True):
        if not field and normal(heading) not in IGNORED:
            collector.tell(Told.UNKNOWN_COLUMN, heading=heading)
    for name, heading in NEEDED:
        if not any(field.partition(":")[0] == name for field in fields):
            raise FileRefused(Told.NO_COLUMNS, heading=heading)
    for line, cells in rows:
        said = {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field and cell.strip()}
        row = _Row(said, languages)
        collector.add(row.draft, line=line, name=said.get("code", ""), text=next(iter(row.texts("stem").values()), ""))
    return collector.finish()


@dataclass
class _Row:
    """The filled cells of one row by field; texts by field and language."""

    said: Mapping[str, str]
    languages: tuple[str, ...]

    def texts(self, field: str) -> dict[str, str]:
        return {code: self.said[f"{field}:{code}"] for code in self.languages if f"{field}:{code}" in self.said}

    def draft(self, losses: Losses) -> ItemDraft:
        kind = self._kind(losses)
        stem = {code: spoken(text, losses) for code, text in self.texts("stem").items()}
        parts, options, key = _READERS[kind](self, losses)
        return ItemDraft(
            kind,
            stem,
            key,
            options,
            parts,
            self._details(kind),
            {code: spoken(text, losses) for code, text in self.texts("rationale").items()},
            code=self.said.get("code", ""),
            competency=self.said.get("competency", ""),
            level=self._whole("level", 1, 9),
            judged_p=self._share("judged"),
            bar=self._share("bar") or 1.0,
            valid_from=self._day("from"),
            valid_until=self._day("until"),
            cites=tuple(self.said.get("cites", "").replace("；", " ").replace(";", " ").replace("、", " ").split()),
        )

    def _kind(self, losses: Losses) -> ItemKind:
        named = self.said.get("kind", "")
        if named:
            kind = kind_named(named)
            if kind is None or kind not in _READERS:
                raise Refused(Told.UNKNOWN_KIND, kind=named)
            return kind
        right = letters_of(self.said.get("key", ""))
        if self.option_texts() and right:
            kind = ItemKind.MULTIPLE if len(right) > 1 else ItemKind.SINGLE
        elif truth_of(self.said.get("key", "")) is not None:
            kind = ItemKind.TRUE_FALSE
        else:
            raise Refused(Told.NO_KIND)
        losses.tell(Told.KIND_TAKEN, kind=kind.value)
        return kind

    @property
    def key(self) -> str:
        """The answer as typed. Raises Refused for none."""
        if not self.said.get("key"):
            raise Refused(Told.NO_ANSWER)
        return self.said["key"]

    def option_texts(self) -> list[dict[str, str]]:
        """Return the options up to the last filled column; one left out between them has no words."""
        found = [self.texts(f"option-{name}") for name in LETTERS]
        while found and not found[-1]:
            found.pop()
        return found

    def options(self, losses: Losses) -> tuple[Choice, ...]:
        return tuple(
            Choice(letter(index), {code: spoken(text, losses) for code, text in texts.items()})
            for index, texts in enumerate(self.option_texts())
        )

    def lines(self) -> tuple[Line, ...]:
        """Return the lines of a matching; each language has as many."""
        by_language = {code: [one.strip() for one in text.split("\n")] for code, text in self.texts("lines").items()}
        counts = {len(texts) for texts in by_language.values()}
        if len(counts) != 1:
            raise Refused(Told.MISSING_PART, part="左侧各项")
        return tuple(
            Line(str(index + 1), {code: texts[index] for code, texts in by_language.items()})
            for index in range(min(counts.pop(), MOST_LINES))
        )

    def chosen(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        options = self.options(losses)
        return (), options, letters(self.key, len(options))

    def truth(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        given = self.options(losses)
        right = truth_of(self.key)
        if given and plain(self.key).strip().upper() in ("A", "B"):
            right = plain(self.key).strip().upper() == "A"
        if right is None or len(given) not in (0, 2):
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.key)
        options = true_false_options(list(self.texts("stem")))
        if given:
            options = tuple(Choice(ident, one.text) for ident, one in zip(TRUE_FALSE_OPTIONS, given, strict=True))
        return (), options, ["true" if right else "false"]

    def matched(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        options, lines = self.options(losses), self.lines()
        return lines, options, pairs_key(self.key, len(lines), len(options))

    def number(self, _losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        return (), (), number_key(self.key)

    def short(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        by_case = truth_of(self.said.get("by_case", "")) is True
        return (), (), {**words_key(self.key), "match_case": by_case}

    def gaps(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        """Read a line "1: 居住证" for each gap [[1]] of the stem."""
        language = next(iter(self.texts("stem")), "")
        parts, key = list[Line](), dict[str, Any]()
        for cell in self.key.split("\n")[:MOST_LINES]:
            ident, _colon, answer = cell.replace("：", ":", 1).partition(":")
            line, right = gap_of(ident.strip().strip("[]"), answer, language, losses)
            parts.append(line)
            key[line.id] = right
        order = gaps_of(self.texts("stem").get(language, ""))
        parts.sort(key=lambda part: order.index(part.id) if part.id in order else len(order))
        return tuple(parts), (), key

    def judged(self, losses: Losses) -> tuple[tuple[Line, ...], tuple[Choice, ...], Any]:
        """Read a guide "[3] 依据清楚", a line for each criterion; events and a model answer stand beside it."""
        language = next(iter(self.texts("stem")), "")
        key: dict[str, Any] = {"criteria": self._numbered("guide", "points")}
        if not key["criteria"]:
            key = guide(language, losses)
        if events := self._numbered("events", "minute"):
            key["events"] = events
        if model := cleaned(self.texts("model") or ({language: self.said["key"]} if "key" in self.said else {})):
            key["model_answer"] = model
        return (), (), key

    def _numbered(self, field: str, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for code, text in self.texts(field).items():
            for index, one in enumerate(text.split("\n")[:MOST_LINES]):
                found = criterion(one)
                if found is None or (index < len(rows) and rows[index][name] != found[0]):
                    raise Refused(Told.ANSWER_UNREADABLE, answer=one)
                if index == len(rows):
                    rows.append({"id": str(index + 1), name: found[0], "text": {}})
                rows[index]["text"][code] = found[1]
        return rows

    def _details(self, kind: ItemKind) -> dict[str, object]:
        details: dict[str, object] = {}
        if unit := self.texts("unit"):
            details["unit"] = unit
        if kind is ItemKind.SCENARIO and (minutes := self._whole("minutes", 1, 240)):
            details["minutes"] = minutes
        return details

    def _whole(self, field: str, low: int, high: int) -> int | None:
        text = plain(self.said.get(field, ""))
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= high:
            return int(text)
        raise Refused(Told.CELL, field=field, value=text)

    def _share(self, field: str) -> float | None:
        """Return a share: 0.6, 60% and a plain 60 are the same."""
        text = plain(self.said.get(field, ""))
        if not text:
            return None
        number = as_number(text.rstrip("% "))
        if number is None:
            raise Refused(Told.CELL, field=field, value=text)
        return float(number) / 100 if "%" in text or number > 1 else float(number)

    def _day(self, field: str) -> date | None:
        text = plain(self.said.get(field, ""))
        day = day_of(text) if text else None
        if text and day is None:
            raise Refused(Told.CELL, field=field, value=text)
        return day


_READERS: dict[ItemKind, Callable[[_Row, Losses], tuple[tuple[Line, ...], tuple[Choice, ...], Any]]] = {
    ItemKind.SINGLE: _Row.chosen,
    ItemKind.MULTIPLE: _Row.chosen,
    ItemKind.ORDERING: _Row.chosen,
    ItemKind.TRUE_FALSE: _Row.truth,
    ItemKind.MATCHING: _Row.matched,
    ItemKind.DOCUMENTS: _Row.matched,
    ItemKind.NUMERIC: _Row.number,
    ItemKind.SHORT_TEXT: _Row.short,
    ItemKind.CLOZE: _Row.gaps,
    ItemKind.OPEN: _Row.judged,
    ItemKind.SCENARIO: _Row.judged,
}
