"""Registers the app, and the list of sessions as it is kept here."""

from allauth.account.signals import user_logged_in
from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig

from training.lib.texts import source_language


class PeopleConfig(AppConfig):
    default = True
    name = "training.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .models import Centre  # models are loaded by now

        source_language.ask = Centre.chosen_language


class LoggedSessionsConfig(UserSessionsConfig):
    """Left to itself the list asks after every session somebody ever had when they sign in, and forgets what is over.

    Here a sign-in is one row (`services.session_begun`) that stays as long as the retention rule says.
    """

    default = False

    def ready(self) -> None:
        super().ready()
        from allauth.usersessions.signals import on_user_logged_in  # its models are loaded by now

        user_logged_in.disconnect(receiver=on_user_logged_in)
