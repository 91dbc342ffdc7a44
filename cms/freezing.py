"""A lesson's blocks as they stay, whatever becomes of pages, clauses and matters.

A section is frozen as ``{"id", "title", "blocks": [{"type", "value"}]}``; the values by type:
``text {"html"}``, ``callout {"heading", "html"}``, ``accordion {"rows": [{"heading", "html"}]}``; where words of
"html" lead to clauses, ``"clauses": [{"clause_version", "policy", "anchor", "named"}]`` stands beside it, and the words
stand in ``<a data-clause="clause_version">``,
``table {"caption", "head": [text], "rows": [[text]]}``, ``case {"title", "story", "question", "answer"}``,
``branching {"title", "story", "steps": [{"text", "choices": [{"text", "outcome", "next"}]}]}``,
``document {"title", "story", "fields": [{"name", "value", "right", "why"}]}``,
``clause {"clause_version", "policy", "policy_title", "anchor", "label", "heading", "text"}``,
``change`` a clause, with ``{"since", "passages": [{"text", "change"}], "note"}``,
``matter {"code", "version", "name", "department", "promised_days", "statutory_days", "promised_unit", "trips", "fee",
"result", "conditions": [text], "materials": [{"name", "form", "copies", "need", "source", "acceptance"}],
"steps": [{"name", "role", "limit_days"}]}``,
``steps {"code", "version", "name", "steps": [{"name", "role", "limit_days", "limit_unit", "criteria"}]}``,
``checklist {"code", "version", "name", "materials"}`` as a matter's,
``figure {"file", "width", "height", "alt", "caption"}``, ``video {"file", "seconds", "captions", "title", "transcript",
"language"}``, ``sound {"file", "seconds", "title", "transcript"}``, ``pdf {"file", "size", "title", "note"}``,
``practice {"items": ["bank/code"], "competency", "number"}``; files
(`file`, `captions`) by their ref.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bs4 import Tag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html
from wagtail.whitelist import DEFAULT_ELEMENT_RULES, Whitelister

from assessments.queries import practised_items
from courses.models import LessonFile
from courses.queries.files import lesson_file
from training.lib.diffs import passages
from training.lib.texts import text_in
from training.matters.models import ClauseVersion, MatterVersion
from training.matters.queries import ClauseText, cited_clause, latest_matter
from training.matters.services import PublishingError

from .clause_links import CITES
from .models import LessonPage

Frozen = dict[str, Any]
MATERIAL = ("name", "form", "copies", "need", "source", "acceptance")


def lesson_sections(lesson: LessonPage) -> list[Frozen]:
    """Return a lesson's sections as they are frozen, in the active language.

    Raises `PublishingError` when one shows a clause or a matter that is not published, or a change of a clause that
    was never changed.
    """
    return [
        {
            "id": block.id,
            "title": block.value["title"],
            "blocks": [{"type": part.block_type, "value": _frozen(part)} for part in block.value["content"]],
        }
        for block in lesson.body
    ]


def _frozen(block: StreamValue.StreamChild) -> Frozen:
    return FREEZERS[block.block_type](block.value)


class HarmlessText(Whitelister):
    """Reduces rich text to harmless tags, and each link to a clause to the mark of the version cited; notes those."""

    def __init__(self) -> None:
        super().__init__()
        self.element_rules = {**DEFAULT_ELEMENT_RULES, "a": self._link}
        self.cited: dict[int, Frozen] = {}

    def _link(self, tag: Tag) -> None:
        key = tag.attrs.get(CITES)
        if key is None:
            DEFAULT_ELEMENT_RULES["a"](tag)
            return
        facts = _clause_facts(_cited(key, tag.get_text()))
        kept = {name: facts[name] for name in ("clause_version", "policy", "anchor")} | {"named": facts["label"]}
        self.cited[facts["clause_version"]] = kept
        tag.attrs = {"data-clause": str(facts["clause_version"])}


def _rich(source: str) -> Frozen:
    """Return rich text with its links resolved, reduced to harmless tags: readers' pages show it as it is."""
    harmless = HarmlessText()
    html = str(harmless.clean(expand_db_html(source)))
    # Text that cites nothing says nothing of it: what was frozen before and reads the same is the same.
    return {"html": html} | ({"clauses": list(harmless.cited.values())} if harmless.cited else {})


def _text(value: Any) -> Frozen:
    return _rich(value.source)


def _headed(value: Mapping[str, Any]) -> Frozen:
    return {"heading": value["heading"], **_rich(value["text"].source)}


def _accordion(value: Mapping[str, Any]) -> Frozen:
    return {"rows": [_headed(row) for row in value["rows"]]}


def _table(value: Any) -> Frozen:
    return {
        "caption": value.caption or "",
        "head": [column["heading"] for column in value.columns],
        "rows": [[str(cell or "") for cell in row["values"]] for row in value.row_data],
    }


def _case(value: Mapping[str, Any]) -> Frozen:
    return _words(value, "title", "story", "question", "answer")


def _branching(value: Mapping[str, Any]) -> Frozen:
    steps = [
        {
            "text": step["text"],
            "choices": [_words(choice, "text", "outcome") | {"next": choice["next"]} for choice in step["choices"]],
        }
        for step in value["steps"]
    ]
    return _words(value, "title", "story") | {"steps": steps}


def _document(value: Mapping[str, Any]) -> Frozen:
    entries = [_words(entry, "name", "value", "why") | {"right": bool(entry["right"])} for entry in value["fields"]]
    return _words(value, "title", "story") | {"fields": entries}


