"""Recording what was done, starting and ending jobs, running the tick, clearing up after the dead and the old."""

from .audit import Actor, Event, record, record_many, record_reading
from .jobs import (
    RUN_JOB,
    AlreadyEnded,
    Ending,
    NotEnded,
    cancel_job,
    claim,
    finish,
    open_file,
    retry_failed,
    retry_job,
    start_job,
)
from .processes import say_alive, say_goodbye
from .pruning import prune
from .reaping import reap
from .redacting import redact, redact_some, redactable
from .tick import renew_locks, run_tick

__all__ = [
    "RUN_JOB",
    "Actor",
    "AlreadyEnded",
    "Ending",
    "Event",
    "NotEnded",
    "cancel_job",
    "claim",
    "finish",
    "open_file",
    "prune",
    "reap",
    "record",
    "record_many",
    "record_reading",
    "redact",
    "redact_some",
    "redactable",
    "renew_locks",
    "retry_failed",
    "retry_job",
    "run_tick",
    "say_alive",
    "say_goodbye",
    "start_job",
]
