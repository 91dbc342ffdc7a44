"""Courses become records: versions in the source language, texts of the same version in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Exam
from courses.models import Course, CourseVersion, LessonFile, Unit, UnitCitation, UnitFile, UnitVersion
from courses.services.moving_on import move_on
from courses.words import cited_in
from training.competencies.models import Competency
from training.matters.models import ClauseVersion
from training.matters.rules import still_translated
from training.matters.services import PublishingError
from training.operations.services import record
from training.people.models import Centre, User

Section = Mapping[str, Any]


@dataclass(frozen=True)
class UnitDraft:
    """A lesson as written in one language: sections of the form {"id", "title", "blocks": [{"type", "value"}]}.

    `kind` says whether it is read or held in a classroom. `again`: whoever has not finished the course
    reads it once more where its sections have changed.
    """

    uid: UUID
    slug: str
    title: str
    minutes: int
    sections: Sequence[Section]
    kind: str = Unit.Kind.LESSON
    again: bool = False


@dataclass(frozen=True)
class CourseDraft:
    """A course as written in one language, with the lessons that are live."""

    uid: UUID
    slug: str
    title: str
    summary: str
    objectives: Sequence[str]
    units: Sequence[UnitDraft]
    competencies: Sequence[Competency] = ()
    exam: Exam | None = None

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)


@transaction.atomic
def publish_course(*, draft: CourseDraft, language: str, by: User | None, at: datetime) -> CourseVersion:
    """Freeze the course as written in the source `language` and return its newest version.

    Nothing changed makes no version; a new one takes along whoever has not finished the course. A translation stays on
    each text, and each section, that stays the same.
    Raises `PublishingError` when another course has the address, or a lesson was published as of another kind.
    """
    course = _course(draft)
    latest = course.versions.order_by("-number").first()
    before = {unit.unit.uid: unit for unit in latest.units.select_related("unit")} if latest else {}
    if latest is not None and _is_unchanged(latest, before, draft, language):
        return latest
    version = CourseVersion.objects.create(
        course=course,
        number=latest.number + 1 if latest else 1,
        title=still_translated(getattr(latest, "title", {}), language, draft.title),
        summary=still_translated(getattr(latest, "summary", {}), language, draft.summary),
        objectives=_objectives(latest, draft, language),
        minutes=draft.minutes,
        published_at=at,
        published_by=by,
    )
    version.competencies.set(draft.competencies)
    for position, unit in enumerate(draft.units, start=1):
        _freeze_unit(version, unit, position, before.get(unit.uid), language)
    record(action="courses.course_published", by=by or "schedule", subject=version, at=at)
    move_on(version=version, again=_read_again(draft, before, language), by=by or "schedule", at=at)
    return version


@transaction.atomic
def translate_course(*, draft: CourseDraft, language: str, by: User | None, at: datetime) -> CourseVersion:
    """Add the course's texts in another `language` to its newest version; never makes a version.

    A section that is not translated is shown in the source language, and a lesson that is not live there is left out.
    Raises `PublishingError` when there is no version yet, or a lesson has sections its source does not have.
    """
    version = CourseVersion.objects.filter(course__uid=draft.uid).order_by("-number").first()
    if version is None:
        raise PublishingError(_("Publish the course in the source language first."))
    version.title = {**version.title, language: draft.title}
    version.summary = {**version.summary, language: draft.summary}
    if len(version.objectives) == len(draft.objectives):
        pairs = zip(version.objectives, draft.objectives, strict=True)
        version.objectives = [{**texts, language: text} for texts, text in pairs]
    version.save(update_fields=["title", "summary", "objectives", "folded_title", "folded"])
    units = {unit.unit.uid: unit for unit in version.units.select_related("unit")}
    for unit in draft.units:
        if unit.uid in units:  # one that is not live in the source language waits until it is
            _translate_unit(units[unit.uid], unit, language)
    record(
        action="courses.course_translated", by=by or "schedule", subject=version, at=at, after={"language": language}
    )
    return version


def _course(draft: CourseDraft) -> Course:
    """Return the course's row with what only the newest publication decides; make it on the first."""
    known = Course.objects.filter(uid=draft.uid).first()
    if known is None and Course.objects.filter(slug=draft.slug).exists():
        raise PublishingError(
            _("Another course has had the address %(slug)s. Choose another one.") % {"slug": draft.slug}
        )
    course = known or Course(uid=draft.uid, slug=draft.slug)
    course.exam, course.is_offered = draft.exam, True
    course.save()
    return course


