"""Matters and bundles as the staff read them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from tests.factories.matters import bundle_draft, clause_draft, matter_draft, policy_draft, texts
from tests.factories.people import CentreFactory, DepartmentFactory, UserFactory
from training.matters.models import Bundle, BundleMaterial, MatterMaterial, MatterStep, MatterSystem, ServiceMatter
from training.matters.presentation import limit_words, promise_words, trips
from training.matters.services import freeze_bundle, freeze_matter, publish_policy

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def client() -> Client:
    CentreFactory()
    client = Client()
    client.force_login(UserFactory())
    return client


def live_matter(**facts: object) -> ServiceMatter:
    matter = matter_draft(**facts)
    freeze_matter(matter, by=None, at=AT)
    ServiceMatter.objects.filter(pk=matter.pk).update(live=True)
    return matter


def test_a_matter_s_page_shows_the_frozen_version_not_the_row(client: Client) -> None:
    placed = publish_policy(
        draft=policy_draft(clause_draft("Wait in turn."), slug="queues"), language="en", by=None, at=AT
    ).placements.get()
    matter = live_matter(cites=(placed.clause_version,))
    ServiceMatter.objects.filter(pk=matter.pk).update(promised_days=5, name={"en": "Something else"})
    page = client.get("/matters/move/").content.decode()
    assert "Change of address" in page
    assert "Something else" not in page
    assert "Promised within 1 working day, 1 trip to the hall." in page
    for shown in ("Lives here", "Identity card", "Not expired", "May be handed in later", "0.5 working days", "Once."):
        assert shown in page
    uid = str(placed.clause_version.clause.uid)
    assert f'href="/policies/queues/#clause-{uid[:8]}"' in page
    assert "Wait in turn." in page


def test_a_matter_s_page_speaks_the_reader_s_language(client: Client) -> None:
    live_matter()
    client.force_login(UserFactory(language="zh-hans"))
    page = client.get("/matters/move/").content.decode()
    for shown in ("住址变更", "在本地居住", "身份证", "窗口人员"):
        assert shown in page


def test_what_was_never_published_or_is_withdrawn_does_not_exist(client: Client) -> None:
    matter = matter_draft()
    assert client.get("/matters/move/").status_code == 404
    freeze_matter(matter, by=None, at=AT)
    assert client.get("/matters/move/").status_code == 404
    assert client.get("/bundles/newborn/").status_code == 404


def test_a_bundle_s_page_draws_lanes_by_department_and_lists_the_members(client: Client) -> None:
    health, police = DepartmentFactory(name={"en": "Health"}), DepartmentFactory(name={"en": "Police"})
    first, second = live_matter(code="a", department=health), live_matter(code="b", department=police)
    bundle = bundle_draft((first, 1, 2), (second, 3, 5), lead_department=health)
    freeze_bundle(bundle, by=None, at=AT)
    Bundle.objects.update(live=True)
    page = client.get("/bundles/newborn/").content.decode()
    lanes = page[page.index('<svg class="lanes"') : page.index("</svg>", page.index('<svg class="lanes"'))]
    assert lanes.count('class="day"') == 2  # nothing begins or ends on the days between
    assert lanes.count('class="box"') == 2
    assert lanes.index("Health (leads)") < lanes.index("Police")
    assert "hands on to" in page
    assert "days 3 to 5" in page
    assert "From a" in page


def test_the_list_shows_live_matters_by_department_and_bundles(client: Client) -> None:
    matter = live_matter()
    live_matter(code="gone")
    ServiceMatter.objects.filter(code="gone").update(live=False)
    freeze_bundle(bundle_draft((matter, 1, 1)), by=None, at=AT)
    Bundle.objects.update(live=True)
    page = client.get("/matters/").content.decode()
    assert 'href="/matters/move/"' in page
    assert 'href="/matters/gone/"' not in page
    assert 'href="/bundles/newborn/"' in page


def test_an_empty_list_says_so(client: Client) -> None:
    assert "No matters yet" in client.get("/matters/").content.decode()


@pytest.mark.parametrize("address", ["/matters/", "/matters/move/", "/bundles/newborn/"])
def test_pages_ask_for_a_login(address: str) -> None:
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_the_list_asks_the_same_questions_for_any_number_of_matters(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        live_matter(code=f"m{number}")
    with django_assert_max_num_queries(12):
        client.get("/matters/")


def test_numbers_are_said_in_words() -> None:
    with translation.override("en"):
        assert [limit_words(days) for days in (0, 0.25, 1, 3)] == [
            "on the spot",
            "0.25 working days",
            "1 working day",
            "3 working days",
        ]
        assert [
            limit_words(n, unit) for n, unit in ((1, "calendar_days"), (4, "working_hours"), (0, "calendar_days"))
        ] == [
            "1 calendar day",
            "4 working hours",
            "on the spot",
        ]
        assert promise_words(0) == "Handled on the spot"
        assert [trips(number) for number in (0, 1, 2)] == [
            "no trip to the hall",
            "1 trip to the hall",
            "2 trips to the hall",
        ]


def test_two_versions_of_a_matter_are_compared_part_by_part(client: Client) -> None:
    live_matter()
    client.force_login(UserFactory())
    assert "There is one version" in client.get("/matters/move/versions/").content.decode()
    matter = ServiceMatter.objects.get()
    matter.promised_days = 3
    matter.materials = [MatterMaterial(name=texts("Passport"), filling=texts("In block letters"))]
    matter.save()
    freeze_matter(matter, by=None, at=AT)
    page = client.get("/matters/move/versions/").content.decode()
    assert "<del>Identity card" in page
    assert "<ins>Passport" in page
    assert "In block letters" in page
    assert "Promised limit" in page
    assert "Conditions" not in page  # they say the same
    assert "They say the same" in client.get("/matters/move/versions/?old=1&new=1").content.decode()
    assert client.get("/matters/none/versions/").status_code == 404


def test_two_versions_of_a_bundle_are_compared(client: Client) -> None:
    first, second = live_matter(code="a"), live_matter(code="b")
    bundle = bundle_draft((first, 1, 2), (second, 3, 5))
    bundle.materials = [BundleMaterial(name=texts("One form"))]
    bundle.save()
    freeze_bundle(bundle, by=None, at=AT)
    Bundle.objects.update(live=True)
    bundle = Bundle.objects.get()
    material = bundle.materials.get()
    material.used_by = [first]
    material.save()
    bundle.days_after = 4
    bundle.save()
    freeze_bundle(Bundle.objects.get(), by=None, at=AT)
    assert bundle.versions.count() == 2
    client.force_login(UserFactory())
    page = client.get("/bundles/newborn/versions/").content.decode()
    assert "Working days" in page
    assert "<del>5</del><ins>4</ins>" in page
    assert "Used by: Change of address" in client.get("/bundles/newborn/").content.decode()


def test_all_rows_of_a_matter_are_shown_and_older_versions_do_without(client: Client) -> None:
    live_matter()
    matter = ServiceMatter.objects.get()
    old = matter.versions.get().content
    assert not {"systems", "starts_on", "until"} & old.keys()
    matter.steps = [MatterStep(name=texts("Check"), role=texts("Clerk"), result=texts("A receipt"))]
    matter.systems = [MatterSystem(name=texts("Household register"), is_double_entry=True, note=texts("Log in twice"))]
    matter.starts_on, matter.until = date(2026, 1, 1), date(2030, 12, 31)
    matter.save()
    freeze_matter(matter, by=None, at=AT)
    client.force_login(UserFactory())
    page = client.get("/matters/move/").content.decode()
    for shown in ("A receipt", "Household register", "entered a second time", "Log in twice", "Handled from", "2030"):
        assert shown in page


def test_limits_in_other_units_are_said_and_told_from_working_days(client: Client) -> None:
    matter = matter_draft(statutory_days=20, promised_days=4, promised_unit="working_hours")
    matter.steps = [MatterStep(name=texts("Notice"), role=texts("Clerk"), limit_days=15, limit_unit="calendar_days")]
    matter.full_clean()
    matter.save()
    content = freeze_matter(matter, by=None, at=AT).content
    assert "statutory_unit" not in content  # working days go without saying, as in older versions
    ServiceMatter.objects.update(live=True)
    page = client.get("/matters/move/").content.decode()
    for shown in ("Promised within 4 working hours", "20 working days", "15 calendar days"):
        assert shown in page
    assert "4 working hours" in client.get("/matters/").content.decode()


def test_a_promise_longer_than_the_law_in_another_unit_is_refused() -> None:
    CentreFactory()
    matter = matter_draft(statutory_days=5, statutory_unit="calendar_days", promised_days=5)
    with pytest.raises(ValidationError, match="longer than the statutory"):
        matter.full_clean()
