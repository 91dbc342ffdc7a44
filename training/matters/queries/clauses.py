"""One clause through all its texts: from when until when each was in force, where it came from, what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from training.lib.diffs import Passage, passages
from training.lib.texts import text_in
from training.matters.models import Clause, ClausePlacement, ClauseVersion, PolicyVersion
from training.matters.rules import InForce, State, in_force

from .policies import ClauseText, clause_address, policy_address


@dataclass(frozen=True)
class TextOfClause:
    """One text of a clause: which versions of its policy have it, and what it is today."""

    number: int
    text: ClauseText
    policy_versions: Sequence[int]
    first: date | None
    last: date | None
    state: State
    grade: str


@dataclass(frozen=True)
class Relative:
    """A clause of the same or another policy that this one came from, or that came from it."""

    words: str
    policy: str
    url: str


@dataclass(frozen=True)
class ClauseHistory:
    """A clause with all its texts, the newest first; `is_gone` says that the policy's newest version has it no more."""

    clause: Clause
    policy_title: str
    policy_url: str
    texts: Sequence[TextOfClause]
    comes_from: Sequence[Relative]
    went_into: Sequence[Relative]
    is_gone: bool

    @property
    def now(self) -> TextOfClause | None:
        """The text in force today."""
        return next((text for text in self.texts if text.state is State.IN_FORCE), None)

    def text(self, number: int) -> TextOfClause | None:
        return next((text for text in self.texts if text.number == number), None)


def clause_history(slug: str, uid: UUID, today: date) -> ClauseHistory | None:
    """Return a clause with its texts as they are today, in the reader's language; None for none of that id."""
    clause = Clause.objects.filter(policy__slug=slug, uid=uid).select_related("policy").first()
    if clause is None:
        return None
    published = list(PolicyVersion.objects.filter(policy=clause.policy).order_by("number"))
    days = in_force([(one.number, one.effective_from, one.expires_on) for one in published])
    by_number = {one.number: one for one in days}
    placed: dict[int, list[int]] = defaultdict(list)
    rows = ClausePlacement.objects.filter(clause_version__clause=clause).order_by("policy_version__number")
    for version, number in rows.values_list("clause_version", "policy_version__number"):
        placed[version].append(number)
    versions = clause.versions.select_related("clause__policy").order_by("-number")
    texts = [_text(version, [by_number[n] for n in placed[version.pk]], today) for version in versions]
    newest = published[-1].number if published else None
    parents = ClauseVersion.objects.filter(clauseversion__clause=clause)
    children = ClauseVersion.objects.filter(derived_from__clause=clause)
    return ClauseHistory(
        clause=clause,
        policy_title=text_in(published[-1].title) if published else slug,
        policy_url=policy_address(slug),
        texts=texts,
        comes_from=_relatives(parents),
        went_into=_relatives(children),
        is_gone=all(newest not in numbers for numbers in placed.values()),
    )


def compare_texts(old: TextOfClause, new: TextOfClause) -> list[tuple[str, Sequence[Passage]]]:
    """Return what differs as ("label" | "heading" | "text", passages), in that order."""
    found = []
    for name in ("label", "heading", "text"):
        before, after = getattr(old.text, name), getattr(new.text, name)
        if before != after:
            found.append((name, passages(before, after)))
    return found


def _text(version: ClauseVersion, spans: Sequence[InForce], today: date) -> TextOfClause:
    """Return a text with its days: those of all policy versions that have it, which follow each other."""
    counted = [span for span in spans if span.on(today) is not State.NEVER] or list(spans)
    states = {span.on(today) for span in counted}
    state = next((one for one in (State.IN_FORCE, State.COMING, State.PAST) if one in states), State.NEVER)
    lasts = [span.last for span in counted]
    return TextOfClause(
        number=version.number,
        text=ClauseText.of(version),
        policy_versions=[span.number for span in spans],
        first=min((span.first for span in counted), default=None),
        last=None if None in lasts else max((last for last in lasts if last), default=None),
        state=state,
        grade=version.get_grade_display(),
    )


def _relatives(versions: "QuerySet[ClauseVersion]") -> list[Relative]:
    newest = PolicyVersion.objects.filter(policy=OuterRef("clause__policy")).order_by("-number")
    found = (
        versions.distinct()
        .select_related("clause__policy")
        .annotate(policy_title=Subquery(newest.values("title")[:1]))
        .order_by("clause__policy__slug", "pk")
    )
    return [
        Relative(str(one), text_in(one.policy_title), clause_address(one.clause.policy.slug, one.clause.uid))
        for one in found
    ]
