"""A clause that a lesson cites, as it reads on the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from training.lib.diffs import Passage, passages
from training.lib.texts import text_in
from training.matters.models import ClauseVersion, PolicyVersion
from training.matters.queries import ClauseText, clause_address, clauses_on, policy_address


@dataclass(frozen=True)
class ClauseToday:
    """A clause in force; `changes` is what it says differently from what the lesson shows, if it does.

    One that is not in force any more has the words of the lesson.
    """

    clause: ClauseText
    policy: str
    address: str
    history: str
    since: date | None
    changes: Sequence[Passage]

    @property
    def in_force(self) -> bool:
        return self.since is not None


def clause_today(version: int, *, on: date) -> ClauseToday | None:
    """Return the clause of a clause version as it reads on a day; None for no such version."""
    cited = ClauseVersion.objects.filter(pk=version).select_related("clause__policy").first()
    if cited is None:
        return None
    clause = cited.clause
    placed = clauses_on({clause.pk}, on).get(clause.pk)
    shown = ClauseText.of(placed.clause_version if placed else cited)
    newest = placed.policy_version if placed else PolicyVersion.objects.filter(policy=clause.policy).latest("number")
    before = ClauseText.of(cited)
    return ClauseToday(
        shown,
        text_in(newest.title),
        f"{policy_address(clause.policy.slug)}#{shown.anchor}",
        clause_address(clause.policy.slug, clause.uid),
        placed.policy_version.effective_from if placed else None,
        passages(before.text, shown.text) if before.text != shown.text else (),
    )
