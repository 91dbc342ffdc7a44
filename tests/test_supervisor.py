"""The supervisor: one end for all, the reason told, nobody left behind."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from training.operations.supervisor import Death, Program, Request, port_is_taken, supervise

FOREVER = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def python(name: str, source: str) -> Program:
    return Program(name, [sys.executable, "-c", source])


def noting_its_number(path: Path) -> str:
    """Source that writes its process number down, whole or not at all, and then runs for ever."""
    return f"""
import os
with open({f"{path}.part"!r}, "w") as file:
    file.write(str(os.getpid()))
os.rename({f"{path}.part"!r}, {str(path)!r})
{FOREVER}
"""


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether it runs: a zombie that nobody reaped yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def send_when(condition: Callable[[], object], signum: int) -> None:
    """Signals this process, as a terminal or an init system would, once the condition holds."""

    def work() -> None:
        wait_for(condition)
        os.kill(os.getpid(), signum)

    threading.Thread(target=work, daemon=True).start()


def test_the_death_of_one_ends_the_others_and_tells_its_last_lines(tmp_path: Path) -> None:
    survivor = tmp_path / "survivor"
    dying = f"""
import os, sys, time
while not os.path.exists({str(survivor)!r}): time.sleep(0.02)
for number in range(30): print('line', number)
print('no database', file=sys.stderr); sys.exit(3)
"""
    out = io.StringIO()

    end = supervise([python("web", noting_its_number(survivor)), python("worker", dying)], out=out)

    assert isinstance(end, Death)
    assert (end.program.name, end.code) == ("worker", 3)
    assert end.last_lines[-1] == "no database"
    assert len(end.last_lines) == 20
    assert "worker | line 0\n" in out.getvalue()
    assert not is_alive(int(survivor.read_text()))


def test_an_end_without_an_error_is_a_death_too() -> None:
    end = supervise([python("web", FOREVER), python("tick", "pass")], out=io.StringIO())

    assert isinstance(end, Death)
    assert (end.program.name, end.code, end.last_lines) == ("tick", 0, ())


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all(tmp_path: Path, signum: int) -> None:
    numbers = [tmp_path / "one", tmp_path / "two"]
    send_when(lambda: all(path.exists() for path in numbers), signum)
    handlers = [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]

    end = supervise([python(path.name, noting_its_number(path)) for path in numbers], out=io.StringIO())

    assert end == Request(signum)
    assert not any(is_alive(int(path.read_text())) for path in numbers)
    assert handlers == [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]


def test_who_does_not_listen_is_killed() -> None:
    out = io.StringIO()
    send_when(lambda: "deaf" in out.getvalue(), signal.SIGTERM)

    started = time.monotonic()
    end = supervise([python("web", DEAF)], out=out, seconds_to_stop=0.3)

    assert end == Request(signal.SIGTERM)
    assert time.monotonic() - started < 10


def test_what_a_dead_program_left_behind_is_ended(tmp_path: Path) -> None:
    grandchild = tmp_path / "grandchild"
    source = f"""
import os, subprocess, sys, time
subprocess.Popen([sys.executable, '-c', {noting_its_number(grandchild)!r}])
while not os.path.exists({str(grandchild)!r}): time.sleep(0.02)
os.kill(os.getpid(), 9)
"""
    end = supervise([python("web", source)], out=io.StringIO())

    assert isinstance(end, Death)
    assert end.code == -signal.SIGKILL
    wait_for(lambda: not is_alive(int(grandchild.read_text())))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    number = tmp_path / "child"
    source = f"""
import sys
from training.operations.supervisor import Program, supervise
supervise([Program('web', [sys.executable, '-c', {noting_its_number(number)!r}])], out=sys.stdout)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", source])
    wait_for(number.exists)

    supervisor.kill()
    supervisor.wait()

    wait_for(lambda: not is_alive(int(number.read_text())))


def test_a_command_that_does_not_exist_leaves_nobody_behind(tmp_path: Path) -> None:
    number = tmp_path / "child"
    programs: Sequence[Program] = [python("web", noting_its_number(number)), Program("worker", ["/no/such/program"])]

    with pytest.raises(FileNotFoundError):
        supervise(programs, out=io.StringIO())

    assert not number.exists() or not is_alive(int(number.read_text()))


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert port_is_taken("127.0.0.1", port)
    assert not port_is_taken("127.0.0.1", port)
