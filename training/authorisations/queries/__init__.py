"""Reading the ledger: verdicts for one person and matter, and the roster against what windows serve."""

from .verdicts import Scope, Verdict, last_day, may_handle, scope_on

__all__ = ["Scope", "Verdict", "last_day", "may_handle", "scope_on"]
