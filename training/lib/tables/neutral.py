"""Keeps text in an exported table from being run as a formula by the program that opens it."""

import re

# What spreadsheet programs take for the start of a formula, also after blanks and in full width. Leading apostrophes
# are matched too, so that `restored` takes away exactly what `neutralised` added.
LIVE = re.compile(r"'*[\s\x00-\x20\ufeff\u200b]*[=+\-@|＝＋－＠\t\r\n]")


def neutralised(text: str) -> str:
    """The text for a CSV cell, with an apostrophe before it when a spreadsheet program might run it."""
    return f"'{text}" if LIVE.match(text) else text


def unambiguous(text: str) -> str:
    """The text for an XLSX cell, where no text runs: only an apostrophe that `restored` would take away is doubled."""
    return neutralised(text) if text.startswith("'") else text


def restored(text: str) -> str:
    """The text as it was before `neutralised` or `unambiguous`."""
    return text[1:] if text.startswith("'") and LIVE.match(text, 1) else text
