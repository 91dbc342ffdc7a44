"""Several long-running programs as one: the end of any is the end of all, and none outlives the supervisor."""

import ctypes
import errno
import io
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

PR_SET_PDEATHSIG = 1
SECONDS_TO_STOP = 10.0
LAST_LINES = 20


@dataclass(frozen=True)
class Program:
    """A command and the name that its lines and its death are reported under."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Death:
    """One of the programs ended though nobody asked it to."""

    program: Program
    code: int
    last_lines: Sequence[str]


@dataclass(frozen=True)
class Request:
    """Somebody asked the supervisor to stop, by this signal."""

    signum: int


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[str]
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))

    def follow(self, out: TextIO) -> None:
        """Passes each line on under the program's name, and keeps the last ones."""
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.last_lines.append(line.rstrip())
                out.write(f"{self.program.name:>6} | {line.rstrip()}\n")
                out.flush()

    def wait_unreaped(self) -> None:
        """Returns when the program has ended; its number stays taken, so that its group can still be signalled."""
        with suppress(ChildProcessError):  # another thread was quicker to see it end, and reaped it
            os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)

    def signal_group(self, signum: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signum)


def supervise(
    programs: Sequence[Program],
    *,
    out: TextIO,
    environment: Mapping[str, str] | None = None,
    seconds_to_stop: float = SECONDS_TO_STOP,
) -> Death | Request:
    """Runs the programs until one of them ends or SIGINT, SIGTERM or SIGHUP arrives, then ends all of them.

    Each runs in a process group of its own, which gets SIGTERM and, after `seconds_to_stop`, SIGKILL. Must be called
    from the main thread. Returns what brought the end about.
    """
    events: queue.SimpleQueue[_Child | Request] = queue.SimpleQueue()
    with _signals_as_requests(events):
        children = _start_all(programs, environment)
        # Threads only after the last fork: a fork copies locks that another thread holds.
        readers = [_in_background(child.follow, out) for child in children]
        watchers = [_in_background(_report_end, child, events) for child in children]
        try:
            event = events.get()
        finally:
            _stop(children, seconds_to_stop)
    for thread in readers + watchers:
        thread.join(timeout=1)
    if isinstance(event, Request):
        return event
    return Death(event.program, event.process.returncode, tuple(event.last_lines))


@contextmanager
def _signals_as_requests(events: "queue.SimpleQueue[_Child | Request]") -> Iterator[None]:
    """While inside, the signals that ask for an end are put into the queue; a second one does not hurry the end."""

    def on_signal(signum: int, _frame: FrameType | None) -> None:
        events.put(Request(signum))

    before = {signum: signal.signal(signum, on_signal) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _start_all(programs: Sequence[Program], environment: Mapping[str, str] | None) -> list[_Child]:
    """All of them, or none: when one cannot be started, those before it are ended again."""
    children: list[_Child] = []
    try:
        for program in programs:
            children.append(_start(program, environment))
    except OSError:
        _stop(children, SECONDS_TO_STOP)
        for child in children:
            child.follow(io.StringIO())
        raise
    return children


def _start(program: Program, environment: Mapping[str, str] | None) -> _Child:
    process = subprocess.Popen(
        program.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        bufsize=1,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    return _Child(program, process)


def die_with_parent(signum: int) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends the child this signal when we die, kill -9 included. None outside Linux."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_the_kernel


def _in_background(work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def _report_end(child: _Child, events: "queue.SimpleQueue[_Child | Request]") -> None:
    child.wait_unreaped()
    events.put(child)


def _stop(children: Sequence[_Child], seconds: float) -> None:
    """Ends every child's whole group, politely first; reaps the children."""
    for child in children:
        child.signal_group(signal.SIGTERM)
    patience = threading.Timer(seconds, lambda: [child.signal_group(signal.SIGKILL) for child in children])
    patience.start()
    for child in children:
        child.wait_unreaped()
    patience.cancel()
    for child in children:
        child.signal_group(signal.SIGKILL)  # what a child that died badly left behind
        child.process.wait()


def port_is_taken(host: str, port: int) -> bool:
    """Whether a program listens there; connections that linger from an earlier start do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
