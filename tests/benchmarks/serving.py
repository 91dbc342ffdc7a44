"""The platform as it is served: memory of a web worker after 1,000 mixed requests, and first loads in a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.system_packages import BROWSERS
from tests.benchmarks.measuring import ROOT, begin, figure, megabytes_of, newcomers, signed_in

REQUESTS = 1_000
DOM_NODES, MATRIX_NODES = 1_400, 6_000
FIRST_REQUESTS, FIRST_KILOBYTES, SCRIPT_KILOBYTES = 12, 150, 60


def main() -> None:
    begin()
    with served() as (address, worker):
        grow(address, worker)
        look(address)


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """Serve as `manage.py serve` does, with one worker; yields the address and the worker's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    words += ["--preload", "--no-control-socket", "--log-level", "warning"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "training.wsgi:application", *words],
        cwd=ROOT,
        env=os.environ | {"PUBLIC_URL": f"http://127.0.0.1:{port}"},
    )
    try:
        _wait_for(port)
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[:1]
        yield f"http://127.0.0.1:{port}", int(worker)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _try in range(300):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("The server did not answer within a minute.")


def grow(address: str, worker: int) -> None:
    """Ask for many pages of many kinds as several people."""
    from tests.benchmarks.pages import pages

    asked = [(path, client.cookies["sessionid"].value) for _name, client, path, _goal in pages()]
    first = 0.0
    begun = time.perf_counter()
    for number in range(REQUESTS):
        path, session = asked[number % len(asked)]
        request = urllib.request.Request(address + path, headers={"Cookie": f"sessionid={session}"})  # noqa: S310 - ours
        with urllib.request.urlopen(request) as response:  # noqa: S310 - ours
            response.read()
        if number == len(asked):
            first = megabytes_of(worker)
    figure("a web worker after the first round", first, "MB")
    figure(f"  after {REQUESTS:,} mixed requests", megabytes_of(worker), "MB", "under 250 MB")
    figure("  requests in a second, one client", REQUESTS / (time.perf_counter() - begun), "")


def look(address: str) -> None:
    """Open pages in a browser that has nothing kept: requests, kilobytes as sent, nodes."""
    from playwright.sync_api import sync_playwright

    print(f"{'first load in a browser':34}{'requests':>9}{'KB':>8}{'script KB':>11}{'nodes':>8}")
    pages_to_open = list(first_loads())  # inside Playwright's event loop Django would refuse to ask the database
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        for name, session, path, nodes in pages_to_open:
            context = browser.new_context(base_url=address)
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            _first_load(context.new_page(), name, path, nodes)
            context.close()
        browser.close()
    goal = f"{FIRST_REQUESTS:9}{FIRST_KILOBYTES:8}{SCRIPT_KILOBYTES:11}"
    print(f"{'goal':34}{goal}{DOM_NODES:8} (a matrix page {MATRIX_NODES})")


def _browser() -> str:
    return next(filter(None, map(shutil.which, BROWSERS)))


def _first_load(page: Any, name: str, path: str, most_nodes: int) -> None:
    answers: list[tuple[str, int]] = []
    page.on("requestfinished", lambda request: answers.append(_size(request)))
    page.goto(path, wait_until="networkidle")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    kilobytes = sum(size for _kind, size in answers) / 1024
    script = sum(size for kind, size in answers if kind == "script") / 1024
    over = len(answers) > FIRST_REQUESTS or kilobytes > FIRST_KILOBYTES or nodes > most_nodes
    print(f"{name:34}{len(answers):9}{kilobytes:8.0f}{script:11.0f}{nodes:8}{' !' if over else ''}", flush=True)


def _size(request: Any) -> tuple[str, int]:
    sizes = request.sizes()
    return request.resource_type, sizes["responseBodySize"] + sizes["responseHeadersSize"]


def first_loads() -> Iterator[tuple[str, str, str, int]]:
    from django.urls import reverse
    from django.utils import timezone

    from assessments.models import Attempt, Entitlement, Exam
    from assessments.services import start_attempt
    from tests.benchmarks.pages import pages

    for name, client, path, _goal in pages():
        yield name, client.cookies["sessionid"].value, path, MATRIX_NODES if "matrix" in name else DOM_NODES
    exam, now = Exam.objects.filter(is_open=True).order_by("pk").first(), timezone.now()
    (sitter,) = newcomers(1)
    Entitlement.objects.create(person=sitter, exam=exam, why={"en": "Benchmark"}, granted_at=now)
    attempt: Attempt = start_attempt(person=sitter, exam=exam, now=now, language="en")
    session = signed_in(sitter.staff_number).cookies["sessionid"].value
    yield "exam page", session, reverse("assessments:question", args=[attempt.pk, 1]), DOM_NODES


if __name__ == "__main__":
    main()
