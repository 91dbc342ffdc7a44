"""What every page's frame shows: the centre, the way to each job, the person's theme."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from training.notices.queries import unread_count
from training.people.models import Centre, Role

THEME_COOKIE = "theme"
TEXT_SIZE_COOKIE = "text_size"
TEXT_SIZES = ("large", "largest")
THEMES = ("light", "dark")
OVERSIGHT = frozenset({Role.HR, Role.HEAD, Role.DIRECTOR, Role.AUDITOR})
REQUIRING = frozenset({Role.HR, Role.HEAD, Role.DIRECTOR})
EXAMINING = frozenset({Role.EXAMINER, Role.INVIGILATOR})
MARKING = frozenset({Role.MARKER})
OBSERVING = frozenset({Role.MARKER, Role.EXAMINER, Role.TEACHER})
AUDITING = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
REGISTER = frozenset({Role.HR, Role.AUDITOR, Role.ADMINISTRATOR})
EDITING = frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Place:
    """A page the navigation leads to; `view` is a URL name or a path, `roles` empty for everybody signed in."""

    key: str
    label: Any
    icon: str
    view: str
    roles: frozenset[str] = frozenset()

    def is_for(self, role_names: frozenset[str]) -> bool:
        return not self.roles or bool(self.roles & role_names)

    def address(self) -> str:
        return self.view if self.view.startswith("/") else reverse(self.view)


@dataclass(frozen=True)
class Section:
    """Places of one job, under its name; the first section's places stand by themselves."""

    label: Any
    icon: str
    places: tuple[Place, ...]


SECTIONS = (
    Section(
        _("Training"),
        "",
        (
            Place("desk", _("My work"), "house", "cms:desk"),
            Place("search", _("Search"), "search", "cms:search"),
            Place("learn", _("Learn"), "book-open", "courses:catalogue"),
            Place("paths", _("Learning paths"), "route", "courses:paths"),
            Place("sessions", _("Training sessions"), "presentation", "courses:sessions"),
            Place("matters", _("Service matters"), "library", "matters:list"),
            Place("policies", _("Policies"), "scroll-text", "/policies/"),
            Place("exams", _("Exams"), "clipboard-check", "assessments:list"),
            Place("exam-sessions", _("Exam sessions"), "calendar-clock", "assessments:sessions", EXAMINING),
            Place("marking", _("Marking"), "pencil", "assessments:marking", MARKING),
            Place("observing", _("Scenario cards"), "users-round", "assessments:observing", OBSERVING),
            Place("release", _("Release results"), "send", "assessments:release_exams", frozenset({Role.EXAMINER})),
            Place("coaching", _("Coaching"), "message-square-text", "mentors:list"),
            Place("competencies", _("My competencies"), "gauge", "competencies:mine"),
            Place("certificates", _("Certificates"), "award", "certificates:mine"),
        ),
    ),
    Section(
        _("People"),
        "users-round",
        (
            Place("matrix", _("Matrix"), "table-2", "competencies:matrix", OVERSIGHT),
            Place("required", _("Required training"), "list-checks", "courses:rules", REQUIRING),
            Place("hours", _("Learning hours"), "calendar-clock", "courses:hours", REQUIRING),
            Place("pairing", _("Pairing"), "handshake", "mentors:rounds", frozenset({Role.HR, Role.DIRECTOR})),
            Place("staff", _("Staff"), "contact", "people:staff", OVERSIGHT | {Role.ADMINISTRATOR}),
            Place(
                "organisation", _("Organisation"), "network", "people:organisation", OVERSIGHT | {Role.ADMINISTRATOR}
            ),
            Place(
                "erasures", _("Erasures"), "eraser", "accountability:erasures", frozenset({Role.HR, Role.ADMINISTRATOR})
            ),
            Place("import", _("Import"), "upload", "people:import", frozenset({Role.HR, Role.ADMINISTRATOR})),
        ),
    ),
    Section(
        _("Content"),
        "file-text",
        (
            Place("cms", _("Pages and matters"), "file-text", "/cms/", EDITING),
            Place("manage-exams", _("All exams"), "clipboard-list", "assessments:manage", frozenset({Role.EXAMINER})),
            Place("items", _("Item bank"), "list-checks", "assessments:bank", frozenset({Role.EXAMINER})),
        ),
    ),
    Section(
        _("Administration"),
        "settings",
        (
            Place("operations", _("Operations"), "activity", "operations:overview", frozenset({Role.ADMINISTRATOR})),
            Place("audit", _("Audit trail"), "shield-check", "accountability:trail", AUDITING),
            Place(
                "retention", _("Retention"), "archive-x", "accountability:retention", frozenset({Role.ADMINISTRATOR})
            ),
            Place("impact", _("Impact assessments"), "scale", "accountability:assessments", REGISTER),
            Place("channels", _("Notice channels"), "send", "notices:channels", frozenset({Role.ADMINISTRATOR})),
            Place("keys", _("Keys"), "key-round", "people:keys", frozenset({Role.ADMINISTRATOR})),
        ),
    ),
)

