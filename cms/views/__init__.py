"""The home page, the desk, a person's page, the set-up, what editors keep; what stands in place of Wagtail's own."""

from .citations import dependents, stale_citations
from .clause_links import choose_clause
from .lesson_files import delete_lesson_file, lesson_files
from .pages import desk, home, to_login, to_logout, to_profile
from .person import leave, person
from .policy_imports import (
    discard_policy_import,
    policy_import,
    policy_import_row,
    policy_imports,
    take_policy_import,
)
from .search import search
from .setup import setup, setup_step

__all__ = [
    "choose_clause",
    "delete_lesson_file",
    "dependents",
    "desk",
    "discard_policy_import",
    "home",
    "leave",
    "lesson_files",
    "person",
    "policy_import",
    "policy_import_row",
    "policy_imports",
    "search",
    "setup",
    "setup_step",
    "stale_citations",
    "take_policy_import",
    "to_login",
    "to_logout",
    "to_profile",
]
