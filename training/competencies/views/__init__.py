"""The screens of competencies: one's own, the matrix, positions with their targets."""

from .how import how
from .matrix import cell, matrix, matrix_export, mine, profile
from .people import department, department_export, section, section_export
from .positions import change_targets, positions, targets

__all__ = [
    "cell",
    "change_targets",
    "department",
    "department_export",
    "how",
    "matrix",
    "matrix_export",
    "mine",
    "positions",
    "profile",
    "section",
    "section_export",
    "targets",
]
