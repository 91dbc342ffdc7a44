"""Policies become records: versions in the source language, texts of the same version in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from training.matters.models import Clause, ClausePlacement, ClauseVersion, Policy, PolicyVersion
from training.matters.queries import cited_clause
from training.matters.rules import still_translated
from training.operations.services import record
from training.people.models import User

from .errors import PublishingError


@dataclass(frozen=True)
class ClauseDraft:
    """A clause as written in one language; `derived_from` are keys of the clauses it was split from or merged of."""

    uid: UUID
    label: str
    heading: str
    text: str
    grade: str
    chapter: str = ""
    derived_from: Sequence[str] = ()

    @property
    def words(self) -> dict[str, str]:
        return {"label": self.label, "heading": self.heading, "text": self.text}


@dataclass(frozen=True)
class PolicyDraft:
    """A policy as written in one language."""

    uid: UUID
    slug: str
    title: str
    issuer: str
    summary: str
    document_number: str
    effective_from: date
    expires_on: date | None
    clauses: Sequence[ClauseDraft]

    @property
    def words(self) -> dict[str, str]:
        return {"title": self.title, "issuer": self.issuer, "summary": self.summary}

    @property
    def facts(self) -> dict[str, str | date | None]:
        return {
            "document_number": self.document_number,
            "effective_from": self.effective_from,
            "expires_on": self.expires_on,
        }


@transaction.atomic
def publish_policy(*, draft: PolicyDraft, language: str, by: User | None, at: datetime) -> PolicyVersion:
    """Freeze the policy as written in the source `language` and return its newest version.

    A clause whose words did not change keeps its version, and nothing changed at all makes no version. Translations
    stay on what did not change. Raises `PublishingError` when another policy has the address, or the clauses clash.
    """
    policy = _policy(draft)
    latest = policy.versions.order_by("-number").first()
    parents = [_parents(policy, clause) for clause in draft.clauses]
    placed = [_clause_version(policy, clause, language) for clause in draft.clauses]
    for clause_version, derived in zip(placed, parents, strict=True):
        _derive(clause_version, derived)
    if latest is not None and _is_unchanged(latest, draft, placed, language):
        return latest
    texts = {name: still_translated(getattr(latest, name, {}), language, text) for name, text in draft.words.items()}
    version = PolicyVersion.objects.create(
        policy=policy,
        number=latest.number + 1 if latest else 1,
        published_at=at,
        published_by=by,
        **texts,
        **draft.facts,
    )
    _place(version, latest, draft, placed, language)
    record(action="matters.policy_published", by=by or "schedule", subject=version, at=at)
    return version


@transaction.atomic
def translate_policy(*, draft: PolicyDraft, language: str, by: User | None, at: datetime) -> PolicyVersion:
    """Add the policy's words in another `language` to its newest version; never makes a version.

    Raises `PublishingError` when there is no version yet, or the draft has a clause that version does not have.
    """
    version = PolicyVersion.objects.filter(policy__uid=draft.uid).order_by("-number").first()
    if version is None:
        raise PublishingError(_("Publish the policy in the source language first."))
    placements = version.placements.select_related("clause_version__clause")
    placed = {placement.clause_version.clause.uid: placement.clause_version for placement in placements}
    strange = [clause.label for clause in draft.clauses if clause.uid not in placed]
    if strange:
        raise PublishingError(
            _("The published policy does not have these clauses: %(labels)s.") % {"labels": ", ".join(strange)}
        )
    for name, text in draft.words.items():
        setattr(version, name, {**getattr(version, name), language: text})
    version.save(update_fields=[*draft.words, "folded_title", "folded"])
    for clause in draft.clauses:
        clause_version = placed[clause.uid]
        for name, text in clause.words.items():
            setattr(clause_version, name, {**getattr(clause_version, name), language: text})
        clause_version.save(update_fields=[*clause.words, "folded_title", "folded"])
    _translate_chapters(version, draft, language)
    record(
        action="matters.policy_translated", by=by or "schedule", subject=version, at=at, after={"language": language}
    )
    return version


def _policy(draft: PolicyDraft) -> Policy:
    if len({clause.uid for clause in draft.clauses}) < len(draft.clauses):
        raise PublishingError(_("Two clauses have the same identity. Delete one and write it anew."))
    known = Policy.objects.filter(uid=draft.uid).first()
    if known is not None:
        return known
    if Policy.objects.filter(slug=draft.slug).exists():
        raise PublishingError(
            _("Another policy has had the address %(slug)s. Choose another one.") % {"slug": draft.slug}
        )
    return Policy.objects.create(uid=draft.uid, slug=draft.slug)


def _clause_version(policy: Policy, draft: ClauseDraft, language: str) -> ClauseVersion:
    """Return the clause's newest version, a new one if the words changed."""
    clause, _created = Clause.objects.get_or_create(policy=policy, uid=draft.uid)
    latest = clause.versions.order_by("-number").first()
    if latest is not None and all(
        getattr(latest, name).get(language, "") == text for name, text in draft.words.items()
    ):
        return latest
    words = {name: {language: text} for name, text in draft.words.items()}
    return clause.versions.create(number=latest.number + 1 if latest else 1, grade=draft.grade, **words)