# What is the person's own, in the panel under their name.
PERSONAL = (
    Place("me", _("My profile"), "user-round", "people:me"),
    Place("notices", _("Notices"), "bell", "notices:inbox"),
    Place("jobs", _("Background work"), "loader", "operations:jobs"),
)

# The three things a person does most, by the first role that fits; on a phone they are the bottom bar.
BOTTOM_BARS: tuple[tuple[frozenset[str], tuple[str, str, str]], ...] = (
    (frozenset({Role.TEACHER}), ("desk", "coaching", "learn")),
    (OVERSIGHT, ("desk", "matrix", "staff")),
    (EDITING, ("desk", "cms", "learn")),
    (frozenset({Role.EXAMINER}), ("desk", "items", "exams")),
    (frozenset(), ("desk", "learn", "exams")),
)


@dataclass
class Entry:
    """A place as one person sees it on one page."""

    key: str
    label: Any
    icon: str
    url: str
    current: bool = False


@dataclass
class Group:
    """The entries of one section that a person may open."""

    label: Any
    icon: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


@dataclass
class Navigation:
    """The side navigation, the phone's bottom bar and the personal panel of one person on one page."""

    groups: list[Group]
    bottom: list[Entry]
    personal: list[Entry]

    @property
    def section(self) -> Any:
        """The name of the section the page is in, for the page's title."""
        return next((group.label for group in self.groups if group.current), SECTIONS[0].label)


def _entries(places: Iterable[Place], role_names: frozenset[str]) -> list[Entry]:
    return [Entry(place.key, place.label, place.icon, place.address()) for place in places if place.is_for(role_names)]


def _bottom_keys(role_names: frozenset[str]) -> tuple[str, str, str]:
    return next(keys for roles, keys in BOTTOM_BARS if not roles or roles & role_names)


def navigation_for(role_names: frozenset[str], path: str) -> Navigation:
    """Return where the holder of `role_names` may go; the entry whose address begins `path` longest is current."""
    groups = [Group(section.label, section.icon, _entries(section.places, role_names)) for section in SECTIONS]
    groups = [group for group in groups if group.entries]
    personal = _entries(PERSONAL, role_names)
    entries = {entry.key: entry for group in groups for entry in group.entries}
    candidates = [entry for entry in (*entries.values(), *personal) if path.startswith(entry.url)]
    if candidates:
        max(candidates, key=lambda entry: len(entry.url)).current = True
    return Navigation(groups, [entries[key] for key in _bottom_keys(role_names)], personal)


def _centre(request: HttpRequest) -> Centre:
    """Return the centre and, in the same query, how many notices the person has not read as its `unread`.

    A nameless one before the set-up and when there is no database, so that an error page can still be drawn.
    """
    user = getattr(request, "user", None)
    try:
        unread = unread_count(user) if user is not None and user.is_authenticated else Value(0)
        found = Centre.objects.filter(pk=1).annotate(unread=unread).first()
    except DatabaseError:
        found = None
    return found or Centre(pk=1)


def _navigation(request: HttpRequest) -> Navigation | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return navigation_for(user.role_names, request.path)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates what the frame shows, each worked out only where it is used.

    That is `centre`, `nav` (None before login), `unread_notices`, `theme` and `text_size`.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    text_size = request.COOKIES.get(TEXT_SIZE_COOKIE, "")
    centre = SimpleLazyObject(lambda: _centre(request))
    return {
        "centre": centre,
        "nav": SimpleLazyObject(lambda: _navigation(request)),
        "unread_notices": SimpleLazyObject(lambda: getattr(centre, "unread", 0)),
        "theme": theme if theme in THEMES else "",
        "text_size": text_size if text_size in TEXT_SIZES else "",
    }
