"""`make bench`: builds a demo centre of BENCH_STAFF people and prints the median time and the queries of each page."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 25
PEER_MS = {
    "desk": 127,
    "course": 88,
    "lesson": 70,
    "my competencies": 106,
    "matrix, roll-up": None,
    "matrix, people": 172,
    "staff list": None,
    "exam page": 89,
}


def main() -> None:
    from tests.benchmarks import scoring

    scoring.main()
    staff = os.environ.get("BENCH_STAFF", "120")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VAR_DIR=folder, DJANGO_SETTINGS_MODULE="training.settings.dev")
        manage("migrate", "-v0")
        manage("collectstatic", "--no-input", "-v0")
        print(f"demo of {staff} people built in {seconds(lambda: manage('build_demo', '--staff', staff)):.1f} s")
        import django

        django.setup()
        measure_pages()


def manage(*words: str) -> None:
    subprocess.run([sys.executable, ROOT / "manage.py", *words], check=True, stdout=subprocess.DEVNULL)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure_pages() -> None:
    """Ask for each page as the person it is made for; the first time warms up and is not counted."""
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    print(f"{'page':22}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}{'peer p50':>10}")
    for name, client, address in pages():
        client.get(address)
        queries = queries_of(partial(client.get, address))
        times = sorted(1000 * seconds(partial(client.get, address)) for _round in range(ROUNDS))
        peer = PEER_MS.get(name) or "-"
        print(f"{name:22}{statistics.median(times):8.1f}{times[int(ROUNDS * 0.95)]:8.1f}{queries:9}{peer:>10}")


def pages() -> Iterator[tuple[str, Any, str]]:
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from assessments.models import Exam
    from assessments.services import start_attempt
    from courses.models import Course
    from training.people.models import User

    def signed_in(number: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(staff_number=number))
        return client

    clerk, hr = signed_in("clerk"), signed_in("hr")
    course = Course.objects.get(slug="one-time-notice-first-asked")
    lesson = course.units.order_by("pk").first()
    yield "desk", clerk, reverse("cms:desk")
    yield "course", clerk, reverse("courses:course", args=[course.slug])
    yield "lesson", clerk, reverse("courses:section", args=[course.slug, lesson.slug, 1])
    yield "my competencies", clerk, reverse("competencies:mine")
    yield "matrix, roll-up", hr, reverse("competencies:matrix")
    yield "matrix, people", hr, reverse("competencies:department", args=["market"])
    yield "staff list", hr, reverse("people:staff")
    sitter = User.objects.get(staff_number="clerk2")
    now = timezone.now()
    attempt = start_attempt(person=sitter, exam=Exam.objects.get(), now=now, language="en")
    yield "exam page", signed_in("clerk2"), reverse("assessments:question", args=[attempt.pk, 1])


def queries_of(work: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


if __name__ == "__main__":
    main()
