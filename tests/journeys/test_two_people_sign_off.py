"""Two people sign a mentee off: the second decides blind; the mentee may handle the matter and holds a paper."""

import pytest
from playwright.sync_api import expect

from mentors.models import EntrustmentCase, Mentorship
from tests.journeys.conftest import Arrivals
from training.authorisations.models import Authorisation
from training.certificates.models import Certificate

pytestmark = pytest.mark.journey


def test_the_second_signature_authorises_and_certifies(arrive: Arrivals) -> None:
    case = EntrustmentCase.objects.select_related("matter", "mentorship__mentee").get(state="open")
    mentee, matter, address = case.mentorship.mentee, case.matter, f"/coaching/cases/{case.pk}/"
    assert not Authorisation.objects.filter(person=mentee, matter=matter).exists()

    teacher = arrive("teacher2")
    teacher.open(address)
    seats = teacher.page.get_by_role("region", name="Who decides")
    expect(seats.get_by_role("listitem").filter(has_text="孟晓龙")).to_contain_text("Entrust")
    expect(teacher.page.get_by_role("button", name="Save my decision")).to_have_count(0)

    hr = arrive("hr")
    hr.open(address)
    seats = hr.page.get_by_role("region", name="Who decides")
    first = seats.get_by_role("listitem").filter(has_text="孟晓龙")
    expect(first).to_contain_text("has decided")
    expect(first).not_to_contain_text("Entrust")
    hr.tap(hr.page.get_by_label("Entrust", exact=True))
    hr.press("Save my decision")
    hr.sees("Your decision is saved.", "Signed off on")

    given = Authorisation.objects.get(person=mentee, matter=matter)
    assert [decision["verdict"] for decision in given.decided_by] == ["yes", "yes"]
    assert given.entrustment == case.entrustment
    mentorship = Mentorship.objects.get(pk=case.mentorship_id)
    assert mentorship.outcome == "completed"
    certificate = Certificate.objects.get(holder=mentee, achievement__code="mentorship-completed")
    assert mentorship.certificate == certificate

    clerk = arrive("clerk2")
    expect(clerk.page.get_by_role("region", name="At your window")).to_contain_text(str(matter))
    clerk.open("/certificates/")
    clerk.follow("Mentorship completed")
    clerk.sees(certificate.number, "陈浩", "Chen Hao")
    clerk.open(f"/verify/{certificate.code}/")
    clerk.sees("Valid", str(matter))
    clerk.open("/coaching/")
    clerk.sees("Ended")
