"""What is done to the installation as a whole: its first set-up."""

from .first_run import is_empty, is_setup_code, needs_code, set_up, setup_code

__all__ = ["is_empty", "is_setup_code", "needs_code", "set_up", "setup_code"]
