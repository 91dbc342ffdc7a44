"""Imports on screen: choose, match, check, import, report; bad files; what is kept between, and for whom."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.factories.people import (
    CentreFactory,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    UserFactory,
    WindowFactory,
)
from training.lib.imports import Silent
from training.lib.tables import Sheet, read_table, write_csv, write_xlsx
from training.operations.models import AuditEvent, ImportRun, Job
from training.operations.progress import Cancelled, JobError
from training.operations.services import cancel_job
from training.people import tasks
from training.people.models import Department, User
from training.people.services.importing import forget_expired, start_import

pytestmark = pytest.mark.django_db

HEADER = "staff_number,name,latin_name,department,position,window,starts_on"
GOOD = "20418,李娜,Li Na,tax,clerk,7,2024-03-01"
BAD = "20419,王芳,Wang Fang,tax,cook,7,2024-03-01"


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    settings.STORAGES = dict(settings.STORAGES)  # makes Django build them anew, empty


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()
    DepartmentFactory(code="tax")
    DepartmentFactory(code="market")
    PositionFactory(code="clerk")
    WindowFactory(number=7)


@pytest.fixture
def hr() -> User:
    return UserFactory(hr=True, hr_grant__department=Department.objects.get(code="tax"))


@pytest.fixture
def screen(client: Client, hr: User) -> Client:
    client.force_login(hr)
    return client


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


def test_a_list_is_checked_then_imported(screen: Client, hr: User) -> None:
    answer = send(screen, staff_file(GOOD))
    assert answer.url == reverse("people:import_run", args=[latest().pk])

    checked = screen.get(answer.url).content.decode()
    assert "Import 1 change" in checked
    assert "nothing is written yet" in checked
    assert not User.objects.filter(staff_number="20418").exists()

    run = confirm(screen)
    report = page_of(screen, run).content.decode()
    assert (run.state, run.created, run.changed, run.unchanged, run.faulty) == ("applied", 1, 0, 0, 0)
    assert "Imported" in report
    assert "New people cannot sign in until HR gives them a one-time code." in report
    assert User.objects.get(staff_number="20418").display_name == "李娜"
    assert (run.by_id, run.by_name, run.file_name) == (hr.pk, str(hr), "staff.csv")
    assert run.sha256 == hashlib.sha256("\n".join([HEADER, GOOD]).encode()).hexdigest()
    assert (run.headings, kept_files(run)) == ([], ["rejects.json"])
    assert AuditEvent.objects.get(action="imports.applied").after["created"] == 1


def kept_files(run: ImportRun) -> list[str]:
    return sorted(storages["private"].listdir(f"imports/{run.pk}")[1])


def test_the_check_shows_before_and_after(screen: Client) -> None:
    person = UserFactory(staff_number="20418", display_name="李哪", department=Department.objects.get(code="tax"))
    PostingFactory(person=person)
    page = sent(screen, GOOD).content.decode()
    assert "<del>李哪</del>" in page
    assert "<ins>李娜</ins>" in page


def test_errors_are_shown_by_line_and_nothing_is_imported(screen: Client) -> None:
    page = sent(screen, GOOD, BAD)
    assert faults_of(page) == [(3, "E")]
    assert "no position has the code “cook”." in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert confirm(screen).state == "refused"
    assert not User.objects.filter(staff_number__in=["20418", "20419"]).exists()


def test_the_rows_without_errors_alone(screen: Client) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    assert (run.state, run.created, run.faulty) == ("applied", 1, 1)
    assert User.objects.filter(staff_number="20418").exists()
    assert not User.objects.filter(staff_number="20419").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_refused_rows_are_mended_in_their_own_file(screen: Client, ending: str) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    file = screen.get(reverse("people:import_rejects", args=[run.pk]), {"format": ending})
    table = read_table(io.BytesIO(file.content), name="refused")
    assert table.header == (*HEADER.split(","), "What is wrong")
    (row,) = table.rows
    assert row.cells[0] == "20419"
    assert row.cells[-1].startswith("E: no position has the code “cook”.")

    mended = [table.header, [cell.replace("cook", "clerk") for cell in row.cells]]
    send(screen, SimpleUploadedFile("mended.csv", b"".join(write_csv(mended))))
    assert latest().state == "checked"  # the column that says why asks no question
    assert confirm(screen).created == 1
    assert User.objects.filter(staff_number="20419").exists()


def test_a_second_import_has_nothing_to_do(screen: Client) -> None:
    for _time in range(2):
        page = sent(screen, GOOD).content.decode()
        run = confirm(screen)
    assert "There is nothing to import." in page
    assert (run.created, run.changed, run.unchanged) == (0, 0, 1)
    assert AuditEvent.objects.filter(subject_type="people.user", action="people.hired").count() == 1


def test_the_list_is_checked_again_when_it_is_imported(screen: Client) -> None:
    sent(screen, GOOD)
    UserFactory(staff_number="20418", department=Department.objects.get(code="market"))
    run = confirm(screen)
    assert run.state == "refused"
    page = page_of(screen, run).content.decode()
    assert "belongs to a department you are not HR of" in page
    assert "Nothing was imported." in page
    assert User.objects.get(staff_number="20418").department.code == "market"


def test_a_list_is_imported_once_however_often_the_button_is_pressed(screen: Client) -> None:
    sent(screen, GOOD)
    run = confirm(screen)
    assert confirm(screen, run=run).created == 1
    assert AuditEvent.objects.filter(action="imports.applied").count() == 1


def test_what_would_change_is_paged_and_counted_first(screen: Client) -> None:
    page = sent(screen, *(f"3{n:04},李娜,,tax,clerk,,2024-03-01" for n in range(250)))
    assert page.context["page"].paginator.num_pages == 3
    assert len(page.context["changes"]) == 100
    last = page_of(screen, latest(), page="3")
    assert [change.line for change in last.context["changes"]][-1] == 251


def test_a_long_list_is_checked_by_the_worker(screen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.people.services.importing.running.SMALL", 1)
    send(screen, staff_file(GOOD, GOOD.replace("20418", "20555")))
    run = latest()
    assert run.state == "checking"
    assert "Waiting for its turn" in page_of(screen, run).content.decode()
    assert "nothing is written" not in page_of(screen, run).content.decode()
    tasks.check_import(run=str(run.pk))
    assert "Import 2 changes" in page_of(screen, run).content.decode()
    asked = screen.get(reverse("people:import_run", args=[run.pk]), headers={"HX-Request": "true"})
    assert asked["HX-Refresh"] == "true"


def test_what_breaks_off_leaves_nothing_and_can_be_tried_again(screen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(screen, GOOD)
    with monkeypatch.context() as broken:
        broken.setattr("training.people.services.staff_list.writing.write_roles", fail)
        run = confirm(screen)
    assert run.state == "failed"
    assert not User.objects.filter(staff_number="20418").exists()
    assert "Try again" in page_of(screen, run).content.decode()
    assert confirm(screen, run=run).state == "applied"


def fail(*_args: object, **_options: object) -> None:
    raise OSError("the disk is full")


# ---- matching columns


ODD = "Employee no.;Full name;Dept;Job;Since;Shoe size"


def test_headings_of_their_own_are_matched_by_the_person(screen: Client) -> None:
    file = staff_file("20418;李娜;tax;clerk;2024-03-01;37", header=ODD)
    answer = send(screen, file)
    run = latest()
    assert answer.url == reverse("people:import_columns", args=[run.pk])
    form = screen.get(answer.url).context["form"]
    assert form["name"].value() == "Full name"
    assert form["position"].value() == "Job"
    assert form["department"].value() == ""

    chosen = {"staff_number": "Employee no.", "name": "Full name", "department": "Dept", "position": "Job"}
    missing = screen.post(answer.url, chosen)
    assert "Choose the heading that stands for it" in missing.content.decode()
    twice = screen.post(answer.url, chosen | {"starts_on": "Dept"})
    assert "“Dept” stands for “Department” already." in twice.content.decode()

    screen.post(answer.url, chosen | {"starts_on": "Since"})
    page = page_of(screen, run)
    assert page.context["page"].paginator.count == 1
    assert confirm(screen).created == 1


def test_what_was_matched_is_remembered_for_the_same_headings(screen: Client) -> None:
    test_headings_of_their_own_are_matched_by_the_person(screen)
    answer = send(screen, staff_file("20555;王芳;tax;cook;2024-03-01;37", header=ODD))
    assert answer.url == reverse("people:import_run", args=[latest().pk])
    assert faults_of(screen.get(answer.url)) == [(2, "D")]
    assert send(screen, staff_file("1;x", header="Employee no.;Other")).url.endswith("/columns/")


def test_the_columns_can_be_changed_after_the_check(screen: Client) -> None:
    sent(screen, GOOD)
    address = reverse("people:import_columns", args=[latest().pk])
    assert screen.get(address).status_code == 200
    places = {name: name for name in HEADER.split(",") if name != "window"}
    screen.post(address, places)
    confirm(screen)
    assert User.objects.get(staff_number="20418").postings.get().window is None


# ---- bad files


def bomb() -> bytes:
    """A workbook of 700 KB whose sheet unpacks to 300 MB."""
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Staff", [HEADER.split(",")])])
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as sheet,
    ):
        for _megabyte in range(300):
            sheet.write(b" " * 1024 * 1024)
    return file.getvalue()


def workbook_with_a_formula() -> bytes:
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Staff", [HEADER.split(","), GOOD.split(",")])])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    start = sheet.index('<c r="B2"')
    end = sheet.index("</c>", start)
    parts["xl/worksheets/sheet1.xml"] = (
        sheet[:start] + '<c r="B2" t="str"><f>HYPERLINK("http://x")</f><v>x</v>' + sheet[end:]
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


BAD_FILES = {
    "empty": (lambda: b"", "the file is empty. The first line must hold the headings."),
    "blank": (lambda: b" \r\n \n", "the file is empty."),
    "headings alone": (lambda: HEADER.encode(), "there is no row below the headings."),
    "20 MB": (lambda: b"a" * 20 * 1024 * 1024, "the file is larger than 10 MB."),
    "bomb": (bomb, "50 MB"),
    "formula": (workbook_with_a_formula, "line 2, column B"),
    "too many rows": (lambda: (HEADER + "\n1" * 20_001).encode(), "more than 20,000 rows."),
    "no table": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table: save it as .xlsx, or as CSV"),
    "broken workbook": (lambda: b"PK\x03\x04" + b"x" * 100, "damaged or not an Excel workbook"),
    "open quotation": (lambda: f'{HEADER}\n"20418,李娜'.encode(), "quotation marks do not match"),
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_at_the_door(screen: Client, content: Callable[[], bytes], message: str) -> None:
    before = User.objects.count()
    page = send(screen, SimpleUploadedFile("staff.csv", content()))
    assert page.status_code == 200
    (first, *_others) = page.context["form"].errors["file"]
    assert first.startswith("staff.csv")
    assert message in first
    assert not ImportRun.objects.exists()
    assert User.objects.count() == before


def test_duplicate_numbers_are_named_by_line(screen: Client) -> None:
    page = sent(screen, GOOD, GOOD)
    assert faults_of(page) == [(2, "A"), (3, "A")]
    assert page.context["page"].paginator.count == 0


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_the_encodings_of_an_office_are_read(screen: Client, encoding: str) -> None:
    send(screen, staff_file(GOOD, encoding=encoding))
    confirm(screen)
    assert User.objects.get(staff_number="20418").display_name == "李娜"


def test_a_formula_for_a_name_is_a_fault_of_its_cell(screen: Client) -> None:
    assert faults_of(sent(screen, '20418,"=HYPERLINK(""http://x"")",Li Na,tax,clerk,7,2024-03-01')) == [(2, "B")]


def test_what_a_file_says_is_never_markup(screen: Client) -> None:
    odd = "<i>name</i>"
    send(
        screen, staff_file("20418,x<script>alert(1)</script>,,<b>tax</b>,clerk,,2024-03-01,1", header=f"{HEADER},{odd}")
    )
    run = latest()
    pages = [screen.get(reverse("people:import_columns", args=[run.pk]))]
    screen.post(reverse("people:import_columns", args=[run.pk]), {name: name for name in HEADER.split(",")})
    pages += [page_of(screen, run), screen.get(reverse("people:import_past"))]
    for page in pages:
        shown = page.content.decode()
        assert page.status_code == 200
        assert "<b>tax</b>" not in shown
        assert "<script>alert" not in shown
        assert odd not in shown


# ---- who, and for how long


def test_hr_of_one_department_cannot_import_into_another(screen: Client) -> None:
    page = sent(screen, GOOD.replace("tax", "market"))
    assert "you are not HR of the department “market”." in page.content.decode()
    confirm(screen, "valid")
    assert not User.objects.filter(staff_number="20418").exists()


def test_hr_of_one_department_posts_nobody_to_another(screen: Client) -> None:
    header = f"{HEADER},posted_to"
    send(screen, staff_file(f"{GOOD},market", header=header))
    assert [text for _line, _column, text in latest().faults] == ["you are not HR of the department “market”."]
    confirm(screen, "valid")
    assert not User.objects.filter(staff_number="20418").exists()


@pytest.mark.parametrize("kind", ["departments", "positions", "windows"])
def test_the_whole_centres_lists_are_for_hr_of_the_whole_centre(screen: Client, client: Client, kind: str) -> None:
    overview = screen.get(reverse("people:import")).content.decode()
    assert "Only HR or an administrator of the whole centre imports this list." in overview
    for name in ("import_kind", "import_template"):
        assert screen.get(reverse(f"people:{name}", args=[kind])).status_code == 403
    assert send(screen, SimpleUploadedFile("x.csv", b"code\na"), kind).status_code == 403
    assert screen.post(reverse("people:import_export", args=[kind])).status_code == 403
    client.force_login(UserFactory(hr=True))
    assert client.get(reverse("people:import_kind", args=[kind])).status_code == 200


def test_who_is_no_longer_hr_imports_nothing(screen: Client, hr: User) -> None:
    sent(screen, GOOD)
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())
    hr.role_grants.all().delete()
    with pytest.raises(JobError, match="Only HR and administrators"):
        tasks.apply_import(run=str(run.pk))
    run.refresh_from_db()
    assert run.state == "failed"
    assert not User.objects.filter(staff_number="20418").exists()


@pytest.mark.parametrize("role", ["clerk", "teacher", "editor", "examiner", "head", "director", "auditor"])
def test_others_do_not_get_in(client: Client, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    for address in (
        reverse("people:import"),
        reverse("people:import_past"),
        reverse("people:import_kind", args=["staff"]),
    ):
        assert client.get(address).status_code == 403
    assert send(client, staff_file(GOOD)).status_code == 403


def test_a_list_is_its_senders_own(screen: Client, client: Client) -> None:
    """Another HR officer of a department finds nothing; of the whole centre, the report but no rows and no button."""
    sent(screen, GOOD, BAD)
    run = latest()
    names = ["import_columns", "import_apply", "import_discard", "import_rejects"]
    for person, seen in (
        (UserFactory(hr=True, hr_grant__department=run_department()), 404),
        (UserFactory(hr=True), 200),
    ):
        client = Client()
        client.force_login(person)
        assert page_of(client, run).status_code == seen
        for name in names:
            ask = client.post if name in names[1:3] else client.get
            assert ask(reverse(f"people:{name}", args=[run.pk])).status_code == 404
    shown = page_of(client, run).content.decode()
    assert "李娜" not in shown
    assert f"{reverse('people:import_apply', args=[run.pk])}" not in shown
    run.refresh_from_db()
    assert run.state == "checked"


def run_department() -> Department:
    return Department.objects.get(code="tax")


def test_calling_off_forgets_the_file(screen: Client) -> None:
    sent(screen, GOOD)
    run = latest()
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = screen.post(reverse("people:import_discard", args=[run.pk]))
    assert answer.url == reverse("people:import_kind", args=["staff"])
    assert kept_files(run) == []
    assert confirm(screen, run=run).state == "discarded"
    assert not User.objects.filter(staff_number="20418").exists()


def test_what_nobody_confirms_is_forgotten_after_a_working_day(screen: Client) -> None:
    sent(screen, GOOD)
    run, now = latest(), timezone.now()
    assert forget_expired(now=now + timedelta(hours=7)) == 0
    assert forget_expired(now=now + timedelta(hours=9)) == 1
    run.refresh_from_db()
    assert (run.state, run.headings, kept_files(run)) == ("discarded", [], [])


def test_refused_rows_are_forgotten_after_a_month(screen: Client) -> None:
    sent(screen, GOOD, BAD)
    run = confirm(screen, "valid")
    now = timezone.now()
    forget_expired(now=now + timedelta(days=29))
    assert kept_files(run) == ["rejects.json"]
    forget_expired(now=now + timedelta(days=31))
    assert kept_files(run) == []
    assert "Refused rows" not in page_of(screen, run).content.decode()


# ---- past imports, template, export


def test_past_imports_are_listed_with_the_same_number_of_queries(
    screen: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert screen.get(reverse("people:import_past")).status_code == 200
        return len(seen)

    sent(screen, GOOD)
    few = queries()
    for _time in range(30):
        send(screen, staff_file(GOOD))
    assert queries() == few
    page = screen.get(reverse("people:import_past"), {"kind": "staff"})
    assert page.context["page"].paginator.count == 31
    assert screen.get(reverse("people:import_past"), {"kind": "windows"}).context["page"].paginator.count == 0


@pytest.mark.parametrize("kind", ["departments", "positions", "windows", "staff"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_can_be_imported_as_it_is(client: Client, kind: str, ending: str, language: str) -> None:
    client.force_login(UserFactory(hr=True, language=language))
    answer = client.get(reverse("people:import_template", args=[kind]), {"format": ending})
    assert f'filename="{kind}.{ending}"' in answer["Content-Disposition"]
    send(client, SimpleUploadedFile(f"t.{ending}", answer.content), kind)
    run = latest()
    assert (run.state, run.faulty) == ("checked", 0), run.faults
    assert run.created >= 1


def test_an_export_is_what_the_screen_counts_and_is_recorded(screen: Client, hr: User) -> None:
    inside = PostingFactory(person__department=Department.objects.get(code="tax")).person
    PostingFactory(person__department=Department.objects.get(code="market"))
    page = screen.get(reverse("people:import_kind", args=["staff"]))
    answer = screen.post(reverse("people:import_export", args=["staff"]), {"format": "csv"})
    table = read_table(io.BytesIO(answer.content), name="export")
    assert [row.cells[0] for row in table.rows] == [inside.staff_number]
    assert page.context["count"] == len(table.rows) == 1
    event = AuditEvent.objects.get(action="imports.exported")
    assert (event.actor_id, event.after) == (hr.pk, {"kind": "staff", "rows": 1, "format": "csv"})


def test_a_job_cancelled_before_its_turn_gives_the_list_back(screen: Client, hr: User) -> None:
    sent(screen, GOOD)
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())
    assert "Being imported" in page_of(screen, run).content.decode()
    assert screen.get(reverse("people:import_columns", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    cancel_job(job=Job.objects.get(pk=run.job_id), by=hr, at=timezone.now())
    assert "Import 1 change" in page_of(screen, run).content.decode()
    assert confirm(screen, run=run).state == "applied"


def test_cancelling_in_the_middle_leaves_nothing_and_gives_the_list_back(screen: Client, hr: User) -> None:
    sent(screen, *(f"3{n:04},李娜,,tax,clerk,,2024-03-01" for n in range(250)))
    run = latest()
    start_import(run=run, only_valid=False, by=hr, at=timezone.now())

    class Asked(Silent):
        def advance(self, n: int = 1) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        tasks.apply_import(run=str(run.pk), progress=Asked())
    run.refresh_from_db()
    assert run.state == "checked"
    assert not User.objects.filter(staff_number__startswith="30").exists()
