"""Registers the app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "training.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
