"""Training from before the platform, or outside it: as it stood in an office's tables."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import PastTraining
from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step
from training.lib.tables import Table
from training.operations.services import Event, record_many
from training.people import permissions
from training.people.imports.persons import PERSON_COLUMNS, Persons, person_in, persons_of
from training.people.models import User
from training.people.services.staff_list.directory import chunks

LEAST, MOST = Decimal("0.1"), Decimal(999)
BATCH = 500


@dataclass(frozen=True)
class Books:
    """The people the rows name, what is on record of them by key, and today."""

    persons: Persons
    records: dict[Hashable, PastTraining]
    at: datetime


class PastTrainingImport(RecordImport):
    """One row is one training of one person."""

    kind, icon, key_field = "past-training", "history", "staff_number"
    label = gettext_lazy("Past training")
    about = gettext_lazy("One row is one training somebody took: found by person, title and day. Shown under Learn.")
    needs = gettext_lazy("Only HR and administrators import past training.")
    columns = (
        *PERSON_COLUMNS,
        Column(
            "title", "Training", "培训名称", required=True, also=("course", "title", "课程", "培训项目", "课程名称")
        ),
        Column("day", "Day", "培训日期", required=True, also=("date", "日期", "完成日期")),
        Column(
            "hours",
            "Hours",
            "学时",
            required=True,
            hint=gettext_lazy("Class hours, at most one decimal."),
            also=("class hours", "课时"),
        ),
        Column("provider", "Provider", "培训机构", also=("主办单位", "承办单位")),
        Column("result", "Result", "培训结果", also=("score", "成绩", "结果")),
    )

    def may(self, person: User) -> bool:
        return bool(permissions.KEEPERS & person.role_names)

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        staff = User.objects.active().filter(department__in=permissions.departments_kept(person)).order_by("pk").first()
        known = {"staff_number": staff.staff_number, "name": staff.display_name} if staff else {"staff_number": "20418"}
        yield {
            **known,
            "title": _("Etiquette at the window"),
            "day": "2025-05-12",
            "hours": 8,
            "provider": _("District training school"),
            "result": _("passed"),
        }

    def count(self, viewer: User, *, at: datetime) -> int:
        return records_of(viewer).count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        records = records_of(viewer).select_related("person").order_by("person__staff_number", "day", "title")
        for one in records.iterator(chunk_size=BATCH):
            yield {
                "staff_number": one.person.staff_number,
                "name": one.person.display_name,
                "title": one.title,
                "day": one.day,
                "hours": one.hours,
                "provider": one.provider,
                "result": one.result,
            }

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        persons = persons_of(table, by, timezone.localdate(at))
        numbers = {person.pk: person.staff_number for person in persons.by_number.values()}
        records: dict[Hashable, PastTraining] = {}
        for chunk in chunks(map(str, numbers)):
            for one in PastTraining.objects.filter(person__in=chunk):
                records[numbers[one.person_id], one.title, one.day.isoformat()] = one
        return Books(persons, records, at)

    def read(self, cells: Cells, books: Books) -> Entry | None:
        person, title, day = person_in(cells, books.persons), cells.required("title"), cells.required_day("day")
        cells.required("hours")
        hours = cells.decimal("hours", LEAST, MOST)
        if day and day > timezone.localdate(books.at):
            cells.fault("day", _("the day has not come yet."))
        if person is None or day is None or hours is None:
            return None
        facts = {"hours": f"{hours:.1f}", "provider": cells.text("provider"), "result": cells.text("result")}
        return Entry(cells.line, (person.staff_number, title, day.isoformat()), f"{person}: {title}", facts)

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {
            key: {"hours": f"{one.hours:.1f}", "provider": one.provider, "result": one.result}
            for key, one in books.records.items()
        }

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        new, known, events = [], [], []
        for step in steps:
            number, title, day = step.entry.key  # type: ignore[misc]  # made by `read`
            person = books.persons.by_number[number.upper()]
            record = books.records.get(step.entry.key) or PastTraining(
                person=person, title=title, day=day, recorded_at=at
            )
            for name, value in step.changed.items():
                setattr(record, name, Decimal(value) if name == "hours" else value)
            (known if record.pk else new).append(record)
            before = dict(step.before) if step.before else None
            after = {"title": title, "day": day, **step.changed}
            events.append(Event("courses.past_training_recorded", record, person=person, before=before, after=after))
        PastTraining.objects.bulk_create(new, batch_size=BATCH)
        PastTraining.objects.bulk_update(known, ["hours", "provider", "result"], batch_size=BATCH)
        record_many(events, by=by, at=at)
        progress.advance(len(steps))


def records_of(viewer: User) -> "QuerySet[PastTraining]":
    """Return the past training of whom the viewer keeps."""
    return PastTraining.objects.filter(person__department__in=permissions.departments_kept(viewer))
