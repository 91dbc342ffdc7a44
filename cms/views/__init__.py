"""The home page, the desk, the set-up assistant, and what stands in the place of Wagtail's own login and account."""

from .pages import desk, home, to_login, to_logout, to_profile
from .setup import setup, setup_step

__all__ = ["desk", "home", "setup", "setup_step", "to_login", "to_logout", "to_profile"]
