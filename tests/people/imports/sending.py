"""A staff list as HR sends it, and what comes of it."""

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import reverse

from training.operations.models import ImportRun

HEADER = "staff_number,name,latin_name,department,position,window,starts_on"


GOOD = "20418,李娜,Li Na,tax,clerk,7,2024-03-01"


BAD = "20419,王芳,Wang Fang,tax,cook,7,2024-03-01"


def staff_file(
    *lines: str, encoding: str = "utf-8", name: str = "staff.csv", header: str = HEADER
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([header, *lines]).encode(encoding))


def send(client: Client, file: SimpleUploadedFile, kind: str = "staff") -> HttpResponse:
    return client.post(reverse("people:import_kind", args=[kind]), {"file": file})


def latest() -> ImportRun:
    return ImportRun.objects.order_by("-uploaded_at").first()


def page_of(client: Client, run: ImportRun, **query: str) -> HttpResponse:
    return client.get(reverse("people:import_run", args=[run.pk]), query)


def sent(client: Client, *lines: str) -> HttpResponse:
    """Upload a staff list and look at what it would do."""
    send(client, staff_file(*lines))
    return page_of(client, latest())


def confirm(client: Client, rows: str = "all", run: ImportRun | None = None) -> ImportRun:
    """Press the button; the worker does its part."""
    run = run or latest()
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("people:import_apply", args=[run.pk]), {"rows": rows})
    run.refresh_from_db()
    return run


def faults_of(page: HttpResponse) -> list[tuple[int, str]]:
    return [(line, column) for line, column, _text in page.context["faults"]]


def kept_files(run: ImportRun) -> list[str]:
    return sorted(storages["private"].listdir(f"imports/{run.pk}")[1])
