"""Reading what is kept about somebody else is an event; reading one's own is not."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.access.world import World
from tests.factories.mentors import NOW
from training.operations.models import AuditEvent
from training.operations.services import record_reading

pytestmark = pytest.mark.django_db

RECORD = {"head", "hr", "director", "auditor", "administrator", "teacher", "panel"}
# page, action, and who of those who may open it leave an event
PAGES = [
    ("people/{staff_number}/", "person", "people.record_read", RECORD),
    ("people/competencies/{staff_number}/", "person", "competencies.profile_read", RECORD),
    ("people/competencies/{staff_number}/{code}/", "cell", "competencies.profile_read", RECORD),
    ("exams/attempt/{pk}/result/", "result", "assessments.result_read", RECORD),
    ("coaching/{pk}/", "mentorship", "mentors.notes_read", {"panel"}),
    ("coaching/sessions/{pk}/", "session", "mentors.notes_read", {"panel"}),
    ("coaching/observations/{pk}/", "observation", "mentors.observation_read", RECORD - {"teacher"}),
    ("coaching/cases/{pk}/", "case", "mentors.case_read", RECORD - {"teacher"}),
]


@pytest.mark.parametrize(("page", "row", "action", "kept"), PAGES)
def test_reading_about_somebody_is_one_event(
    world: World, clients: dict[str, Client], page: str, row: str, action: str, kept: set[str]
) -> None:
    left = set()
    for who in sorted({"owner", "other teacher", "colleague", *RECORD}):
        before = AuditEvent.objects.count()
        for _time in range(2):
            clients[who].get(f"/{page.format(**world.rows[row])}")
        events = AuditEvent.objects.order_by("pk")[before:]
        assert len(events) <= 1, who
        if events:
            left.add(who)
            assert (events[0].action, events[0].actor_id) == (action, world.people[who].pk)
            assert events[0].person_id == world.people["owner"].pk
    assert left == kept


def test_later_it_is_another_reading(world: World) -> None:
    viewer, owner = world.people["hr"], world.people["owner"]
    reading = {"action": "people.record_read", "by": viewer, "subject": owner, "person": owner}
    for minutes, events in ((0, 1), (14, 1), (15, 2), (20, 2)):
        record_reading(**reading, at=NOW + timedelta(minutes=minutes))
        assert AuditEvent.objects.filter(action="people.record_read").count() == events
    with time_machine.travel(NOW, tick=False):
        record_reading(**{**reading, "by": world.people["head"]}, at=NOW + timedelta(minutes=20))
    assert AuditEvent.objects.filter(action="people.record_read").count() == 3
