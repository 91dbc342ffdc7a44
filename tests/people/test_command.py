"""manage.py import_staff."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.people import CentreFactory, DepartmentFactory, PositionFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

HEADER = "工号,姓名,科室,岗位,到岗日期\n"
GOOD = "20418,李娜,tax,clerk,2024-03-01\n"
BAD = "20419,王芳,tax,cook,2024-03-01\n"


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()
    DepartmentFactory(code="tax")
    PositionFactory(code="clerk")


@pytest.fixture
def run(tmp_path: Path) -> "Run":
    return Run(tmp_path / "staff.csv")


class Run:
    """Writes the lines to a file and imports it; `out` and `err` hold what was printed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *lines: str, **options: object) -> str:
        self.path.write_bytes((HEADER + "".join(lines)).encode("gbk"))
        self.out, self.err = io.StringIO(), io.StringIO()
        call_command("import_staff", str(self.path), stdout=self.out, stderr=self.err, **options)
        return self.out.getvalue()


def test_imports_and_counts(run: Run) -> None:
    assert run(GOOD).splitlines() == ["line 2: 20418 李娜: new", "1 created, 0 changed, 0 unchanged"]
    assert run(GOOD).splitlines() == ["0 created, 0 changed, 1 unchanged"]
    assert AuditEvent.objects.get().actor_name == "import_staff"


def test_a_dry_run_says_so_and_writes_nothing(run: Run) -> None:
    assert "Dry run: 1 created, 0 changed, 0 unchanged" in run(GOOD, dry_run=True)
    assert not User.objects.exists()


def test_errors_name_line_and_column_and_nothing_is_imported(run: Run) -> None:
    with pytest.raises(CommandError) as error:
        run(GOOD, BAD)
    assert "staff.csv, line 3, column D: no position has the code “cook”." in str(error.value)
    assert error.value.returncode == 1
    assert not User.objects.exists()


def test_a_dry_run_with_errors_fails_too(run: Run) -> None:
    with pytest.raises(CommandError, match="1 lines have errors"):
        run(GOOD, BAD, dry_run=True)
    assert "line 3, column D" in run.err.getvalue()


def test_valid_lines_only(run: Run) -> None:
    assert "1 created" in run(GOOD, BAD, valid_only=True)
    assert "line 3, column D" in run.err.getvalue()
    assert User.objects.get().staff_number == "20418"


def test_acting_as_somebody_is_held_to_what_they_may(run: Run) -> None:
    clerk, administrator = UserFactory(), UserFactory(administrator=True)
    with pytest.raises(CommandError, match="you are not HR of the department"):
        run(GOOD, by=clerk.staff_number)
    run(GOOD, by=administrator.staff_number)
    assert AuditEvent.objects.get(action="people.hired").actor_id == administrator.pk


def test_a_missing_file_or_person_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_staff", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="Nobody active has the staff number nobody"):
        run(GOOD, by="nobody")
