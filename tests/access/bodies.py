"""What a form sends to each address that takes one."""

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.accountability import assessment_facts
from tests.factories.mentors import TODAY

if TYPE_CHECKING:
    from tests.access.world import World


def bodies_for(world: "World") -> dict[str, Any]:
    """A filled-in form for each address that takes one; the others send nothing."""
    return {
        "theme/": {"theme": "dark"},
        "people/language/": {"language": "en"},
        "people/<staff_number:staff_number>/leave/": {"last_day": TODAY, "step": "do"},
        "people/<staff_number:staff_number>/lend/": {
            "section": world.section.code,
            "starts_on": TODAY,
            "until": TODAY,
            "step": "do",
        },
        "people/<staff_number:staff_number>/roles/give/": {
            "role": "head",
            "department": world.counter.code,
            "starts_on": TODAY,
            "step": "do",
        },
        "people/<staff_number:staff_number>/roles/<int:pk>/end/": {"on": TODAY, "step": "do"},
        "people/<staff_number:staff_number>/loans/<int:pk>/end/": {"on": TODAY, "step": "do"},
        "people/organisation/<part_kind:kind>/add/": {"code": "tax", "name_en": "Taxes"},
        "people/organisation/<part_kind:kind>/<slug:code>/change/": {"act": "rename", "r-name_en": "Counters"},
        "people/organisation/calendar/add/": {"name_en": "Spring", "first": TODAY, "last": TODAY},
        "people/organisation/calendar/week/": {"weekdays": ["1", "2"]},
        "people/views/save/": {"name": "New"},
        "people/views/<int:pk>/rename/": {"name": "Taxes"},
        "people/organisation/leave/<int:pk>/": {"kind": "sick", "starts_on": TODAY, "until": TODAY},
        "people/organisation/serves/<int:number>/change/": {"matters": world.matter.code, "starts_on": TODAY},
        "people/organisation/positions/<slug:code>/targets/change/": {"act": "save", "starts_on": TODAY},
        "people/import/<slug:kind>/": {"file": SimpleUploadedFile("staff.csv", "工号\n".encode())},
        "people/import/runs/<uuid:pk>/apply/": {"rows": "valid"},
        "people/<str:staff_number>/erase/": {"reason": "Asked by letter"},
        "erasures/<int:pk>/": {"decision": "refuse"},
        "retention/<slug:kind>/": {"months": 48},
        "impact/new/": assessment_facts(),
        "impact/<int:pk>/change/": assessment_facts(title="Scoring, written better"),
        "impact/<int:pk>/act/": {"act": "force"},
        "certificates/<str:number>/revoke/": {"category": "mistake", "reason": "The name is wrong"},
        "certificates/revocations/<int:pk>/": {"decision": "confirm"},
        **_of_learning(world),
        **_of_exams(world),
        **_of_coaching(world),
    }


def _of_learning(world: "World") -> dict[str, Any]:
    return {
        "required/<int:pk>/end/": {"step": "do"},
        "required/people/<int:pk>/waive/": {"reason": "Did the same course elsewhere"},
        "classroom/plan/": {"title_en": "Queueing"},
        "classroom/here/": {"code": "00000000"},
        "classroom/<int:pk>/change/": {"title_en": "Queueing"},
        "classroom/<int:pk>/cancel/": {"reason": "No room", "step": "do"},
        "classroom/<int:pk>/close/": {"step": "do"},
        "classroom/<int:pk>/attendance/": {f"state-{world.people['owner'].pk}": "present"},
        "hours/targets/": {"hours": 30},
    }


def _of_exams(world: "World") -> dict[str, Any]:
    return {
        "exams/<slug:code>/start/": {"language": "en"},
        "exams/marking/answers/<slug:ref>/": {"points-law": 3, "points-tone": 2},
        "exams/observing/<slug:ref>/": {"points-calm": 3},
        "exams/manage/new/": {"minutes": 60},
        "exams/manage/<slug:code>/": {"minutes": 60},
        "exams/manage/<slug:code>/questions/": {"action": f"add:{world.exam.bank.items.first().code}"},
        "exams/manage/<slug:code>/places/": {"numbers": world.people["owner"].staff_number},
        "exams/sessions/plan/": {"room": "Room 2"},
        "exams/sessions/<int:pk>/act/<slug:action>/": {"text": "Five minutes left."},
        "exams/sessions/<int:pk>/change/": {"room": "Room 2"},
        "exams/sessions/<int:pk>/cancel/": {"text": "No power."},
        "exams/sessions/<int:pk>/places/": {"numbers": world.people["owner"].staff_number},
        "exams/practice/<int:pk>/<int:position>/": {"action": "check", "revision": 0, "choice": 1},
        "exams/practice/items/<slug:bank>/<slug:code>/": {"action": "check", "revision": 0, "choice": 1},
        "exams/attempt/<int:pk>/<int:position>/": {"action": "next", "revision": 0},
        "exams/attempt/<int:pk>/<int:position>/answer/": json.dumps({"revision": 0, "value": None}),
        "exams/attempt/<int:pk>/<int:position>/flag/": json.dumps({"flagged": True}),
    }


def _of_coaching(world: "World") -> dict[str, Any]:
    log = {
        "client_uuid": uuid4(),
        "held_at": "2026-11-23T09:30",
        "minutes": 10,
        "kind": "supervised",
        "matter": world.matter.pk,
        "level": 3,
    }
    observe = {"matter": world.matter.code, "observed_on": TODAY, "kind": "second", "criterion-criterion-1": "3"}
    return {
        "coaching/<int:pk>/decline/": {"reason": "No time"},
        "coaching/<int:pk>/end/": {"reason": "Moved away"},
        "coaching/<int:pk>/log/": log,
        "coaching/<int:pk>/observe/": observe,
        "coaching/<int:pk>/sign-off/": {
            "matter": world.matter.code,
            "entrustment": 3,
            "panel": world.people["panel"].staff_number,
        },
        "coaching/sessions/<int:pk>/countersign/": {"answer": "agree"},
        "coaching/cases/<int:pk>/decide/": {"verdict": "yes"},
        "coaching/rounds/": {"name": "Spring", "matters": world.matter.code, "department": world.counter.code},
    }
