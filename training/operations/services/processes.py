"""Which workers and ticks live."""

from datetime import datetime

from training.operations.models import Process


def say_alive(*, process: Process, now: datetime) -> None:
    """Write that a process lives, whether or not it was heard of before."""
    process.seen_at = now
    facts = {name: getattr(process, name) for name in ("kind", "host", "number", "version", "started_at", "seen_at")}
    Process.objects.update_or_create(name=process.name, defaults=facts)


def say_goodbye(*, process: Process) -> None:
    """Forget a process that ends as it should, so that nobody looks for it."""
    Process.objects.filter(name=process.name).delete()
