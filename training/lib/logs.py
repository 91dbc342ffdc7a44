"""Log lines that stay one line each, whatever somebody put into an address or a name."""

import logging
import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """Writes a record as one line: control characters of what was told are spelt out, such as ``\\n``.

    Only the traceback of an error, which no visitor writes, follows on lines of its own, each set in.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the name logging gave it
        return one_line(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802  # the name logging gave it
        lines = super().formatException(ei).splitlines()  # type: ignore[arg-type]  # as the base class has it
        return "\n".join(f"    {one_line(line)}" for line in lines)


def one_line(text: str) -> str:
    """Return the text with its control characters spelt out."""
    return CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