def _words(value: Mapping[str, Any], *names: str) -> Frozen:
    return {name: str(value[name] or "") for name in names}


def _clause(key: str) -> Frozen:
    return _clause_facts(_cited(key))


def _change(value: Mapping[str, Any]) -> Frozen:
    version = _cited(value["clause"])
    before = version.clause.versions.filter(number__lt=version.number).order_by("-number").first()
    if before is None:
        raise PublishingError(
            _("A lesson shows what changed in %(clause)s, which reads as it was first written.") % {"clause": version}
        )
    first = version.placements.order_by("policy_version__number").select_related("policy_version")[0]
    found = [asdict(passage) for passage in passages(text_in(before.text), text_in(version.text))]
    since = first.policy_version.effective_from.isoformat()
    return _clause_facts(version) | {"since": since, "passages": found, "note": value["note"] or ""}


def _figure(value: Mapping[str, Any]) -> Frozen:
    file = _file(value["file"], LessonFile.Kind.PICTURE)
    return {"file": str(file.ref), "width": file.width, "height": file.height, **_words(value, "alt", "caption")}


def _video(value: Mapping[str, Any]) -> Frozen:
    file = _file(value["file"], LessonFile.Kind.VIDEO)
    captions = _file(value["captions"], LessonFile.Kind.CAPTIONS)
    facts = {"file": str(file.ref), "seconds": file.seconds, "captions": str(captions.ref), "language": get_language()}
    return facts | _words(value, "title", "transcript")


def _sound(value: Mapping[str, Any]) -> Frozen:
    file = _file(value["file"], LessonFile.Kind.SOUND)
    return {"file": str(file.ref), "seconds": file.seconds, **_words(value, "title", "transcript")}


def _pdf(value: Mapping[str, Any]) -> Frozen:
    file = _file(value["file"], LessonFile.Kind.PAPER)
    return {"file": str(file.ref), "size": file.size, **_words(value, "title", "note")}


def _file(ref: str, kind: str) -> LessonFile:
    file = lesson_file(ref, kind)
    if file is None:
        raise PublishingError(_("A lesson shows a file that was deleted: %(ref)s.") % {"ref": ref})
    return file


def _practice(value: Mapping[str, Any]) -> Frozen:
    """Name the questions; they and their keys stay in their bank, so what is practised is always as it stands there."""
    items = [str(item) for item in value["items"]]
    known = {f"{version.item.bank.code}/{version.item.code}" for version in practised_items(items)}
    if unknown := sorted(set(items) - known):
        raise PublishingError(
            _("A lesson asks a question that cannot be practised: %(codes)s.") % {"codes": _(", ").join(unknown)}
        )
    return {"items": items, "competency": value["competency"] or "", "number": value["number"]}


def _cited(key: str, words: str = "") -> ClauseVersion:
    """Return the version of a clause to cite; `words` are those that lead to it, where it is not a block."""
    version = cited_clause(key)
    if version is None and words:
        raise PublishingError(
            _("In a lesson “%(words)s” leads to a clause that is not published: %(key)s.")
            % {"words": words, "key": key}
        )
    if version is None:
        raise PublishingError(_("A lesson cites a clause that is not published: %(key)s.") % {"key": key})
    return version


def _clause_facts(version: ClauseVersion) -> Frozen:
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


def _matter(code: str) -> Frozen:
    version = _shown(code)
    content = version.content
    return _named(version) | {
        "department": text_in(content["department"]["name"]),
        **{name: content[name] for name in ("promised_days", "statutory_days", "trips")},
        **{name: content[name] for name in ("promised_unit",) if name in content},
        **{name: text_in(content[name]) for name in ("fee", "result")},
        "conditions": [text_in(texts) for texts in content["conditions"]],
        "materials": _rows(version, "materials", *MATERIAL),
        "steps": _rows(version, "steps", "name", "role", "limit_days"),
    }


def _steps(code: str) -> Frozen:
    version = _shown(code)
    return _named(version) | {"steps": _rows(version, "steps", "name", "role", "limit_days", "limit_unit", "criteria")}


def _checklist(code: str) -> Frozen:
    version = _shown(code)
    return _named(version) | {"materials": _rows(version, "materials", *MATERIAL)}


def _shown(code: str) -> MatterVersion:
    version = latest_matter(code)
    if version is None:
        raise PublishingError(_("A lesson shows a service matter that is not published: %(code)s.") % {"code": code})
    return version


def _named(version: MatterVersion) -> Frozen:
    return {"code": version.matter.code, "version": version.number, "name": text_in(version.name)}


def _rows(version: MatterVersion, kind: str, *names: str) -> list[Frozen]:
    """Return rows of the matter by these names; a version frozen before there was a name does not have it."""
    return [{name: _said(row[name]) for name in names if name in row} for row in version.content[kind]]


def _said(value: Any) -> Any:
    return text_in(value) if isinstance(value, dict) else value


FREEZERS: dict[str, Callable[[Any], Frozen]] = {
    "text": _text,
    "callout": _headed,
    "accordion": _accordion,
    "table": _table,
    "figure": _figure,
    "video": _video,
    "sound": _sound,
    "pdf": _pdf,
    "practice": _practice,
    "case": _case,
    "branching": _branching,
    "document": _document,
    "clause": _clause,
    "change": _change,
    "matter": _matter,
    "steps": _steps,
    "checklist": _checklist,
}
