"""The one publishing path of pages: what goes live is frozen into a record, in the same transaction.

A lesson's section is frozen as ``{"id", "title", "blocks": [{"type", "value"}]}``; the values by type:
``text {"html"}``, ``callout {"heading", "html"}``, ``case {"title", "story", "question", "answer"}``,
``clause {"clause_version", "policy", "policy_title", "anchor", "label", "heading", "text"}``,
``matter {"code", "version", "name", "department", "promised_days", "statutory_days", "promised_unit", "trips", "fee",
"result", "conditions": [text], "materials": [{"name", "form", "copies", "need", "source", "acceptance"}],
"steps": [{"name", "role", "limit_days"}]}``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html
from wagtail.whitelist import Whitelister

from courses.services.publishing import CourseDraft, UnitDraft, publish_course, translate_course
from training.lib.texts import text_in
from training.matters.models import MatterVersion
from training.matters.queries import ClauseText, cited_clause, latest_matter
from training.matters.services import ClauseDraft, PolicyDraft, PublishingError, publish_policy, translate_policy
from training.people.models import Centre, User

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
    with translation.override(language):
        draft = CourseDraft(
            uid=page.translation_key,
            slug=page.slug,
            title=page.title,
            summary=page.summary,
            objectives=[str(block.value) for block in page.objectives],
            units=[_unit(lesson) for lesson in LessonPage.objects.child_of(page).live().order_by("path")],
            competencies=list(page.competencies.all()),
            exam=page.exam,
        )
    if language == Centre.load().source_language:
        publish_course(draft=draft, language=language, by=by, at=at)
        pass_on_blocks(page, "objectives")
    else:
        translate_course(draft=draft, language=language, by=by, at=at)


def _unit(lesson: LessonPage) -> UnitDraft:
    sections = lesson_sections(lesson)
    return UnitDraft(
        uid=lesson.translation_key,
        slug=lesson.slug,
        title=lesson.title,
        minutes=lesson.minutes,
        sections=sections,
        clauses=list(_clauses(sections)),
        again=lesson.begin_again,
    )


def lesson_sections(lesson: LessonPage) -> list[dict[str, Any]]:
    """Return a lesson's sections as they are frozen, in the active language.

    Raises `PublishingError` when one shows a clause or a matter that is not published.
    """
    return [
        {
            "id": block.id,
            "title": block.value["title"],
            "blocks": [{"type": part.block_type, "value": _frozen(part)} for part in block.value["content"]],
        }
        for block in lesson.body
    ]


def _clauses(sections: list[dict[str, Any]]) -> Iterator[int]:
    for section in sections:
        for block in section["blocks"]:
            if block["type"] == "clause":
                yield block["value"]["clause_version"]


def _frozen(block: StreamValue.StreamChild) -> dict[str, Any]:
    """Return a block's content as it stays, whatever becomes of pages, clauses and matters."""
    value = block.value
    if block.block_type == "text":
        return {"html": _safe_html(value.source)}
    if block.block_type == "callout":
        return {"heading": value["heading"], "html": _safe_html(value["text"].source)}
    if block.block_type == "clause":
        return frozen_clause(value)
    if block.block_type == "matter":
        return frozen_matter(value)
    return {name: str(value[name]) for name in ("title", "story", "question", "answer")}


def _safe_html(source: str) -> str:
    """Return rich text with its links resolved, reduced to harmless tags: readers' pages show it as it is."""
    return str(Whitelister().clean(expand_db_html(source)))


def frozen_clause(key: str) -> dict[str, Any]:
    """Return the newest words of a clause; raise `PublishingError` when there is none with that key."""
    version = cited_clause(key)
    if version is None:
        raise PublishingError(_("A lesson cites a clause that is not published: %(key)s.") % {"key": key})
    policy = version.placements.order_by("-policy_version__number").select_related("policy_version__policy")[0]
    words = ClauseText.of(version)
    return {
        "clause_version": version.pk,
        "policy": policy.policy_version.policy.slug,
        "policy_title": text_in(policy.policy_version.title),
        "anchor": words.anchor,
        "label": words.label,
        "heading": words.heading,
        "text": words.text,
    }


def frozen_matter(code: str) -> dict[str, Any]:
    """Return the facts of a matter as last published; raise `PublishingError` when there is none with that code."""
    version = latest_matter(code)
    if version is None:
        raise PublishingError(_("A lesson shows a service matter that is not published: %(code)s.") % {"code": code})
    return {"code": code, "version": version.number, **_facts(version)}


def _facts(version: MatterVersion) -> dict[str, Any]:
    content = version.content
    rows = {
        "materials": ("name", "form", "copies", "need", "source", "acceptance"),
        "steps": ("name", "role", "limit_days"),
    }
    return {
        "name": text_in(version.name),
        "department": text_in(content["department"]["name"]),
        **{name: content[name] for name in ("promised_days", "statutory_days", "trips")},
        **{name: content[name] for name in ("promised_unit",) if name in content},
        **{name: text_in(content[name]) for name in ("fee", "result")},
        "conditions": [text_in(texts) for texts in content["conditions"]],
        **{kind: [{name: _said(row[name]) for name in names} for row in content[kind]] for kind, names in rows.items()},
    }


def _said(value: Any) -> Any:
    return text_in(value) if isinstance(value, dict) else value
