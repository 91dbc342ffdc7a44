"""The world of the access tests, for what is read in it."""

from tests.access.conftest import clients, untouched, world

__all__ = ["clients", "untouched", "world"]
