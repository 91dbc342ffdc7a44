"""Registers the app."""

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    name = "training.accountability"
    label = "accountability"
    default_auto_field = "django.db.models.BigAutoField"
