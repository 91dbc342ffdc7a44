"""Courses and units as records, enrolment, progress, requirements."""
