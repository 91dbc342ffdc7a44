"""Recording what was done, starting and ending jobs, running the tick."""

from .audit import Actor, Event, record, record_many
from .jobs import RUN_JOB, AlreadyEnded, Ending, NotEnded, cancel_job, claim, finish, open_file, retry_job, start_job
from .tick import run_tick

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
    "record",
    "record_many",
    "retry_job",
    "run_tick",
    "start_job",
]
