"""Policies as people read them: what is in force on a day, clause by clause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from training.lib.texts import language_of, text_in
from training.matters.models import ClausePlacement, ClauseVersion, PolicyVersion
from training.matters.rules import State, in_force


@dataclass(frozen=True)
class ClauseText:
    """A clause in the reader's language."""

    uid: str
    label: str
    heading: str
    text: str
    grade: str = ""
    chapter: str = ""

    @classmethod
    def of(cls, version: ClauseVersion) -> "ClauseText":
        """Return a clause version in the active language; the version comes with its clause."""
        return cls(
            str(version.clause.uid),
            text_in(version.label),
            text_in(version.heading),
            text_in(version.text),
            version.grade,
        )

    @property
    def anchor(self) -> str:
        """Where it stands on its policy's page; the same in every version and language."""
        return clause_anchor(self.uid)


@dataclass(frozen=True)
class VersionLink:
    """A version of a policy: its days, what it is today, and where it is read."""

    number: int
    first: date
    last: date | None
    state: State
    url: str


@dataclass(frozen=True)
class PolicyText:
    """A version of a policy in the reader's language; `coming` is a later one that has not taken effect yet.

    `said_in` is the language it is really in, which is another where it is not translated; "" for a draft.
    """

    title: str
    issuer: str
    summary: str
    document_number: str
    effective_from: date | None
    expires_on: date | None
    number: int | None = None
    slug: str = ""
    in_force: bool = False
    coming: date | None = None
    said_in: str = ""
    versions: Sequence[VersionLink] = field(default_factory=tuple)
    clauses: Sequence[ClauseText] = field(default_factory=tuple)

    @property
    def address(self) -> str:
        """Where it is read; "" for a draft."""
        return policy_address(self.slug) if self.slug else ""

    @classmethod
    def of_draft(cls, *, clauses: Sequence[tuple[str, Mapping[str, str]]], **facts: str | date | None) -> "PolicyText":
        """Return a draft as it will read: clauses as (id, {"label", "heading", "text", "grade", "chapter"})."""
        texts = [
            ClauseText(uid, *(value[part] for part in ("label", "heading", "text", "grade", "chapter")))
            for uid, value in clauses
        ]
        return cls(clauses=texts, **facts)  # type: ignore[arg-type]  # the facts carry the names of the fields


def policy_address(slug: str) -> str:
    """Return the address of a policy: a page of Wagtail's, under the list of policies."""
    return reverse("wagtail_serve", args=[f"policies/{slug}/"])


def clause_address(slug: str, uid: UUID | str) -> str:
    """Return the address of a clause's history."""
    return reverse("matters:clause", args=[slug, uid])


def clause_anchor(uid: UUID | str) -> str:
    """Return the id a clause has on its policy's page."""
    return f"clause-{str(uid)[:8]}"


def policies_on(day: date) -> list[PolicyText]:
    """Return the policies in force on `day`, without their clauses, by title."""
    versions = PolicyVersion.objects.in_force(day).select_related("policy")
    return sorted((_policy_text(version, day) for version in versions), key=lambda policy: policy.title)


def policy_text(uid: UUID, day: date, number: int | None = None) -> PolicyText | None:
    """Return a policy as in force on `day`; before its first version takes effect, or after the last expired, that one.

    With `number` that version, whatever it is on that day. None if it was never published, or has no such version.
    """
    versions = list(PolicyVersion.objects.filter(policy__uid=uid).select_related("policy").order_by("number"))
    begun = [one for one in versions if one.effective_from <= day]
    version = (begun or versions[:1] or [None])[-1]
    if number is not None:
        version = next((one for one in versions if one.number == number), None)
    if version is None:
        return None
    later = next((one for one in versions if one.number > version.number and one.effective_from > day), None)
    placements = ClausePlacement.objects.filter(policy_version=version).select_related("clause_version__clause")
    clauses = [
        replace(ClauseText.of(placement.clause_version), chapter=text_in(placement.chapter)) for placement in placements
    ]
    coming = later.effective_from if later else None
    return _policy_text(version, day, coming=coming, clauses=clauses, versions=_links(versions, day))


def _links(versions: Sequence[PolicyVersion], day: date) -> list[VersionLink]:
    """Return the versions with their days, the newest first."""
    spans = in_force([(one.number, one.effective_from, one.expires_on) for one in versions])
    address = policy_address(versions[0].policy.slug)
    return [
        VersionLink(span.number, span.first, span.last, span.on(day), f"{address}?version={span.number}")
        for span in reversed(spans)
    ]