def _is_unchanged(latest: CourseVersion, before: Mapping[UUID, UnitVersion], draft: CourseDraft, language: str) -> bool:
    frozen = (
        latest.title.get(language, ""),
        latest.summary.get(language, ""),
        [texts.get(language, "") for texts in latest.objectives],
        {competency.pk for competency in latest.competencies.all()},
        [(uid, unit.title.get(language, ""), unit.minutes, unit.sections[language]) for uid, unit in before.items()],
    )
    return frozen == (
        draft.title,
        draft.summary,
        list(draft.objectives),
        {competency.pk for competency in draft.competencies},
        [(unit.uid, unit.title, unit.minutes, list(unit.sections)) for unit in draft.units],
    )


def _read_again(draft: CourseDraft, before: Mapping[UUID, UnitVersion], language: str) -> set[int]:
    """Return the keys of the units that were changed so that they are to be read once more."""
    marked = {unit.uid: list(unit.sections) for unit in draft.units if unit.again}
    return {
        known.unit_id for uid, known in before.items() if uid in marked and known.sections.get(language) != marked[uid]
    }


def _objectives(latest: CourseVersion | None, draft: CourseDraft, language: str) -> list[dict[str, str]]:
    known = {texts.get(language, ""): texts for texts in latest.objectives} if latest else {}
    return [{**known.get(text, {}), language: text} for text in draft.objectives]


def _freeze_unit(
    version: CourseVersion, draft: UnitDraft, position: int, before: UnitVersion | None, language: str
) -> None:
    told = {"course": version.course, "slug": draft.slug, "kind": draft.kind}
    unit, _created = Unit.objects.get_or_create(uid=draft.uid, defaults=told)
    if unit.kind != draft.kind:
        raise PublishingError(
            _("“%(title)s” was published as another kind of lesson. Write a new lesson instead.")
            % {"title": draft.title}
        )
    frozen = UnitVersion.objects.create(
        course_version=version,
        unit=unit,
        position=position,
        title=still_translated(getattr(before, "title", {}), language, draft.title),
        minutes=draft.minutes,
        sections=_sections(before, draft, language),
    )
    _note_citations(frozen, language)
    _note_files(frozen)


def _note_citations(frozen: UnitVersion, source_language: str) -> None:
    """Say which clauses the unit cites, those of translations alone too: their words need not link as the source does.

    Where both cite a clause, the version is that of the source.
    """
    shown = {language: set(cited_in(sections)) for language, sections in frozen.sections.items()}
    source = shown.pop(source_language)
    translated = set().union(*shown.values()) - source
    alone = ClauseVersion.objects.filter(pk__in=translated).exclude(clause__versions__in=source)
    cited = sorted(source | set(alone.values_list("pk", flat=True)))
    frozen.citations.exclude(clause_version__in=cited).delete()
    rows = [UnitCitation(unit_version=frozen, clause_version_id=version) for version in cited]
    UnitCitation.objects.bulk_create(rows, ignore_conflicts=True)


def _note_files(frozen: UnitVersion) -> None:
    """Say which files the unit shows, in whatever language: blocks name them by `file` and `captions`."""
    values = [
        block["value"] for sections in frozen.sections.values() for section in sections for block in section["blocks"]
    ]
    refs = {value[name] for value in values for name in ("file", "captions") if value.get(name)}
    frozen.files.exclude(file__ref__in=refs).delete()
    rows = [UnitFile(unit_version=frozen, file=file) for file in LessonFile.objects.filter(ref__in=refs)]
    UnitFile.objects.bulk_create(rows, ignore_conflicts=True)


def _sections(before: UnitVersion | None, draft: UnitDraft, language: str) -> dict[str, list[Section]]:
    """Return the sections per language: a translated section stays if its source did, else the source stands in."""
    sections = list(draft.sections)
    if before is None:
        return {language: sections}
    old_source = {section["id"]: section for section in before.sections[language]}
    kept: dict[str, list[Section]] = {language: sections}
    for other, translated in before.sections.items():
        if other != language:
            old = {section["id"]: section for section in translated}
            kept[other] = [
                old.get(section["id"], section) if old_source.get(section["id"]) == section else section
                for section in sections
            ]
    return kept


def _translate_unit(frozen: UnitVersion, draft: UnitDraft, language: str) -> None:
    source_language = Centre.load().source_language
    source = frozen.sections[source_language]
    translated = {section["id"]: section for section in draft.sections}
    strange = [section["title"] for key, section in translated.items() if key not in {part["id"] for part in source}]
    if strange:
        raise PublishingError(
            _("The published lesson does not have these sections: %(titles)s.") % {"titles": ", ".join(strange)}
        )
    frozen.title = {**frozen.title, language: draft.title}
    frozen.sections = {**frozen.sections, language: [translated.get(part["id"], part) for part in source]}
    frozen.save(update_fields=["title", "sections", "folded_title", "folded"])
    _note_citations(frozen, source_language)
    _note_files(frozen)
