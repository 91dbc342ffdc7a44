"""A worker or a tick says every ten seconds that it lives, from a thread of its own, however long its work takes.

The worker's loop could not do it: it is inside a job for minutes. Nor could a small job sent by the tick: it would wait
behind a long one, and a worker that is busy would look like one that is dead.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from uuid import uuid4

from django.db import Error, connection
from django.utils import timezone

from training import VERSION
from training.operations import services
from training.operations.models import Process
from training.operations.patience import wait_only_briefly

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_SIGNS = 10.0


def this_process(kind: str) -> Process:
    """Return the row, not yet written, of this process under a name that no other has or had."""
    host = socket.gethostname()[:20]
    name = f"{kind}-{host}-{os.getpid()}-{uuid4().hex[:8]}"
    now = timezone.now()
    return Process(kind=kind, name=name, host=host, number=os.getpid(), version=VERSION, started_at=now, seen_at=now)


@contextmanager
def present(process: Process, *, also: Callable[[datetime], None] | None = None) -> Iterator[None]:
    """While inside, the process says that it lives, and does at each sign what `also` asks for."""
    over = threading.Event()
    thread = threading.Thread(target=_keep_saying, args=(process, over, also), daemon=True, name="presence")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _keep_saying(process: Process, over: threading.Event, also: Callable[[datetime], None] | None) -> None:
    try:
        while True:
            try:
                wait_only_briefly()
                services.say_alive(process=process, now=timezone.now())
                if also:
                    also(timezone.now())
            except Error as error:  # the next sign makes up for it
                logger.debug("sign of life of %s put off: %s", process.name, error)
                connection.close()
            if over.wait(SECONDS_BETWEEN_SIGNS):
                break
        with suppress(Error):
            services.say_goodbye(process=process)
    finally:
        connection.close()
