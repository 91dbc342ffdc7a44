"""One-time codes: who makes them for whom, what stands on the slip, and what a code opens."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, CentreFactory, DepartmentFactory, UserFactory
from training.operations.models import AuditEvent, Job
from training.people import permissions, services, slips, tasks
from training.people.models import Department, LoginCode, User

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=14)
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")


@pytest.fixture(autouse=True)
def centre() -> None:
    CentreFactory()


@pytest.fixture
def counter() -> Department:
    return DepartmentFactory(code="counter")


@pytest.fixture
def hr(counter: Department) -> User:
    return UserFactory(hr=True, hr_grant__department=counter, department=counter)


def newcomer(department: Department, number: str = "30911", **facts: object) -> User:
    person = UserFactory(staff_number=number, department=department, **facts)
    person.set_unusable_password()
    person.save()
    return person


def issue(person: User, by: User | str = "test", code: str = "7K2MQ9XA40TB", **more: object) -> str:
    given = {"valid_for": DAYS, "by": by, "at": timezone.now()} | more
    services.issue_codes(codes={person.pk: code}, **given)
    return code


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sign_in(number: str, secret: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": number, "password": secret})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


# the code


def test_a_code_is_kept_as_a_hash_alone(counter: Department) -> None:
    person = newcomer(counter)
    code = issue(person)
    row = LoginCode.objects.get()
    kept = " ".join(str(value) for value in vars(row).values())
    events = " ".join(str(vars(event)) for event in AuditEvent.objects.all())
    assert code not in kept + events
    assert len(row.code_hash) == 64


def test_two_people_with_one_code_have_two_hashes(counter: Department) -> None:
    issue(newcomer(counter, "a1"))
    issue(newcomer(counter, "a2"))
    assert len(set(LoginCode.objects.values_list("code_hash", flat=True))) == 2


def test_fresh_codes_differ_and_avoid_look_alikes() -> None:
    made = {services.new_login_code() for _ in range(500)}
    assert len(made) == 500
    assert not set("ILOU") & set("".join(made))
    assert {len(code) for code in made} == {12}


@pytest.mark.parametrize(
    "typed", ["7K2MQ9XA40TB", "7k2m-q9xa-40tb", " 7K2M Q9XA 4OTB ", "７Ｋ２Ｍ－Ｑ９ＸＡ－４０ＴＢ"]
)
def test_a_code_opens_the_door_however_it_is_typed(counter: Department, typed: str) -> None:
    issue(newcomer(counter))
    assert is_in(sign_in("30911", typed))


def test_a_code_opens_no_other_door(counter: Department) -> None:
    code = issue(newcomer(counter))
    newcomer(counter, "30912")
    assert not is_in(sign_in("30912", code))


def test_a_code_runs_out(counter: Department) -> None:
    code = issue(newcomer(counter), at=timezone.now() - DAYS - timedelta(seconds=1))
    assert not is_in(sign_in("30911", code))


def test_a_new_code_ends_the_one_before(counter: Department) -> None:
    person = newcomer(counter)
    first, second = issue(person, code="AAAABBBBCCCC"), issue(person, code="DDDDEEEEFFFF")
    assert not is_in(sign_in("30911", first))
    assert is_in(sign_in("30911", second))


def test_nobody_who_left_comes_in_by_a_code(counter: Department) -> None:
    person = newcomer(counter)
    code = issue(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(sign_in("30911", code))


def test_a_new_code_ends_password_and_sessions_and_is_on_record(hr: User, counter: Department) -> None:
    person = UserFactory(staff_number="30911", department=counter)
    client = sign_in("30911", PASSWORD)
    assert is_in(client)

    issue(person, by=hr)

    assert client.get(reverse("people:me")).url.startswith(reverse("account_login"))
    assert not is_in(sign_in("30911", PASSWORD))
    event = AuditEvent.objects.get(action="people.login_code_made")
    assert (event.actor_id, event.person_id, event.before) == (hr.pk, person.pk, {"had_password": True})


# who may


def test_whom_hr_may_let_in_anew(hr: User, counter: Department) -> None:
    below = UserFactory(department=DepartmentFactory(parent=counter))
    peer = UserFactory(department=counter, hr=True)
    head = UserFactory(department=counter, head=True)
    outranking = [UserFactory(department=counter, **{role: True}) for role in ("director", "auditor", "administrator")]
    elsewhere = UserFactory()
    may = set(permissions.resettable_staff(hr, today=timezone.localdate()))
    assert may == {below, peer, head}
    assert not may & {hr, elsewhere, *outranking}


def test_an_administrator_may_let_in_everybody_else() -> None:
    administrator, other = UserFactory(administrator=True), UserFactory(administrator=True)
    lost = UserFactory(department=None)
    may = set(permissions.resettable_staff(administrator, today=timezone.localdate()))
    assert {other, lost} <= may
    assert administrator not in may


@pytest.mark.parametrize("who", ["oneself", "administrator", "elsewhere"])
def test_nobody_makes_a_code_for(who: str, hr: User, counter: Department) -> None:
    person = {
        "oneself": lambda: hr,
        "administrator": lambda: UserFactory(department=counter, administrator=True),
        "elsewhere": lambda: UserFactory(),
    }[who]()
    before = person.password
    with pytest.raises(services.NotAllowedError):
        issue(person, by=hr)
    person.refresh_from_db()
    assert person.password == before
    assert not LoginCode.objects.exists()


def test_who_left_gets_no_code(hr: User, counter: Department) -> None:
    with pytest.raises(services.PeopleError, match="has left"):
        issue(UserFactory(department=counter, suspended=True), by=hr)


# the slips


def test_a_slip_says_who_where_and_until_when_in_both_languages() -> None:
    drawn = slips.slips_pdf(
        [slips.Slip("30911", "欧阳静怡", "Ouyang Jingyi", "7K2MQ9XA40TB")],
        centre_zh="滨海区政务服务中心",
        centre_en="Binhai Government Service Centre",
        address="https://training.binhai.example",
        until=timezone.datetime(2026, 12, 9).date(),
    )
    text = text_of(drawn)
    for word in ["欧阳静怡", "Ouyang Jingyi", "30911", "7K2M-Q9XA-40TB", "滨海区政务服务中心", "2026-12-09"]:
        assert word in text
    assert "Binhai Government Service Centre" in text
    assert text.count("training.binhai.example") == 2
    assert "工号" in text
    assert "choose a password" in text.replace("\n", " ")


def test_names_of_every_kind_are_printed() -> None:
    names = [("㛃䶮", "Jie Yan"), ("阿依古丽·买买提", "Ayigul Mamat"), ("José Ñúñez", ""), ("龘", "Da")]
    made = [slips.Slip(f"n{n}", name, latin, "7K2MQ9XA40TB") for n, (name, latin) in enumerate(names)]
    when = timezone.localdate()
    text = text_of(slips.slips_pdf(made, centre_zh="中心", centre_en="Centre", address="https://a.example", until=when))
    for name, latin in names:
        assert name in text
        assert latin in text


def test_eleven_slips_take_two_sheets() -> None:
    made = [slips.Slip(f"n{n}", f"员工{n}", "", "7K2MQ9XA40TB") for n in range(11)]
    pdf = slips.slips_pdf(
        made, centre_zh="中心", centre_en="Centre", address="https://a.example", until=timezone.localdate()
    )
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert [len(re.findall(r"n\d+", page.extract_text())) for page in pages] == [10, 1]


def test_a_name_no_font_has_stops_the_whole_and_changes_nothing(hr: User, counter: Department) -> None:
    fine = UserFactory(department=counter, staff_number="fine")
    odd = newcomer(counter, "odd", display_name="王\U0001f984")
    result = tasks.make_slips(owner=hr.pk, people=[fine.pk, odd.pk], token=services.new_slips_token())
    assert "name of odd" in result["problem"]
    assert not LoginCode.objects.exists()
    assert is_in(sign_in("fine", PASSWORD))


# the screens


def make(client: Client, callbacks: object, *numbers: str, query: str = "", **more: str) -> Client:
    with callbacks(execute=True):
        client.post(reverse("people:make_codes") + query, {"who": numbers} | more)
    return client


def test_from_the_list_to_the_desk(hr: User, counter: Department, django_capture_on_commit_callbacks: object) -> None:
    newcomer(counter, display_name="欧阳静怡")
    client = browser(hr)
    assert "欧阳静怡" in client.get(reverse("people:codes")).content.decode()
    make(client, django_capture_on_commit_callbacks, "30911")
    assert "1 slip is ready" in client.get(reverse("people:slips")).content.decode()

    taken = client.post(reverse("people:slips"))

    assert (taken["Content-Type"], "no-store" in taken["Cache-Control"]) == ("application/pdf", True)
    text = text_of(taken.content)
    assert "欧阳静怡" in text
    code = CODE.search(text)[0]

    person = sign_in("30911", code)
    assert person.get("/desk/").url == reverse("people:password")
    person.post(reverse("people:password"), {"password": "tea at the window", "repeated": "tea at the window"})
    assert person.get("/desk/").status_code == 200
    assert not is_in(sign_in("30911", code))
    assert is_in(sign_in("30911", "tea at the window"))


def test_slips_are_taken_once_and_kept_nowhere(
    hr: User, counter: Department, django_capture_on_commit_callbacks: object
) -> None:
    newcomer(counter)
    client = make(browser(hr), django_capture_on_commit_callbacks, "30911")
    pdf = client.post(reverse("people:slips")).content
    assert client.post(reverse("people:slips")).url == reverse("people:slips")
    assert "No slips are waiting" in client.get(reverse("people:slips")).content.decode()
    assert storages["private"].listdir("login-slips")[1] == []
    code = CODE.search(text_of(pdf))[0].replace("-", "")
    assert code not in str(list(Job.objects.values()))
    assert code not in str(list(LoginCode.objects.values()))
    assert code not in str(list(AuditEvent.objects.values()))


def test_slips_are_the_makers_alone(hr: User, counter: Department) -> None:
    token = services.new_slips_token()
    services.keep_slips(owner=hr, token=token, pdf=b"%PDF")
    other = UserFactory(hr=True)
    assert services.take_slips(owner=other, token=token, now=timezone.now()) is None
    assert services.take_slips(owner=hr, token="../" + token, now=timezone.now()) is None
    assert services.take_slips(owner=hr, token=token, now=timezone.now()) == b"%PDF"


def test_slips_nobody_takes_are_gone_after_an_hour(hr: User) -> None:
    token, later = services.new_slips_token(), timezone.now() + timedelta(minutes=61)
    services.keep_slips(owner=hr, token=token, pdf=b"%PDF")
    assert not services.slips_wait(owner=hr, token=token, now=later)
    tasks.discard_expired_slips(now=timezone.now())
    assert services.slips_wait(owner=hr, token=token, now=timezone.now())
    tasks.discard_expired_slips(now=later)
    assert not services.slips_wait(owner=hr, token=token, now=timezone.now())


def test_the_list_shows_at_first_who_cannot_sign_in(hr: User, counter: Department) -> None:
    newcomer(counter, "new1")
    issue(newcomer(counter, "code1"))
    UserFactory(department=counter, staff_number="pass1")
    UserFactory(staff_number="else1")
    client = browser(hr)

    def listed(query: str) -> set[str]:
        page = client.get(reverse("people:codes") + query)
        return {person.staff_number for person in page.context["page"]}

    assert listed("") == {"new1"}
    assert listed("?state=code") == {"code1"}
    assert listed("?state=password") == {"pass1"}
    assert listed("?state=all") == {"new1", "code1", "pass1"}
    assert listed("?state=all&q=pass") == {"pass1"}


def test_passwords_stop_only_when_that_is_meant(
    hr: User, counter: Department, django_capture_on_commit_callbacks: object
) -> None:
    UserFactory(department=counter, staff_number="pass1")
    client = make(browser(hr), django_capture_on_commit_callbacks, "pass1", query="?state=password")
    assert "would stop working" in client.get(reverse("people:codes")).content.decode()
    assert is_in(sign_in("pass1", PASSWORD))
    make(client, django_capture_on_commit_callbacks, "pass1", query="?state=password", agreed="on")
    assert not is_in(sign_in("pass1", PASSWORD))


def test_codes_for_a_whole_list(hr: User, counter: Department, django_capture_on_commit_callbacks: object) -> None:
    for n in range(3):
        newcomer(counter, f"new{n}")
    newcomer(DepartmentFactory(code="elsewhere"), "else1")
    make(browser(hr), django_capture_on_commit_callbacks, all="1")
    assert set(LoginCode.objects.values_list("person__staff_number", flat=True)) == {"new0", "new1", "new2"}


def test_a_forged_choice_reaches_nobody_else(
    hr: User, counter: Department, django_capture_on_commit_callbacks: object
) -> None:
    newcomer(DepartmentFactory(code="elsewhere"), "else1")
    UserFactory(department=counter, staff_number="boss", administrator=True)
    query = "?state=all"
    client = make(browser(hr), django_capture_on_commit_callbacks, "else1", "boss", query=query, agreed="on")
    assert not LoginCode.objects.exists()
    assert "Tick the people" in client.get(reverse("people:codes")).content.decode()


def test_the_list_asks_as_much_for_fifty_as_for_two(hr: User, counter: Department) -> None:
    client, counts = browser(hr), []
    for many in (2, 50):
        for n in range(many):
            newcomer(counter, f"new{many}-{n}")
        client.get(reverse("people:codes"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("people:codes"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_centre_named_in_chinese_alone_stands_on_a_slip_once() -> None:
    made = [slips.Slip("n1", "周敏", "", "AAAA-BBBB-CCCC")]
    name = "海东政务服务中心"
    pdf = slips.slips_pdf(made, centre_zh=name, centre_en=name, address="https://a.example", until=timezone.localdate())
    assert text_of(pdf).count(name) == 1
