"""Notices as tests tell them: whole sentences, with a fact changed where it matters."""

from datetime import UTC, date, datetime
from typing import Any

from training.notices.models import Notice
from training.notices.services import notify
from training.notices.texts import TEXTS
from training.people.models import Role, User

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COURSE = {"en": "One-time notice", "zh-hans": "一次性告知"}
SAMPLES: dict[str, Any] = {
    "exam": COURSE,
    "certificate": COURSE,
    "course": COURSE,
    "matter": COURSE,
    "score": 87,
    "day": AT,
    "starts_on": date(2026, 12, 1),
    "due_on": date(2026, 12, 1),
    "role": Role.TEACHER.label,
}
FACTS = {kind: {place: SAMPLES.get(place, "李娜") for place in text.places} for kind, text in TEXTS.items()}


def told(
    person: User, kind: str = "course.assigned", path: str = "/desk/", at: datetime = AT, **facts: object
) -> Notice:
    """Tell the person a whole sentence of that kind."""
    notice = notify(person=person, kind=kind, facts=FACTS[kind] | facts, path=path, at=at)
    assert notice is not None
    return notice
