"""Calendars as calendar programs read them (RFC 5545): days and times, nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets of one line, after which it is folded."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Entry:
    """Something on a day, or from one time to another. `key` stays the same as long as it is the same thing."""

    key: str
    title: str
    begins: date | datetime
    ends: datetime | None = None
    place: str = ""
    text: str = ""
    url: str = ""


def calendar(entries: Iterable[Entry], *, name: str, host: str, at: datetime) -> bytes:
    """Return the entries as an iCalendar file; times are written in UTC, days as whole days."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{host}//training//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{name.translate(ESCAPES)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for entry in entries:
        lines += _event(entry, host, at)
    lines.append("END:VCALENDAR")
    return "".join(part for line in lines for part in _folded(line)).encode()


def _event(entry: Entry, host: str, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.key}@{host}"
    yield f"DTSTAMP:{_moment(at)}"
    if isinstance(entry.begins, datetime):
        yield f"DTSTART:{_moment(entry.begins)}"
        yield f"DTEND:{_moment(entry.ends or entry.begins + timedelta(hours=1))}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.begins + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    for name, value in (("SUMMARY", entry.title), ("LOCATION", entry.place), ("DESCRIPTION", entry.text)):
        if value:
            yield f"{name}:{value.translate(ESCAPES)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Yield the line in pieces that no octet count breaks inside a character."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST_LINE:
            yield f"{piece}\r\n "
            piece, size = "", 1  # the blank that begins a folded line counts
        piece, size = piece + character, size + octets
    yield f"{piece}\r\n"
