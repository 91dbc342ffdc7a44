"""Reads that need pages or several apps: what a text may be taken into, what cites clauses, who depends on one."""

from .citing import Citing, citing, old_in_lesson, old_in_matter
from .dependents import Dependents, dependents_of
from .linking import ClauseToLink, clauses_to_link
from .policy_imports import KnownClauses, Target, imports_of, known_clauses, targets

__all__ = [
    "Citing",
    "ClauseToLink",
    "Dependents",
    "KnownClauses",
    "Target",
    "citing",
    "clauses_to_link",
    "dependents_of",
    "imports_of",
    "known_clauses",
    "old_in_lesson",
    "old_in_matter",
    "targets",
]
