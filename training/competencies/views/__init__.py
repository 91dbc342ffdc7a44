"""The screens of competencies: one's own, the matrix, positions with their targets."""

from .matrix import cell, department, department_export, matrix, matrix_export, mine, profile
from .positions import change_targets, positions, targets

__all__ = [
    "cell",
    "change_targets",
    "department",
    "department_export",
    "matrix",
    "matrix_export",
    "mine",
    "positions",
    "profile",
    "targets",
]
