"""The set-up assistant: where an empty installation leads, what is kept and made there, and that it closes for good."""

import re
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from wagtail.models import Site, Workflow

from cms import services
from cms.models import HomePage
from tests.cms.first_run.typed import ACCOUNTS, CENTRE, PASSWORD, TREE, departments, step
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import Centre, Department, Role, User
from training.people.services import AlreadyFoundError, FirstAccount, FirstDepartment, PeopleError


@pytest.mark.parametrize("path", ["/", "/desk/", "/accounts/login/", "/verify/", "/cms/", "/api/v1/", "/no/such/"])
def test_every_address_leads_to_the_assistant(client: Client, path: str) -> None:
    assert client.get(path).url == "/setup/"
    assert client.post(path).url == "/setup/"


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/setup/", 200)])
def test_what_watches_the_server_and_the_assistant_itself_answer(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_it_speaks_both_languages(client: Client) -> None:
    client.post("/people/language/", {"language": "zh-hans", "next": "/setup/"})
    assert "初始化本中心" in client.get("/setup/").content.decode()


def test_nothing_changes_once_somebody_is_here(client: Client) -> None:
    person = UserFactory()
    assert client.get("/verify/").status_code == 200
    for address in ("/setup/", step("centre"), step("summary")):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    client.force_login(person)
    assert client.get("/setup/").status_code == 404


def test_who_has_signed_in_pays_no_query_for_it(client: Client) -> None:
    client.force_login(UserFactory())
    with CaptureQueriesContext(connection) as captured:
        client.get("/desk/")
    assert not [query for query in captured if re.search(r'SELECT 1 .*FROM "people_user" LIMIT 1', query["sql"])]


def test_the_assistant_wants_the_code_of_this_installation(client: Client) -> None:
    assert client.get(step("centre")).url == "/setup/"
    page = client.post("/setup/", {"code": "AAAA-AAAA-AAAA"}).content.decode()
    assert "This is not the set-up code" in page
    assert client.get(step("centre")).url == "/setup/"
    assert client.post("/setup/", {"code": f" {services.setup_code().replace('-', ' ').lower()} "}).url == step(
        "centre"
    )


def test_the_code_is_another_under_another_key() -> None:
    one = services.setup_code()
    with override_settings(SECRET_KEY="another"):
        assert services.setup_code() != one


def test_few_codes_may_be_tried_a_minute(client: Client) -> None:
    answers = [client.post("/setup/", {"code": "AAAA"}).status_code for _try in range(11)]
    assert answers == [200] * 10 + [429]
    assert client.post("/setup/", {"code": services.setup_code()}).status_code == 429


def test_the_demo_asks_for_no_code(client: Client) -> None:
    with override_settings(DEMO=True):
        assert "Set-up code" not in client.get("/setup/").content.decode()
        assert client.post("/setup/").url == step("centre")


def test_the_code_is_printed_and_logged_while_it_is_wanted(
    client: Client, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/")
    client.get("/desk/")
    assert [record.getMessage() for record in caplog.records if services.setup_code() in record.getMessage()] == [
        f"This installation is empty. Its set-up code is {services.setup_code()}"
    ]
    call_command("setup_code")
    assert capsys.readouterr().out.strip() == services.setup_code()
    UserFactory()
    with pytest.raises(CommandError):
        call_command("setup_code")


def test_the_whole_way_makes_a_centre_and_signs_nobody_in(filled: Client) -> None:
    shown = filled.get(step("summary")).content.decode()
    assert "海东区政务服务中心" in shown
    assert not Centre.objects.exists()
    done = filled.post(step("summary"))
    assert "The centre is set up" in done.content.decode()
    assert "_auth_user_id" not in filled.session
    centre = Centre.objects.get()
    assert (centre.code, centre.source_language, centre.time_zone) == ("HD", "zh-hans", "Asia/Shanghai")
    assert centre.short_name == {"en": "Haidong", "zh-hans": "海东"}
    assert centre.working_days == [1, 2, 3, 4, 5, 6]
    assert [(one.code, one.depth) for one in Department.objects.all()] == [("market", 1), ("m1", 2)]
    officer, administrator = User.objects.order_by("staff_number")
    assert officer.role_names == {Role.HR}
    assert officer.department.code == "market"
    assert not officer.is_superuser
    assert administrator.role_names == {Role.ADMINISTRATOR}
    assert administrator.is_superuser
    assert [person.check_password(PASSWORD) for person in (officer, administrator)] == [True, True]
    assert AuditEvent.objects.filter(actor_name="set-up assistant", person_id=officer.pk).count() == 2
    assert AuditEvent.objects.filter(action="people.centre_founded").count() == 1
    for action in ("people.department_founded", "people.account_founded"):
        assert AuditEvent.objects.filter(action=action).count() == 2


def test_what_editing_needs_is_there_in_the_source_language(filled: Client) -> None:
    filled.post(step("summary"))
    site = Site.objects.get()
    assert site.root_page.specific == HomePage.objects.get(locale__language_code="zh-hans")
    assert HomePage.objects.filter(live=True).count() == 2
    assert Workflow.objects.filter(active=True).count() == 1


def test_afterwards_people_sign_in_and_the_assistant_is_gone(filled: Client, client: Client) -> None:
    filled.post(step("summary"))
    assert filled.get("/setup/").status_code == 404
    assert filled.post(step("summary")).status_code == 404
    signed_in = Client().post("/accounts/login/", {"login": "10001", "password": PASSWORD})
    assert signed_in.url == "/desk/"


def test_no_password_is_kept_in_the_session(filled: Client) -> None:
    assert PASSWORD not in str(dict(filled.session.items()))
    filled.post(step("accounts"), {**ACCOUNTS, "hr-staff_number": "?", "back": "1"})
    assert PASSWORD not in str(dict(filled.session.items()))


def test_going_back_loses_nothing_not_even_what_is_wrong(filled: Client) -> None:
    assert "Haidong Service Centre" in filled.get(step("centre")).content.decode()
    assert filled.post(step("departments"), {**TREE, "department-0-code": "no good", "back": "1"}).url == step(
        "calendar"
    )
    again = filled.get(step("departments")).content.decode()
    assert "no good" in again
    assert "A code is made of Latin letters" in again
    assert filled.get(step("summary")).url == step("departments")


def test_a_password_once_chosen_need_not_be_typed_again(filled: Client) -> None:
    again = {**ACCOUNTS, "hr-display_name": "李明", "hr-latin_name": ""}
    bare = {name: value for name, value in again.items() if "password" not in name}
    assert filled.post(step("accounts"), bare).url == step("summary")
    filled.post(step("summary"))
    officer = User.objects.get(staff_number="10001")
    assert officer.display_name == "李明"
    assert officer.check_password(PASSWORD)


def test_a_step_ahead_leads_to_the_first_open_one(unlocked: Client) -> None:
    assert unlocked.get(step("summary")).url == step("centre")
    unlocked.post(step("centre"), CENTRE)
    assert unlocked.post(step("summary")).url == step("calendar")
    assert not User.objects.exists()
    assert unlocked.get(step("nonsense")).status_code == 404


def test_a_centre_need_not_have_an_english_name(unlocked: Client) -> None:
    chinese = {**CENTRE, "name_en": "", "short_name_en": ""}
    assert unlocked.post(step("centre"), chinese).url == step("calendar")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name_zh_hans": ""}, "Enter the name in the source language."),
        ({"short_name_en": "", "short_name_zh_hans": ""}, "This field is required."),
        ({"code": "H-D"}, "The code is made of Latin letters and digits."),
        ({"source_language": "fr"}, "Select a valid choice"),
    ],
)
def test_a_wrong_centre_is_told_and_kept_on_the_page(unlocked: Client, changes: dict[str, str], says: str) -> None:
    page = unlocked.post(step("centre"), {**CENTRE, **changes}).content.decode()
    assert says in page
    assert "Haidong Service Centre" in page
    assert "Error:" in page


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("a", "", "甲", ""), ("A", "", "乙", "")], "Two lines have this code."),
        ([("a", "Alpha", "", "")], "Enter the name in the source language."),
        ([("a", "", "甲", "b")], "No line has the code “b”."),
        ([("a", "", "甲", "b"), ("b", "", "乙", "a")], "The departments stand above each other in a circle."),
        ([("", "", "甲", "")], "This field is required."),
        ([("a b", "", "甲", "")], "A code is made of Latin letters"),
    ],
)
def test_wrong_departments_are_told(unlocked: Client, rows: list[Any], says: str) -> None:
    unlocked.post(step("centre"), CENTRE)
    assert says in unlocked.post(step("departments"), departments(*rows)).content.decode()


