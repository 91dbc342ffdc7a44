"""The screens of pairing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentors.models import Mentorship, PairingRound
from mentors.services import Choice, solve_round
from tests.factories.mentors import (
    NOW,
    TODAY,
    Hall,
    RoundFactory,
)
from tests.factories.people import DepartmentFactory, RoleGrantFactory, UserFactory
from tests.mentors.screens import address, visitor
from training.people.models import Role

pytestmark = pytest.mark.django_db


class TestRounds:
    @pytest.fixture
    def hall(self) -> Hall:
        return Hall()

    @pytest.mark.parametrize("role", ["clerk", "teacher", "head", "auditor", "editor", "administrator"])
    def test_are_for_hr_and_directors(self, role: str) -> None:
        opened = RoundFactory()
        client = visitor(UserFactory(**{role: True}))

        assert client.get("/coaching/rounds/").status_code == 403
        assert client.get(address("round", opened.pk)).status_code == 403
        assert client.post(address("publish", opened.pk)).status_code == 403

    def test_from_opening_to_publishing(self, hall: Hall) -> None:
        clerk, other, teacher, second = hall.clerk(), hall.clerk(), hall.teacher(), hall.teacher()
        officer = visitor(UserFactory(hr=True))

        officer.post("/coaching/rounds/", {"name": "Autumn", "matters": [hall.matter.code]})
        opened = PairingRound.objects.get()
        officer.post(address("solve", opened.pk))
        proposal = opened.proposals.get(mentee=clerk)
        page = officer.get(address("round", opened.pk))
        assert len(page.context["lines"]) == 2
        assert "Room and record of the teacher" in page.content.decode()

        wanted = teacher if proposal.teacher == second else second
        officer.post(
            address("solve", opened.pk), {f"choice-{proposal.pk}": f"pin:{wanted.person.staff_number}", "page": "1"}
        )
        officer.post(address("publish", opened.pk))

        assert Mentorship.objects.get(mentee=clerk).teacher == wanted
        assert Mentorship.objects.filter(mentee=other).exists()

    def test_a_wrong_pin_is_told(self, hall: Hall) -> None:
        clerk = hall.clerk()
        hall.teacher()
        head = hall.head()
        boss = hall.teacher(person=head)
        opened = RoundFactory(taught=[hall.matter])
        solve_round(round=opened, by="test", at=NOW, today=TODAY)
        proposal = opened.proposals.get(mentee=clerk)

        page = visitor(UserFactory(hr=True)).post(
            address("solve", opened.pk), {f"choice-{proposal.pk}": f"pin:{boss.person.staff_number}"}, follow=True
        )

        assert "heads the mentee&#x27;s department" in page.content.decode()

    def test_hr_of_a_part_sees_the_rounds_of_that_part(self, hall: Hall) -> None:
        officer = UserFactory()
        RoleGrantFactory(person=officer, role=Role.HR, department=hall.department)
        here, centre = RoundFactory(department=hall.department), RoundFactory()
        elsewhere = RoundFactory(department=DepartmentFactory())
        client = visitor(officer)

        assert list(client.get("/coaching/rounds/").context["page"]) == [here]
        assert client.get(address("round", here.pk)).status_code == 200
        assert client.get(address("round", centre.pk)).status_code == 404
        assert client.post(address("publish", elsewhere.pk)).status_code == 404

    def test_and_opens_none_for_the_centre(self, hall: Hall) -> None:
        officer = UserFactory()
        RoleGrantFactory(person=officer, role=Role.HR, department=hall.department)
        client = visitor(officer)

        client.post("/coaching/rounds/", {"name": "All", "matters": [hall.matter.code]})
        client.post("/coaching/rounds/", {"name": "Theirs", "matters": [hall.matter.code], "department": "nowhere"})
        assert not PairingRound.objects.exists()
        client.post(
            "/coaching/rounds/",
            {"name": "Ours", "matters": [hall.matter.code], "department": hall.department.code},
        )

        assert PairingRound.objects.get().department == hall.department

    def test_as_many_queries_for_forty_as_for_two(self, hall: Hall) -> None:
        opened = RoundFactory(taught=[hall.matter])
        officer = visitor(opened.opened_by)
        teachers = [hall.teacher(capacity=30) for _number in range(2)]

        def queries() -> int:
            out = Choice(opened.proposals.get(mentee=first).mentee_id, "forbid", teachers[0].person_id)
            solve_round(round=opened, choices=[out], by="test", at=NOW, today=TODAY)
            officer.get(address("round", opened.pk))
            with CaptureQueriesContext(connection) as captured:
                officer.get(address("round", opened.pk))
            return len(captured)

        first = hall.clerk()
        hall.clerk()
        solve_round(round=opened, by="test", at=NOW, today=TODAY)
        few = queries()
        for _number in range(38):
            hall.clerk()

        assert queries() == few
        assert opened.proposals.count() == 40
