"""What is right about an item in words, its versions compared, where it was used, and what it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from assessments.models import Attempt, AttemptItem, Item, ItemVersion
from assessments.scoring import marking
from assessments.scoring.marking import SOUND
from training.lib.diffs import Passage, passages
from training.lib.texts import text_in
from training.matters.models import ClauseVersion, PolicyVersion
from training.matters.queries import newest_clauses

Kind = ItemVersion.Kind
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What is right: for `what` (a line, a gap, a question; "" for the whole) these answers."""

    what: str
    answers: list[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that two versions say differently."""

    label: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Usage:
    """Where an item was used: attempts that had it, exams by name, its share of the papers since it was first drawn."""

    attempts: int
    people: int
    last: datetime | None
    exams: list[tuple[str, str, int]]
    exposure: int | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause an item rests on; `stale` says that it reads differently now, `gone` that it stands nowhere any more."""

    clause: ClauseVersion
    policy: str
    stale: bool
    gone: bool


def key_lines(version: ItemVersion, language: str | None = None, order: marking.Order | None = None) -> list[KeyLine]:
    """Return what is right in words of one language: for whoever may see keys, and nobody else.

    With the `order` in which somebody sees the options it is told as they see it: options with their numbers on that
    screen, gaps by their number instead of their id.
    """
    if version.kind in (Kind.OPEN, Kind.SCENARIO):
        return _guide(version.key, language)
    if version.kind in (Kind.MATCHING, Kind.DOCUMENTS):
        with override(language or get_language()):
            texts = _texts(version.options, language) | {SOUND: _("Nothing is wrong")}
        key = version.key if isinstance(version.key, Mapping) else {}
        return [
            KeyLine(text_in(part.get("text"), language), [texts.get(key.get(part["id"], ""), "")])
            for part in version.parts
        ]
    if version.parts:
        key = version.key if isinstance(version.key, Mapping) else {}
        return [
            KeyLine(
                text_in(part.get("text"), language) or (f"[[{part['id']}]]" if order is None else gap_name(number)),
                _answers(part["kind"], part.get("options") or [], key.get(part["id"]), language, _own(order, part)),
            )
            for number, part in enumerate(version.parts, start=1)
        ]
    numbers = order if isinstance(order, list) else None
    return [KeyLine("", _answers(version.kind, version.options, version.key, language, numbers))]


def gap_name(number: int) -> str:
    """Return what a gap of a text is called, as its box is."""
    return _("Gap %(number)s") % {"number": number}


def compare(old: ItemVersion, new: ItemVersion) -> list[Comparison]:
    """Return what two versions say differently, in the order an author reads it."""
    before, after = dict(_told(old)), dict(_told(new))
    labels = [*before, *(label for label in after if label not in before)]
    return [
        Comparison(label, passages(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def usage_of(item: Item) -> Usage:
    """Return where an item was used, in any of its versions; void attempts do not count."""
    drawn = AttemptItem.objects.filter(item_version__item=item).exclude(attempt__state=Attempt.State.VOID)
    told = drawn.aggregate(
        n=Count("attempt", distinct=True),
        people=Count("attempt__person", distinct=True),
        last=Max("attempt__started_at"),
    )
    exams = drawn.values_list("attempt__exam__code", "attempt__exam__title").annotate(n=Count("pk")).order_by("-n")
    rows = [(code, text_in(title), count) for code, title, count in exams]
    since = drawn.order_by("attempt__started_at").values_list("attempt__started_at", flat=True).first()
    exposure = None
    if since:
        sat = Attempt.objects.filter(exam__code__in=[code for code, _title, _n in rows], started_at__gte=since)
        exposure = round(100 * told["n"] / max(1, sat.exclude(state=Attempt.State.VOID).count()))
    return Usage(told["n"], told["people"], told["last"], rows, exposure)


def cited_by(version: ItemVersion) -> list[Cited]:
    """Return the clauses a version rests on, and whether they still read as they did."""
    clauses = [citation.clause_version for citation in version.citations.all()]
    fresh = set(newest_clauses().filter(clause__in=[one.clause_id for one in clauses]).values_list("pk", flat=True))
    standing = set(
        newest_clauses().filter(clause__in=[one.clause_id for one in clauses]).values_list("clause", flat=True)
    )
    titles = dict(
        PolicyVersion.objects.filter(policy__in=[one.clause.policy_id for one in clauses])
        .order_by("number")
        .values_list("policy", "title")
    )
    return [
        Cited(one, text_in(titles.get(one.clause.policy_id)), one.pk not in fresh, one.clause_id not in standing)
        for one in clauses
    ]


def stale_citation(prefix: str = "") -> Q:
    """Return the condition that what is cited (`prefix`: the way to the clause version) reads differently now."""
    return Q(**{f"{prefix}isnull": False}) & ~Q(**{f"{prefix}in": newest_clauses().values("pk")})


def _own(order: marking.Order | None, part: Mapping[str, Any]) -> list[str] | None:
    """Return the order of a part's options where they are numbered on the screen: those of a gap stand in a list."""
    return order.get(part["id"]) if isinstance(order, Mapping) and part.get("text") else None


def _answers(
    kind: str,
    options: Sequence[Mapping[str, Any]],
    key: Any,
    language: str | None,
    order: Sequence[str] | None = None,
) -> list[str]:
    if kind in (Kind.NUMERIC, Kind.SHORT_TEXT):
        rows = key.get("answers") or () if isinstance(key, Mapping) else ()
        return [_typed(row) for row in rows]
    texts = _texts(options, language)
    ids = list(key) if isinstance(key, Sequence) else []
    if kind != Kind.ORDERING and order:
        return [f"{number}. {texts.get(ident, '')}" for number, ident in enumerate(order, start=1) if ident in ids]
    chosen = [texts.get(ident, "") for ident in ids]
    return [f"{number}. {text}" for number, text in enumerate(chosen, start=1)] if kind == Kind.ORDERING else chosen


def _typed(row: Mapping[str, Any]) -> str:
    low, high = row.get("low"), row.get("high")
    said = str(row.get("text")) if low is None else str(low) if low == high else f"{low} – {high}"
    credit = round(100 * (row.get("credit") or 0))
    return said if credit == 100 else f"{said} ({credit} %)"


def _guide(key: Any, language: str | None) -> list[KeyLine]:
    told = key if isinstance(key, Mapping) else {}
    lines = []
    for row in told.get("criteria") or ():
        lines.append(KeyLine(text_in(row.get("text"), language), [_("%(n)s points") % {"n": row.get("points")}]))
    for row in told.get("events") or ():
        lines.append(KeyLine(_("Minute %(n)s") % {"n": row.get("minute")}, [text_in(row.get("text"), language)]))
    if model := text_in(told.get("model"), language):
        lines.append(KeyLine(_("Model answer"), [model]))
    return lines


def _told(version: ItemVersion) -> Iterator[tuple[str, str]]:
    """Yield everything a version says, each under a label of its own."""
    for code in LANGUAGES:
        name = _language(code)
        yield f"{_('Question')} ({name})", version.stem.get(code, "")
        for number, option in enumerate(version.options, start=1):
            yield f"{_('Option')} {number} ({name})", (option.get("text") or {}).get(code, "")
        for number, part in enumerate(version.parts, start=1):
            yield f"{_('Part')} {number} ({name})", (part.get("text") or {}).get(code, "")
            for place, option in enumerate(part.get("options") or (), start=1):
                yield f"{_('Option')} {number}.{place} ({name})", (option.get("text") or {}).get(code, "")
        right = "\n".join(" ".join(filter(None, [line.what, *line.answers])) for line in key_lines(version, code))
        yield f"{_('What is right')} ({name})", right
        yield f"{_('Why it is right')} ({name})", version.rationale.get(code, "")
        yield f"{_('Unit')} ({name})", (version.details.get("unit") or {}).get(code, "")
    yield from _told_media(version)
    yield _("Level"), str(version.level)
    yield _("Judged chance"), f"{round(100 * version.judged_p)} %"
    yield _("Counts as right from"), f"{round(100 * version.bar)} %"
    for label, day in ((_("Valid from"), version.valid_from), (_("Valid until"), version.valid_until)):
        yield label, date_format(day, "Y-m-d") if day else ""
    yield _("Minutes to play it"), str(version.details.get("minutes") or "")
    yield _("Clauses it rests on"), "\n".join(sorted(str(one.clause_version) for one in version.citations.all()))


def _told_media(version: ItemVersion) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(version.media.all(), start=1):
        label = f"{one.file.get_kind_display()} {number}"
        points = f"{one.file.width} x {one.file.height}" if one.file.is_picture else f"{one.file.seconds} s"
        says = [one.file.sha256[:8], points, _beside(version, one.place), _("only adorns") if one.decorative else ""]
        yield label, ", ".join(filter(None, says))
        for code in LANGUAGES:
            yield f"{label} ({_language(code)})", one.text.get(code, "")


def _beside(version: ItemVersion, place: str) -> str:
    kind, _colon, ident = place.partition(":")
    rows, name = (version.options, _("Option")) if kind == "o" else (version.parts, _("Part"))
    numbers = [str(number) for number, row in enumerate(rows, start=1) if row["id"] == ident]
    return f"{name} {numbers[0]}" if numbers else _("Question")


def _language(code: str) -> str:
    return _(str(dict(settings.LANGUAGES)[code]))


def _texts(options: Sequence[Mapping[str, Any]], language: str | None) -> dict[str, str]:
    return {option["id"]: text_in(option.get("text"), language) for option in options}