def test_one_department_is_needed(unlocked: Client) -> None:
    unlocked.post(step("centre"), CENTRE)
    page = unlocked.post(step("departments"), departments(("", "", "", ""), ("", "", "", ""))).content.decode()
    assert "Enter one department at least" in page


def test_the_first_officer_sees_both_accounts(filled: Client) -> None:
    filled.post(step("summary"))
    client = Client()
    client.post("/accounts/login/", {"login": "10001", "password": PASSWORD})
    staff = client.get("/people/").content.decode()
    assert "10001" in staff
    assert "10002" in staff


def test_who_was_in_a_department_that_was_taken_away_chooses_another(filled: Client) -> None:
    filled.post(step("departments"), departments(("other", "", "其他", "")))
    assert filled.get(step("summary")).url == step("accounts")
    assert "10001" in filled.get(step("accounts")).content.decode()
    again = {name: value for name, value in ACCOUNTS.items() if "password" not in name}
    filled.post(step("accounts"), {**again, "hr-department": "other", "administrator-department": "other"})
    filled.post(step("summary"))
    assert {user.department.code for user in User.objects.all()} == {"other"}


def test_a_week_without_a_working_day_is_none(unlocked: Client) -> None:
    assert "This field is required." in unlocked.post(step("calendar"), {}).content.decode()


