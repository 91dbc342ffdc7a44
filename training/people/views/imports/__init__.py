"""The screens of lists that come in and go out."""

from .files import export, rejects, template
from .overview import overview, past
from .runs import apply, columns, discard, run
from .upload import upload

__all__ = ["apply", "columns", "discard", "export", "overview", "past", "rejects", "run", "template", "upload"]
