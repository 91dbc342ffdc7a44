"""Reads of policies, matters and bundles, from the records."""

from .citations import CitationState, with_citation_state
from .clauses import ClauseHistory, TextOfClause, clause_history, compare_texts
from .matters import (
    latest_bundle,
    latest_matter,
    legal_basis,
    matter_choices,
    matters_by_department,
    published_bundles,
    versions_of_bundle,
    versions_of_matter,
)
from .policies import (
    ClauseText,
    PolicyText,
    cited_clause,
    cited_clauses,
    clause_address,
    clause_anchor,
    clause_choices,
    clauses_on,
    newest_clauses,
    policies_on,
    policy_address,
    policy_text,
    search_clauses,
)

__all__ = [
    "CitationState",
    "ClauseHistory",
    "ClauseText",
    "PolicyText",
    "TextOfClause",
    "cited_clause",
    "cited_clauses",
    "clause_address",
    "clause_anchor",
    "clause_choices",
    "clause_history",
    "clauses_on",
    "compare_texts",
    "latest_bundle",
    "latest_matter",
    "legal_basis",
    "matter_choices",
    "matters_by_department",
    "newest_clauses",
    "policies_on",
    "policy_address",
    "policy_text",
    "published_bundles",
    "search_clauses",
    "versions_of_bundle",
    "versions_of_matter",
    "with_citation_state",
]
