"""Reads of coaching for screens and the desk."""

from .todo import todo

__all__ = ["todo"]
