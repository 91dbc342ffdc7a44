"""The one publishing path of pages: what goes live is frozen into a record, in the same transaction."""

from datetime import datetime
from uuid import UUID

from django.utils import translation

from courses.services.publishing import CourseDraft, UnitDraft, publish_course, translate_course
from training.matters.services import ClauseDraft, PolicyDraft, publish_policy, translate_policy
from training.people.models import Centre, User

from .freezing import lesson_sections
from .models import CoursePage, LessonPage, PolicyPage
from .translations import pass_on_blocks


def freeze_policy(page: PolicyPage, *, by: User | None, at: datetime) -> None:
    """Freeze a policy page: its source makes versions, a translation adds its texts to the newest one."""
    language = page.locale.language_code
    draft = PolicyDraft(
        uid=page.translation_key,
        slug=page.slug,
        title=page.title,
        issuer=page.issuer,
        summary=page.summary,
        document_number=page.document_number,
        effective_from=page.effective_from,
        expires_on=page.expires_on,
        clauses=[
            ClauseDraft(
                UUID(block.id),
                *(block.value[part] for part in ("label", "heading", "text", "grade", "chapter")),
                derived_from=list(block.value["derived_from"]),
            )
            for block in page.clauses
        ],
    )
    if language == Centre.load().source_language:
        publish_policy(draft=draft, language=language, by=by, at=at)
        pass_on_blocks(page, "clauses")
    else:
        translate_policy(draft=draft, language=language, by=by, at=at)


def freeze_lesson(page: LessonPage, *, by: User | None, at: datetime) -> None:
    """Freeze the course a lesson belongs to, if that is live; before it is, lessons wait for it."""
    course = CoursePage.objects.get(pk=page.get_parent().pk)
    if page.locale.language_code == Centre.load().source_language:
        pass_on_blocks(page, "body")
    if course.live:
        freeze_course(course, by=by, at=at)


def freeze_course(page: CoursePage, *, by: User | None, at: datetime) -> None:
    """Freeze a course page with its live lessons: its source makes versions, a translation adds its texts."""
    language = page.locale.language_code
    lessons = list(LessonPage.objects.child_of(page).live().order_by("path"))
    with translation.override(language):
        draft = CourseDraft(
            uid=page.translation_key,
            slug=page.slug,
            title=page.title,
            summary=page.summary,
            objectives=[str(block.value) for block in page.objectives],
            units=[_unit(lesson) for lesson in lessons],
            competencies=list(page.competencies.all()),
            exam=page.exam,
        )
    if language == Centre.load().source_language:
        publish_course(draft=draft, language=language, by=by, at=at)
        pass_on_blocks(page, "objectives")
    else:
        translate_course(draft=draft, language=language, by=by, at=at)
    # It was said of this change: the next one is not to be read again unless somebody says so anew.
    LessonPage.objects.filter(pk__in=[lesson.pk for lesson in lessons], begin_again=True).update(begin_again=False)


def _unit(lesson: LessonPage) -> UnitDraft:
    return UnitDraft(
        uid=lesson.translation_key,
        slug=lesson.slug,
        title=lesson.title,
        minutes=lesson.minutes,
        sections=lesson_sections(lesson),
        kind=lesson.kind,
        again=lesson.begin_again,
    )