def _is_unchanged(version: PolicyVersion, draft: PolicyDraft, placed: Sequence[ClauseVersion], language: str) -> bool:
    same_words = all(getattr(version, name).get(language, "") == text for name, text in draft.words.items())
    same_facts = all(getattr(version, name) == value for name, value in draft.facts.items())
    order = [
        (placement.clause_version_id, placement.chapter.get(language, ""))
        for placement in version.placements.order_by("position")
    ]
    written = [(clause.pk, one.chapter) for clause, one in zip(placed, draft.clauses, strict=True)]
    return same_words and same_facts and order == written


def _place(
    version: PolicyVersion,
    before: PolicyVersion | None,
    draft: PolicyDraft,
    placed: Sequence[ClauseVersion],
    language: str,
) -> None:
    """Put the clauses in their order; the heading of a chapter keeps its translation while it reads the same."""
    rows = before.placements.select_related("clause_version") if before else ()
    chapters = {row.clause_version.clause_id: row.chapter for row in rows}
    ClausePlacement.objects.bulk_create(
        ClausePlacement(
            policy_version=version,
            clause_version=clause,
            position=position,
            chapter=still_translated(chapters.get(clause.clause_id, {}), language, one.chapter) if one.chapter else {},
        )
        for position, (clause, one) in enumerate(zip(placed, draft.clauses, strict=True), start=1)
    )


def _translate_chapters(version: PolicyVersion, draft: PolicyDraft, language: str) -> None:
    chapters = {clause.uid: clause.chapter for clause in draft.clauses}
    rows = list(version.placements.select_related("clause_version__clause"))
    for row in rows:
        if row.chapter and (said := chapters.get(row.clause_version.clause.uid)):
            row.chapter = {**row.chapter, language: said}
    ClausePlacement.objects.bulk_update(rows, ["chapter"])


def _parents(policy: Policy, draft: ClauseDraft) -> list[ClauseVersion]:
    """Return the newest texts of the clauses a draft comes from, as they read before it is published.

    What is not published has no text to come from, and a clause does not come from itself.
    """
    found = [cited_clause(key) for key in dict.fromkeys(draft.derived_from)]
    own = (policy.pk, draft.uid)
    return [one for one in found if one is not None and (one.clause.policy_id, one.clause.uid) != own]


def _derive(version: ClauseVersion, parents: Sequence[ClauseVersion]) -> None:
    """Note what a clause comes from, once: its later versions come from itself."""
    known = ClauseVersion.objects.filter(clauseversion__clause=version.clause_id).values_list("clause", flat=True)
    told = set(known)
    version.derived_from.add(*(one for one in parents if one.clause_id not in told))
