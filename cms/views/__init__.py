"""The home page, the desk, a person's page, the set-up; what stands in place of Wagtail's login and account."""

from .pages import desk, home, to_login, to_logout, to_profile
from .person import leave, person
from .setup import setup, setup_step

__all__ = ["desk", "home", "leave", "person", "setup", "setup_step", "to_login", "to_logout", "to_profile"]
