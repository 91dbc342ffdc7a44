"""Registers the app."""

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    name = "training.competencies"
    label = "competencies"
    default_auto_field = "django.db.models.BigAutoField"
