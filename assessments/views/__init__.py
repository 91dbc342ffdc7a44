"""Screens of exams, by who uses them when."""
