"""Registers the app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "training.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"
