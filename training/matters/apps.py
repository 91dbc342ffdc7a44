"""Registers the app."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "training.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"
