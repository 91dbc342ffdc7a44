"""How long a thread that only reports waits for the database."""

from django.db import connection

MILLISECONDS = 1000


def wait_only_briefly() -> None:
    """Let this thread's writes give up soon where SQLite's one writer is busy: the next report makes up for them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {MILLISECONDS}")
