"""Taking in the whole text of a policy: read, mended clause by clause, taken as a draft. Nothing is published by it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from wagtail.models import Locale, Page

from cms.models import PolicyImport, PolicyIndexPage, PolicyPage
from cms.queries import KnownClauses, known_clauses
from training.matters.models import Grade
from training.matters.rules import ClauseRow, Line, joined, origins, parted, places, read_law
from training.operations.services import record
from training.people.models import User

KEPT_DAYS = 30


class PolicyTextError(Exception):
    """A text that cannot be taken as it is; the sentence says what to do."""


class ChangedMeanwhile(PolicyTextError):
    """The clauses were changed in another tab since the page was shown."""

    def __str__(self) -> str:
        return _("The clauses were changed in another tab. Look at them again; nothing of yours was saved over them.")


@transaction.atomic
def begin_import(
    *, lines: Sequence[Line], name: str, page: PolicyPage | None, language: str, by: User, at: datetime
) -> PolicyImport:
    """Take a text apart and keep it, each clause with the one of the page it goes on as. Raises `PolicyTextError`."""
    with override(language):
        preamble = pgettext("of a policy", "Preamble")
    law = read_law(lines, preamble=preamble)
    if not law.clauses:
        raise PolicyTextError(_("There are no words in it. Choose the file again, or paste the text."))
    known = known_clauses(page, language)
    found = (places if known.is_translation else origins)(known.clauses, law.clauses)
    draft = PolicyImport(
        by=by,
        page=page,
        language=language,
        name=name[:200],
        title=law.title[:255],
        document_number=law.document_number[:100],
        begun_at=at,
        changed_at=at,
    )
    draft.clause_rows = [
        replace(row, continues=origin.continues, also=origin.also)
        for row, origin in zip(law.clauses, found, strict=True)
    ]
    draft.told = list(law.remarks)
    draft.save()
    return draft


def change_row(*, draft: PolicyImport, revision: int, place: int, row: ClauseRow, at: datetime) -> PolicyImport:
    """Put other words or another origin to the clause at `place`. Raises `ChangedMeanwhile`."""

    def changed(rows: list[ClauseRow]) -> list[ClauseRow]:
        return [*rows[:place], replace(row, line=rows[place].line), *rows[place + 1 :]]

    return _change(draft, revision, changed, at)


def join_rows(*, draft: PolicyImport, revision: int, place: int, at: datetime) -> PolicyImport:
    """Put the clause at `place` into the one before. Raises `ChangedMeanwhile`, IndexError for the first one."""
    return _change(draft, revision, lambda rows: joined(rows, place), at)


def part_row(*, draft: PolicyImport, revision: int, place: int, paragraph: int, at: datetime) -> PolicyImport:
    """Cut the clause at `place` before its `paragraph`, from 1. Raises `ChangedMeanwhile`, IndexError for no place."""
    return _change(draft, revision, lambda rows: parted(rows, place, paragraph), at)


def leave_row(*, draft: PolicyImport, revision: int, place: int, at: datetime) -> PolicyImport:
    """Leave the clause at `place` out. Raises `ChangedMeanwhile`."""
    return _change(draft, revision, lambda rows: [*rows[:place], *rows[place + 1 :]], at)


@transaction.atomic
def _change(
    draft: PolicyImport, revision: int, change: Callable[[list[ClauseRow]], list[ClauseRow]], at: datetime
) -> PolicyImport:
    fresh = PolicyImport.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if fresh.revision != revision:
        raise ChangedMeanwhile
    fresh.clause_rows = change(fresh.clause_rows)
    fresh.revision, fresh.changed_at = revision + 1, at
    fresh.save(update_fields=["rows", "revision", "changed_at"])
    return fresh


def problems_of(rows: Sequence[ClauseRow], known: KnownClauses) -> list[tuple[int | None, str]]:
    """Return what keeps the clauses from being taken: the place (from 0; None for all of them) and a sentence."""
    found: list[tuple[int | None, str]] = [] if rows else [(None, _("Every clause was left out."))]
    times = Counter(row.continues for row in rows if row.continues)
    names = known.names()
    for place, row in enumerate(rows):
        if not row.label.strip():
            found.append((place, _("Give this clause a label, such as Article 3.")))
        if not row.text.strip():
            found.append((place, _("This clause has no text. Write it, join it to the one before or leave it out.")))
        if times[row.continues] > 1:
            text = _("Two clauses go on as %(name)s. Say of one that it is new, or join them.")
            found.append((place, text % {"name": names.get(row.continues, row.continues)}))
        if row.continues and row.continues not in names:
            found.append((place, _("The clause it goes on as is gone from the page meanwhile. Choose another one.")))
        if known.is_translation and not row.continues:
            found.append((place, _("Say which clause of the source text this is, or join it to the one before.")))
    return found


@transaction.atomic
def take_import(*, draft: PolicyImport, facts: Mapping[str, Any], by: User, at: datetime) -> PolicyPage:
    """Make the clauses a draft: of a new page with these `facts`, or the next one of the page they are for.

    The page is left as published as it was. Raises `PolicyTextError` for whatever keeps the draft from being made.
    """
    rows = draft.clause_rows
    known = known_clauses(draft.page, draft.language)
    if problems_of(rows, known):
        raise PolicyTextError(_("Some clauses need mending first."))
    try:
        page = _page(draft, facts, rows, known, by)
    except ValidationError as error:
        raise PolicyTextError(" ".join(error.messages)) from error
    record(action="cms.policy_imported", by=by, subject=page, at=at, after={"clauses": len(rows), "file": draft.name})
    draft.delete()
    return page


def _page(
    draft: PolicyImport, facts: Mapping[str, Any], rows: Sequence[ClauseRow], known: KnownClauses, by: User
) -> PolicyPage:
    if draft.page is None:
        return _new_page(draft, facts, rows, by)
    page = draft.page
    if page.locale.language_code != draft.language:
        page = _translation(page, draft.language, by)
    _may_edit(page, by)
    written = page.get_latest_revision_as_object()
    blocks = _translated(rows, known) if known.is_translation else _continued(rows, known, page.slug)
    written.clauses = json.dumps(blocks)
    if known.is_translation and draft.title:
        written.title = draft.title
    written.save_revision(user=by, log_action=True)
    return page


def _new_page(draft: PolicyImport, facts: Mapping[str, Any], rows: Sequence[ClauseRow], by: User) -> PolicyPage:
    index = PolicyIndexPage.objects.get(locale__language_code=draft.language)
    if not index.permissions_for_user(by).can_add_subpage():
        raise PolicyTextError(_("You may not write policies. Ask an administrator for the role of an editor."))
    blocks = _continued(rows, KnownClauses((), is_translation=False), "")
    page = PolicyPage(**facts, clauses=json.dumps(blocks), live=False, owner=by, locale=index.locale)
    index.add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    return page


def _translation(source: PolicyPage, language: str, by: User) -> PolicyPage:
    """Return a translation of the page, still to be written; its blocks are the source's."""
    there = source.get_translations().filter(locale__language_code=language).first()
    if there is not None:
        return there
    parent = PolicyIndexPage.objects.get(locale__language_code=language)
    if not parent.permissions_for_user(by).can_add_subpage():
        raise PolicyTextError(_("You may not write policies. Ask an administrator for the role of an editor."))
    made: PolicyPage = source.copy_for_translation(Locale.objects.get(language_code=language))
    return made


