"""Matters and bundles from a file as drafts: what a file would change, and writing that; nothing goes live by it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from training.lib.imports import Progress, Silent
from training.matters.files import FACTS, Books, Problem, Sheet, Told, build
from training.matters.files.documents import Document, UnknownError, completed
from training.matters.files.json_files import lacking
from training.matters.files.shape import label
from training.matters.models import Bundle, ServiceMatter
from training.matters.queries.drafts import Draft, books_for, drafts_of
from training.operations.services import record
from training.people.models import User

ACTIONS = {ServiceMatter: "matters.matter_drafted", Bundle: "matters.bundle_drafted"}


@dataclass(frozen=True)
class Intent:
    """One record that a file makes or changes; `before` is the record, None for a new one."""

    facts: Sheet
    code: str
    document: Document
    before: Any

    @property
    def is_new(self) -> bool:
        return self.before is None


@dataclass
class Plan:
    """What a file would do: the records without problems, how many say what is on record, and what is wrong."""

    intents: list[Intent] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    books: Books = field(default_factory=lambda: Books({}, {}, {}))

    @property
    def faulty(self) -> int:
        """How many records have problems; what is wrong with the file itself counts as one."""
        return len({(problem.kind, problem.code) for problem in self.problems})

    @property
    def refused(self) -> bool:
        """Whether nothing of the file can come in."""
        return any(not problem.code for problem in self.problems)

    def count(self, *, new: bool) -> int:
        return sum(intent.is_new is new for intent in self.intents)


def plan_drafts(told: Told) -> Plan:
    """Say what a file would do, record by record. Writes nothing; a few queries for each batch of records."""
    plan = Plan(problems=list(told.problems))
    kept_out = {(problem.kind, problem.code) for problem in told.problems}
    drafts = {
        (facts.key, draft.record.code): draft for facts in FACTS for draft in drafts_of(facts, told.of(facts.key))
    }
    ready = {}
    for facts in FACTS:
        for code, document in told.of(facts.key).items():
            if (facts.key, code) not in kept_out:
                draft = drafts.get((facts.key, code))
                ready[facts, code] = completed(document, facts, draft.document if draft else None)
    plan.books = books_for(ready.values())
    for (facts, code), document in ready.items():
        draft = drafts.get((facts.key, code))
        told_facts = told.documents[facts.key, code]
        try:
            intent = _intent(plan.books, facts, code, document, draft, missing=lacking(facts, told_facts))
        except UnknownError as reason:
            plan.problems.append(Problem(str(reason), told.places[facts.key, code], facts.key, code))
            continue
        if intent is None:
            plan.unchanged += 1
        else:
            plan.intents.append(intent)
    return plan


def _intent(
    books: Books, facts: Sheet, code: str, document: Document, draft: Draft | None, *, missing: list[str]
) -> Intent | None:
    """Return what is to be written; None when the draft says so already. Raises `UnknownError`."""
    if draft is None and missing:
        labels = _(", ").join(label(facts.model._meta.get_field(name)) for name in missing)
        raise UnknownError(_("it is new, and these are missing: %(names)s.") % {"names": labels})
    made = build(document, facts, books)
    if draft and document == draft.document:
        return None
    if draft:
        _require_open(draft)
    elif facts.model is ServiceMatter:
        books.matters[code] = made  # a bundle of the same file may have it as a member
    return Intent(facts, code, document, draft.record if draft else None)


def _require_open(draft: Draft) -> None:
    if draft.record.locked:
        raise UnknownError(_("it is locked in the editor; unlock it first."))
    if draft.is_under_review:
        raise UnknownError(_("it waits for its review; import it again when that is decided."))


@transaction.atomic
def write_drafts(*, plan: Plan, by: User, at: datetime, progress: Progress | None = None) -> int:
    """Write the records of a plan as drafts by that person, each with its audit event; return how many.

    A live record stays live as it is; the draft goes to review like any other.
    """
    counted = progress or Silent()
    for intent in plan.intents:
        newest = intent.before.get_latest_revision_as_object() if intent.before else None
        draft = build(intent.document, intent.facts, plan.books, newest)
        if intent.is_new:
            draft.save()
            if isinstance(draft, ServiceMatter):
                plan.books.matters[intent.code] = draft
        draft.save_revision(user=by, changed=True)
        record(
            action=ACTIONS[type(draft)], by=by, subject=draft, at=at, after={"code": intent.code, "new": intent.is_new}
        )
        counted.advance()
    return len(plan.intents)