def cited_clause(key: str) -> ClauseVersion | None:
    """Return the newest version of the clause with the key "policy/clause" (see `clause_choices`); None if unknown."""
    slug, _slash, uid = key.partition("/")
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    versions = ClauseVersion.objects.filter(clause__policy__slug=slug, clause__uid=wanted)
    return versions.select_related("clause__policy").order_by("-number").first()


def newest_clauses() -> QuerySet[ClauseVersion]:
    """Return each clause that stands in its policy's newest version, as it reads there, by policy and place."""
    versions = PolicyVersion.objects.filter(policy=OuterRef("policy_version__policy"))
    newest = versions.order_by("-number").values("pk")[:1]
    placed = ClausePlacement.objects.filter(clause_version=OuterRef("pk"), policy_version=Subquery(newest))
    return (
        ClauseVersion.objects.annotate(place=Subquery(placed.values("position")[:1]))
        .exclude(place=None)
        .select_related("clause__policy")
        .order_by("clause__policy__slug", "place")
    )


def search_clauses(words: str, most: int) -> list[ClauseVersion]:
    """Return clauses of the newest versions that have all the words, in any language, each with its `policy_title`.

    Looked for in the clause's number, heading and text and in the policy's title; characters stand inside sentences.
    """
    found = _with_titles(newest_clauses())
    for word in words.split():
        either = Q()
        for language, _name in settings.LANGUAGES:
            for name in ("label", "heading", "text", "policy_title"):
                either |= Q(**{f"{name}__{language}__icontains": word})
        found = found.filter(either)
    return list(found[:most])


def cited_clauses(ids: Iterable[str]) -> list[ClauseVersion]:
    """Return clause versions by their ids as a form sends them, once each, with `policy_title`; unknown ones fall."""
    wanted = {int(one) for one in ids if one.isdecimal() and len(one) < 10}
    found = ClauseVersion.objects.filter(pk__in=wanted).select_related("clause__policy")
    return list(_with_titles(found).order_by("clause__policy__slug", "pk"))


def clauses_on(clauses: Iterable[int], day: date) -> dict[int, ClausePlacement]:
    """Return how these clauses read on `day`, by their ids, placed in its policy; one not in force is left out."""
    placements = ClausePlacement.objects.filter(
        clause_version__clause__in=list(clauses), policy_version__in=PolicyVersion.objects.in_force(day)
    ).select_related("clause_version__clause", "policy_version__policy")
    return {placement.clause_version.clause_id: placement for placement in placements}


def _with_titles(clauses: QuerySet[ClauseVersion]) -> QuerySet[ClauseVersion]:
    versions = PolicyVersion.objects.filter(policy=OuterRef("clause__policy")).order_by("-number")
    return clauses.annotate(policy_title=Subquery(versions.values("title")[:1]))


def clause_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the clauses of each policy's newest version as grouped choices: "policy/clause" and its words."""
    versions = PolicyVersion.objects.order_by("number").values_list("policy", "title")
    titles = {policy: text_in(title) for policy, title in versions}
    groups: dict[str, list[tuple[str, str]]] = {}
    for version in newest_clauses():
        policy = version.clause.policy
        key = f"{policy.slug}/{version.clause.uid}"
        groups.setdefault(titles[policy.pk], []).append((key, str(version)))
    return list(groups.items())


def _policy_text(
    version: PolicyVersion,
    day: date,
    coming: date | None = None,
    clauses: Sequence[ClauseText] = (),
    versions: Sequence[VersionLink] = (),
) -> PolicyText:
    ended = version.expires_on is not None and version.expires_on < day
    replaced = any(one.number == version.number and one.state is not State.IN_FORCE for one in versions)
    return PolicyText(
        title=text_in(version.title),
        issuer=text_in(version.issuer),
        summary=text_in(version.summary),
        document_number=version.document_number,
        effective_from=version.effective_from,
        expires_on=version.expires_on,
        number=version.number,
        slug=version.policy.slug,
        in_force=version.effective_from <= day and not ended and not replaced,
        coming=coming,
        said_in=language_of(version.title),
        versions=versions,
        clauses=clauses,
    )
