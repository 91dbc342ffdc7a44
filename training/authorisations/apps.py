"""Registers the app."""

from django.apps import AppConfig


class AuthorisationsConfig(AppConfig):
    name = "training.authorisations"
    label = "authorisations"
    default_auto_field = "django.db.models.BigAutoField"