def test_more_lines_keep_what_was_typed(unlocked: Client) -> None:
    unlocked.post(step("centre"), CENTRE)
    page = unlocked.post(step("departments"), {**departments(("a b", "", "甲", "")), "more": "1"}).content.decode()
    assert 'value="a b"' in page
    assert 'name="department-4-code"' in page
    assert "Error:" not in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hr-password_again": "another word"}, "The two passwords differ."),
        ({"hr-password": "short", "hr-password_again": "short"}, "A password has at least 8 characters."),
        ({"hr-staff_number": "10 001"}, "A staff number is up to 30 letters and digits."),
        ({"hr-display_name": "=1+1"}, "A name begins with a letter"),
        ({"hr-latin_name": "孙"}, "The name in Latin letters may hold no others."),
        ({"administrator-staff_number": "10001"}, "The two accounts need different staff numbers."),
        ({"hr-password": "", "hr-password_again": ""}, "This field is required."),
    ],
)
def test_wrong_accounts_are_told(unlocked: Client, changes: dict[str, str], says: str) -> None:
    unlocked.post(step("centre"), CENTRE)
    unlocked.post(step("departments"), TREE)
    page = unlocked.post(step("accounts"), {**ACCOUNTS, **changes}).content.decode()
    assert says in page
    assert PASSWORD not in page


def facts() -> dict[str, Any]:
    return {
        "centre": Centre(pk=1, name={"en": "One"}, short_name={"en": "One"}, code="O", time_zone="Asia/Shanghai"),
        "departments": [FirstDepartment("market", {"en": "Market"})],
        "accounts": [FirstAccount(Role.HR, "10001", "孙蕾", "", "en", "market", "!")],
        "at": timezone.now(),
    }


def test_a_fault_leaves_nothing_behind() -> None:
    wrong = {**facts(), "accounts": [FirstAccount(Role.HR, "not a number", "孙蕾", "", "en", "", "!")]}
    with pytest.raises(PeopleError):
        services.set_up(**wrong)
    assert not Centre.objects.exists()
    assert not Department.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_second_of_two_finds_people() -> None:
    services.set_up(**facts())
    with pytest.raises(AlreadyFoundError):
        services.set_up(**facts())
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_makes_the_centre() -> None:
    start, outcomes = threading.Barrier(2), []

    def press() -> None:
        try:
            start.wait(timeout=30)
            services.set_up(**facts())
            outcomes.append("made")
        except AlreadyFoundError:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _browser in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["late", "made"]
    assert User.objects.count() == 1
    assert HomePage.objects.count() == 2
