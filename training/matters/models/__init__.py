"""Policies, clauses, service matters, bundles, and which window serves what."""

from .bundles import Bundle, BundleMaterial, BundleMember, BundleStep, BundleVersion
from .matters import (
    LegalBasis,
    LimitUnit,
    MatterCondition,
    MatterMaterial,
    MatterQuestion,
    MatterStep,
    MatterSystem,
    MatterVersion,
    ServiceMatter,
    WindowMatter,
)
from .policies import Citation, Clause, ClausePlacement, ClauseVersion, Grade, Policy, PolicyVersion

__all__ = [
    "Bundle",
    "BundleMaterial",
    "BundleMember",
    "BundleStep",
    "BundleVersion",
    "Citation",
    "Clause",
    "ClausePlacement",
    "ClauseVersion",
    "Grade",
    "LegalBasis",
    "LimitUnit",
    "MatterCondition",
    "MatterMaterial",
    "MatterQuestion",
    "MatterStep",
    "MatterSystem",
    "MatterVersion",
    "Policy",
    "PolicyVersion",
    "ServiceMatter",
    "WindowMatter",
]
