"""Evidence and the estimate made from it; what positions ask for."""

from .evidence import AlreadyVoided, NewEvidence, record_evidence, record_export, refresh, void_evidence
from .targets import TargetError, set_targets

__all__ = [
    "AlreadyVoided",
    "NewEvidence",
    "TargetError",
    "record_evidence",
    "record_export",
    "refresh",
    "set_targets",
    "void_evidence",
]
