"""The item banks: written by the examiner, reviewed by a colleague, put to use, one or two still on their way."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from assessments.models import Bank, ItemVersion
from assessments.rules import ItemDraft, Medium, choices_of, lines_of
from assessments.scoring.marking import ItemKind
from assessments.services import items, keep_clean
from training.competencies.models import Framework
from training.lib.media import clean
from training.lib.texts import text_in
from training.matters.models import ClauseVersion
from training.people.models import User

from .clock import Clock
from .content import load
from .papers import paper

Clauses = dict[tuple[str, str], ClauseVersion]


def build_bank(name: str, *, framework: Framework, clauses: Clauses, clock: Clock) -> Bank:
    """Create the bank of a content file with its items, each led on to the state it is in there (default: live)."""
    author = User.objects.get(staff_number="examiner")
    bank = items.create_bank(**load(name)["bank"], by=author, at=clock.at(205))
    fill_bank(name, bank=bank, framework=framework, clauses=clauses, clock=clock)
    return bank


def fill_bank(name: str, *, bank: Bank, framework: Framework, clauses: Clauses, clock: Clock) -> None:
    """Write the items of a content file into a bank."""
    content = load(name)
    author, reviewer = (User.objects.get(staff_number=number) for number in ("examiner", "invigilator"))
    competencies = {one.code: one for one in framework.competencies.all()}
    kept = _papers(content["item"], clock)
    rows = [
        items.Written(
            draft_of(row, kept),
            competencies[row["competency"]],
            [clauses[policy, key].pk for policy, key in row["cites"]],
        )
        for row in content["item"]
    ]
    versions = items.write_items(bank=bank, rows=rows, by=author, at=clock.at(200)).new
    for row, version in zip(content["item"], versions, strict=True):
        _review(row, version, author, reviewer, clock)
    for state in ("live", "pilot", "suspended"):
        _put_to_use(content["item"], versions, state, author, clock)
    for row, written, version in zip(content["item"], rows, versions, strict=True):
        if "revised" in row:
            _revise(row, written, version, author, clock)


def _papers(rows: list[dict[str, Any]], clock: Clock) -> dict[str, str]:
    """Draw and keep the papers that questions show; return what each is kept under."""
    drawn = load("papers")
    names = {one["paper"] for row in rows for one in row.get("media", [])}
    found = {name: clean(paper(drawn[name]), f"{name}.png") for name in sorted(names)}
    return {name: str(keep_clean(found=one, at=clock.at(205)).ref) for name, one in found.items()}


def draft_of(row: dict[str, Any], kept: Mapping[str, str] = MappingProxyType({})) -> ItemDraft:
    """Return an item of a content file as a draft; `kept`: what the papers it shows are kept under."""
    return ItemDraft(
        kind=ItemKind(row["kind"]),
        stem=row["stem"],
        key=row["key"],
        options=choices_of(row.get("options", [])),
        parts=lines_of(row.get("parts", [])),
        details=row.get("details", {}),
        rationale=row.get("rationale", {}),
        code=row["code"],
        level=row["level"],
        judged_p=row["judged_p"],
        bar=row.get("bar", 1.0),
        media=tuple(
            Medium(kept.get(one["paper"], one["paper"]), is_picture=True, text=one["text"], place=one.get("place", ""))
            for one in row.get("media", [])
        ),
    )


def _review(row: dict[str, Any], version: ItemVersion, author: User, reviewer: User, clock: Clock) -> None:
    state = row.get("state", "live")
    if state == "draft":
        return
    recent = state in ("waiting", "back")
    items.ask_for_review(version=version, by=author, at=clock.at(4 if recent else 199))
    if state != "waiting":
        items.review(
            version=version,
            approve=state != "back",
            edits=version.edits,
            by=reviewer,
            at=clock.at(2 if recent else 198),
            remark=text_in(row.get("remark"), reviewer.language),
        )


def _put_to_use(
    rows: list[dict[str, Any]], versions: list[ItemVersion], state: str, author: User, clock: Clock
) -> None:
    pairs = zip(rows, versions, strict=True)
    # What is suspended was in use before.
    states = (state, "suspended") if state == "live" else (state,)
    chosen = [version.item_id for row, version in pairs if row.get("state", "live") in states]
    if chosen:
        at = clock.at(9 if state == "suspended" else 197)
        items.change_items(items=chosen, what="state", value=state, by=author, at=at)


def _revise(row: dict[str, Any], written: items.Written, version: ItemVersion, author: User, clock: Clock) -> None:
    told = items.Written(replace(draft_of(row | row["revised"]), media=None), written.competency, written.clauses)
    seen = (version.number, version.edits)
    newer = items.revise_item(item=version.item, written=told, seen=seen, by=author, at=clock.at(3))
    items.ask_for_review(version=newer, by=author, at=clock.at(3))
