"""What the exam's script says, in the reader's language."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext


def page_words() -> dict[str, Any]:
    """Return the sentences of the script by name; {places} are filled in by it."""
    return {"csrf_cookie": settings.CSRF_COOKIE_NAME, **_sentences(get_language() or settings.LANGUAGE_CODE)}


@cache
def _sentences(_language: str) -> dict[str, str]:
    return {
        "saving": gettext("Saving…"),
        "saved": gettext("Saved {time}"),
        "not_saved": gettext("Not saved: kept on this computer"),
        "hours_minutes": gettext("{hours} h {minutes} min"),
        "minutes": gettext("{minutes} min"),
        "seconds": gettext("{seconds} s"),
        "time_up": gettext("Time is up"),
        "minutes_left": gettext("{minutes} minutes left."),
        "one_minute_left": gettext("1 minute left."),
        "ends": gettext("ends {time}"),
        "hide_time": gettext("Hide time"),
        "show_time": gettext("Show time"),
        "hide": gettext("Hide"),
        "flag": gettext("Flag for later"),
        "unflag": gettext("Take the flag away"),
        "flagged": gettext("Flagged."),
        "not_flagged": gettext("Flag taken away."),
        "moved": gettext("{step}: place {place} of {total}."),
        "answered": gettext("Question {number}, answered"),
        "not_answered": gettext("Question {number}, not answered"),
        "not_seen": gettext("Question {number}, not seen"),
        "answered_flagged": gettext("Question {number}, flagged, answered"),
        "not_answered_flagged": gettext("Question {number}, flagged, not answered"),
        "not_seen_flagged": gettext("Question {number}, flagged, not seen"),
        "waits": gettext("Waiting for the connection, then the next question comes."),
        "title": gettext("Question {number} of {total}"),
        "lost_since": gettext("No connection since {time}."),
        "unsent_one": gettext("1 answer is still on its way to the server."),
        "unsent_many": gettext("{count} answers are still on their way to the server."),
    }
