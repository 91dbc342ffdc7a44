"""Codes as people write them into lists."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from training.lib.imports import Cells, shown

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
"""What may stand in an address, up to 20 characters."""


def code_in(cells: Cells, name: str = "code", known: Collection[str] = ()) -> str:
    """Return the code in a required cell; what is none, and not on record either, is a fault."""
    code = cells.required(name)
    if code and code not in known and not CODE.fullmatch(code):
        text = _("“%(value)s” is not a code: up to 20 letters, digits, - and _, beginning with a letter or digit.")
        cells.fault(name, text % {"value": shown(code)})
    return code
