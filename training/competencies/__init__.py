"""Frameworks, targets, evidence, proficiency and the matrix."""
