"""Matters and bundles as their newest drafts say, read in batches; what codes of a file may name."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision, WorkflowState

from training.matters.files import FACTS, Books, Sheet, document_of, sample_documents
from training.matters.files.documents import Document, Names, clause_key, document_of_content
from training.matters.models import Bundle, ClauseVersion, ServiceMatter
from training.people.models import Department

BATCH = 200
ROWS = {
    ServiceMatter: (
        *("department", "conditions", "materials", "steps", "questions", "systems"),
        "legal_bases__clause_version__clause__policy",
    ),
    Bundle: (
        *("lead_department", "steps", "materials__used_by"),
        *("members__matter", "members__department", "members__depends_on"),
    ),
}


@dataclass(frozen=True)
class Draft:
    """A record's newest draft: itself, unless a later one waits in the editor."""

    record: Any
    document: Document
    is_under_review: bool


def drafts_of(facts: Sheet, codes: Collection[str] | None = None) -> Iterator[Draft]:
    """Yield the newest draft of each record, by code; `codes` None: of all. A few queries for each batch."""
    found = facts.model.objects.order_by("code")
    keys = list((found if codes is None else found.filter(code__in=codes)).values_list("pk", flat=True))
    names = _names()
    for start in range(0, len(keys), BATCH):
        yield from _batch(facts, keys[start : start + BATCH], names)


def all_documents() -> dict[str, list[Document]]:
    """Return every matter and bundle as its newest draft says, by sheet and in the order of codes, for a file."""
    return {facts.key: [draft.document for draft in drafts_of(facts)] for facts in FACTS}


def sample_of_here() -> dict[str, list[Document]]:
    """Return the sample of the template, with a department and a clause of this centre."""
    department = Department.objects.order_by("path").values_list("code", flat=True).first()
    clause = ClauseVersion.objects.select_related("clause__policy").order_by("pk").last()
    return sample_documents(department or "tax", clause_key(clause) if clause else "")


def _batch(facts: Sheet, keys: Collection[int], names: Names) -> Iterator[Draft]:
    records = facts.model.objects.filter(pk__in=keys).prefetch_related(*ROWS[facts.model]).order_by("code")
    kind = ContentType.objects.get_for_model(facts.model)
    waiting = WorkflowState.objects.filter(
        base_content_type=kind, object_id__in=[str(key) for key in keys], status=WorkflowState.STATUS_IN_PROGRESS
    )
    reviewed = set(waiting.values_list("object_id", flat=True))
    later = [one.latest_revision_id for one in records if one.has_unpublished_changes and one.latest_revision_id]
    revisions = Revision.objects.in_bulk(later)
    for one in records:
        revision = revisions.get(one.latest_revision_id)
        document = document_of_content(revision.content, facts, names) if revision else document_of(one, facts)
        yield Draft(one, document, str(one.pk) in reviewed)


def _names() -> Names:
    """Return what rows of drafts call by key, as files name it."""
    clauses = ClauseVersion.objects.select_related("clause__policy").defer("text", "heading")
    return Names(
        dict(Department.objects.values_list("pk", "code")),
        dict(ServiceMatter.objects.values_list("pk", "code")),
        {clause.pk: clause_key(clause) for clause in clauses.iterator(chunk_size=1000)},
    )


def books_for(documents: Iterable[Document]) -> Books:
    """Return what the codes of complete documents may name (three queries)."""
    matters: set[str] = set()
    uids: set[str] = set()
    for document in documents:
        uids |= {row["clause_version"].split("/")[1] for row in document.get("legal_bases", ())}
        matters |= {code for row in document["materials"] for code in row.get("used_by", ())}
        for member in document.get("members", ()):
            matters |= {member["matter"], *member["depends_on"]}
    versions = ClauseVersion.objects.filter(clause__uid__in=uids).select_related("clause__policy")
    return Books(
        {one.code: one for one in Department.objects.all()},
        {one.code: one for one in ServiceMatter.objects.filter(code__in=matters)},
        {clause_key(version): version for version in versions},
    )
