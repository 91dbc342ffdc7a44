"""Registers the app and its checks."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "training.lib"
    label = "lib"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # importing registers the check