def _may_edit(page: Page, by: User) -> None:
    rights = page.permissions_for_user(by)
    if not rights.can_edit() or rights.page_locked():
        raise PolicyTextError(
            _("The page waits for its review, or is locked. Take it back or unlock it first; your clauses stay here.")
        )


def _continued(rows: Sequence[ClauseRow], known: KnownClauses, slug: str) -> list[dict[str, Any]]:
    """Return blocks of the source text: a clause that goes on keeps its id, and its grade while its words stay."""
    before = {block["id"]: block["value"] for block in known.blocks}
    return [_block(row, before.get(row.continues), slug) for row in rows]


def _block(row: ClauseRow, before: Mapping[str, Any] | None, slug: str) -> dict[str, Any]:
    words = {"label": row.label, "heading": row.heading, "text": row.text, "chapter": row.chapter}
    old = before or {}
    same = all(old.get(name) == words[name] for name in ("label", "heading", "text"))
    told = [str(item["value"]) if isinstance(item, Mapping) else str(item) for item in old.get("derived_from") or ()]
    derived = dict.fromkeys([*told, *(f"{slug}/{uid}" for uid in row.also)])
    value = {
        **words,
        "grade": old["grade"] if same else Grade.NOTICE.value,
        "derived_from": [{"type": "item", "value": key, "id": str(uuid4())} for key in derived],
    }
    return {"type": "clause", "id": row.continues or str(uuid4()), "value": value}


def _translated(rows: Sequence[ClauseRow], known: KnownClauses) -> list[dict[str, Any]]:
    """Return the blocks of the translation, in the source's order, with the words that came in."""
    said = {row.continues: row for row in rows}
    blocks = []
    for block in known.blocks:
        row = said.get(block["id"])
        words = {name: getattr(row, name) for name in ("label", "heading", "text", "chapter")} if row else {}
        if row and not row.chapter:
            words.pop("chapter")
        blocks.append({**block, "value": {**block["value"], **words}})
    return blocks


def discard_import(*, draft: PolicyImport) -> None:
    """Throw a text away that was not taken."""
    draft.delete()


def discard_expired_imports(*, now: datetime) -> int:
    """Forget texts nobody touched for a month; return how many."""
    gone, _by_kind = PolicyImport.objects.filter(changed_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return gone
