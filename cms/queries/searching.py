"""Search over what somebody may read: policies and clauses, matters and bundles, courses, lessons of courses begun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.models import PolicyPage
from courses.models import CourseVersion, UnitVersion
from courses.queries import lessons_shown
from courses.queries.finding import best_place
from training.lib.finding import Part, excerpt, having, marked, texts_of
from training.lib.texts import text_in
from training.matters.models import BundleVersion, ClausePlacement, MatterVersion, PolicyVersion
from training.matters.queries import ClauseText, policy_address
from training.matters.rules import State
from training.people.models import User


@dataclass(frozen=True)
class Hit:
    """One thing found; `state` says of a policy whether it is in force, `within` where the thing belongs."""

    title: Sequence[Part]
    passage: Sequence[Part]
    url: str
    within: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing to be found: its rows that have all words and that somebody may see, and one as a hit."""

    key: str
    label: Any
    rows: Callable[[Sequence[str], date, User], "QuerySet[Any]"]
    told: Callable[[Any, Sequence[str], date], Hit]


def _ranked(rows: "QuerySet[Any]", words: Sequence[str], *order: str, at: str = "") -> "QuerySet[Any]":
    """Keep what has all the words, first what has them in its title."""
    in_title = Case(When(having(words, f"{at}folded_title"), then=Value(0)), default=Value(1))
    return rows.filter(having(words, f"{at}folded")).annotate(rank=in_title).order_by("rank", *order)


def _read_today(day: date) -> "QuerySet[PolicyVersion]":
    """Return, of each policy whose page is live, the version in force, else the newest."""
    own = PolicyVersion.objects.filter(policy=OuterRef("policy"))
    current = PolicyVersion.objects.in_force(day).filter(policy=OuterRef("policy")).values("pk")[:1]
    shown = Coalesce(Subquery(current), Subquery(own.order_by("-number").values("pk")[:1]))
    live = PolicyPage.objects.filter(live=True, translation_key=OuterRef("policy__uid"))
    return PolicyVersion.objects.filter(Exists(live), pk=shown).select_related("policy")


def _policies(words: Sequence[str], day: date, _viewer: User) -> "QuerySet[PolicyVersion]":
    return _ranked(_read_today(day), words, "policy__slug")


def _clauses(words: Sequence[str], day: date, _viewer: User) -> "QuerySet[ClausePlacement]":
    placed = ClausePlacement.objects.filter(policy_version__in=_read_today(day).values("pk"))
    placed = placed.select_related("clause_version__clause", "policy_version__policy")
    return _ranked(placed, words, "policy_version__policy__slug", "position", at="clause_version__")


def _matters(words: Sequence[str], day: date, _viewer: User) -> "QuerySet[MatterVersion]":
    newest = MatterVersion.objects.filter(matter=OuterRef("matter")).order_by("-number").values("pk")[:1]
    live = MatterVersion.objects.filter(pk=Subquery(newest), matter__live=True).select_related("matter")
    return _ranked(live, words, "matter__code")


def _bundles(words: Sequence[str], day: date, _viewer: User) -> "QuerySet[BundleVersion]":
    newest = BundleVersion.objects.filter(bundle=OuterRef("bundle")).order_by("-number").values("pk")[:1]
    live = BundleVersion.objects.filter(pk=Subquery(newest), bundle__live=True).select_related("bundle")
    return _ranked(live, words, "bundle__code")


def _courses(words: Sequence[str], day: date, _viewer: User) -> "QuerySet[CourseVersion]":
    newest = CourseVersion.objects.filter(course=OuterRef("course")).order_by("-number").values("pk")[:1]
    offered = CourseVersion.objects.filter(pk=Subquery(newest), course__is_offered=True).select_related("course")
    return _ranked(offered, words, "course__slug")


def _lessons(words: Sequence[str], _day: date, viewer: User) -> "QuerySet[UnitVersion]":
    """Look into the lessons the viewer may read, and into the titles of the others, which their course's page shows."""
    shown = lessons_shown(viewer).select_related("unit", "course_version__course")
    told = Q(is_learned=False) & having(words, "folded_title")
    read = Q(is_learned=True) & having(words)
    in_title = Case(When(having(words, "folded_title"), then=Value(0)), default=Value(1))
    found = shown.filter(told | read).annotate(rank=in_title)
    return found.order_by("rank", "course_version__course__slug", "position")


def _hit(title: Mapping[str, str], content: Any, words: Sequence[str], url: str, **facts: Any) -> Hit:
    """Tell a hit in the reader's language; where the words stand only in another, the passage is of that one."""
    own = list(texts_of(content, get_language()))
    return Hit(marked(text_in(title), words), excerpt([*own, *texts_of(content)], words), url, **facts)


def _state(version: PolicyVersion, day: date) -> State:
    if version.effective_from > day:
        return State.COMING
    return State.PAST if version.expires_on and version.expires_on < day else State.IN_FORCE


def _policy(version: PolicyVersion, words: Sequence[str], day: date) -> Hit:
    content = [version.summary, version.issuer, {"document_code": version.document_number}]
    url = policy_address(version.policy.slug)
    return _hit(version.title, content, words, url, within=text_in(version.issuer), state=_state(version, day))


def _clause(placed: ClausePlacement, words: Sequence[str], day: date) -> Hit:
    clause, policy = placed.clause_version, placed.policy_version
    url = f"{policy_address(policy.policy.slug)}#{ClauseText.of(clause).anchor}"
    hit = _hit({}, [clause.text, clause.heading], words, url, within=text_in(policy.title), state=_state(policy, day))
    return Hit(marked(str(clause), words), hit.passage, url, hit.within, hit.state)


def _matter(version: MatterVersion, words: Sequence[str], day: date) -> Hit:
    url = reverse("matters:matter", args=[version.matter.code])
    return _hit(version.name, version.content, words, url, within=text_in(version.content["department"]["name"]))


def _bundle(version: BundleVersion, words: Sequence[str], day: date) -> Hit:
    url = reverse("matters:bundle", args=[version.bundle.code])
    return _hit(version.name, version.content, words, url, within=text_in(version.content["lead_department"]["name"]))


def _course(version: CourseVersion, words: Sequence[str], day: date) -> Hit:
    url = reverse("courses:course", args=[version.course.slug])
    return _hit(version.title, [version.summary, version.objectives], words, url)


def _lesson(lesson: Any, words: Sequence[str], _day: date) -> Hit:
    course = lesson.course_version.course.slug
    title, within = marked(text_in(lesson.title), words), text_in(lesson.course_version.title)
    if not lesson.is_learned:
        return Hit(title, [], reverse("courses:course", args=[course]), within)
    place = best_place(lesson, words, get_language())
    url = reverse("courses:section", args=[course, lesson.unit.slug, place.section])
    return Hit(title, excerpt(place.said, words), f"{url}#passage-{place.passage}" if place.passage else url, within)


KINDS = (
    Kind("matters", _("Service matters"), _matters, _matter),
    Kind("bundles", _("Bundles"), _bundles, _bundle),
    Kind("clauses", _("Clauses"), _clauses, _clause),
    Kind("policies", _("Policies"), _policies, _policy),
    Kind("courses", _("Courses"), _courses, _course),
    Kind("lessons", _("Lessons"), _lessons, _lesson),
)
