"""The check that what the tick is to run exists and says how often."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from .rules import schedule


@register("tick")
def every_tick_task_can_run(**_options: Any) -> list[CheckMessage]:
    """Return an error for a task that cannot be imported, or an interval that nobody understands."""
    try:
        names = [one.task for one in schedule(settings.TICK_TASKS)]
    except (TypeError, ValueError) as wrong:
        return [Error(f"TICK_TASKS: {wrong}", id="tick.E001")]
    return [
        Error(f"TICK_TASKS: {name} cannot be imported.", id="tick.E002") for name in names if not _is_importable(name)
    ]


def _is_importable(name: str) -> bool:
    try:
        return callable(import_string(name))
    except ImportError:
        return False
