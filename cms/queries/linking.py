"""The clauses words of a lesson may lead to."""

from dataclasses import dataclass

from training.lib.texts import text_in
from training.matters.queries import ClauseText, clause_anchor, policy_address, search_clauses


@dataclass(frozen=True)
class ClauseToLink:
    """A clause as it reads in its policy's newest version; `key` is what a link keeps of it."""

    key: str
    name: str
    policy: str
    text: str
    url: str


def clauses_to_link(words: str, most: int) -> list[ClauseToLink]:
    """Return clauses that have all the words, in any language; with no words the first ones."""
    found = []
    for version in search_clauses(words, most):
        slug, uid = version.clause.policy.slug, version.clause.uid
        url = f"{policy_address(slug)}#{clause_anchor(uid)}"
        text, policy = ClauseText.of(version).text, text_in(version.policy_title)
        found.append(ClauseToLink(f"{slug}/{uid}", str(version), policy, text, url))
    return found
