"""The positions people hold: found by code. What each asks for is another list, the targets."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step, texts_columns
from training.lib.tables import Table
from training.operations.services import record_many
from training.people.models import Position, User

from .closing import day_from, in_the_way, until_column, until_in, until_of
from .codes import code_in
from .walls import WholeCentre, event_of, names_in, names_of, require_a_name, texts_from

BATCH = 500


class PositionImport(WholeCentre, RecordImport):
    """One row is one position; nothing is ever removed."""

    kind, icon, key_field = "positions", "id-card", "code"
    label = gettext_lazy("Positions")
    about = gettext_lazy("One row is one position, found by its code.")
    columns = (
        Column("code", "Code", "代码", required=True, also=("position code", "岗位代码", "编码")),
        *texts_columns(),
        until_column(),
    )

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        yield {"code": "clerk-registration", "name_en": "Registration clerk", "name_zh": "登记窗口受理岗"}
        yield {"code": "lead", "name_en": "Window lead", "name_zh": "窗口负责人"}

    def count(self, viewer: User, *, at: datetime) -> int:
        return Position.objects.count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        for position in Position.objects.order_by("code"):
            yield {"code": position.code, **facts_of(position)}

    def load(self, table: Table, *, by: Any, at: datetime) -> dict[str, Position]:
        return {position.code: position for position in Position.objects.all()}

    def read(self, cells: Cells, books: dict[str, Position]) -> Entry:
        code, names = code_in(cells, known=books), names_in(cells)
        if code not in books:
            require_a_name(cells, names, _("a new position needs a name, in one language at least."))
        facts = {**names, "until": until_in(cells)}
        return Entry(cells.line, code, names["name_zh"] or names["name_en"] or code, facts)

    def on_record(self, books: dict[str, Position]) -> Mapping[Hashable, Mapping[str, Any]]:
        return {code: facts_of(position) for code, position in books.items()}

    def check(self, entries: Sequence[Entry], books: dict[str, Position]) -> Iterable[tuple[Entry, str, str]]:
        """Find positions that somebody would still hold after their last day."""
        for entry in entries:
            if text := in_the_way(books.get(str(entry.key)), entry.facts["until"]):
                yield entry, "until", text

    def write_steps(
        self, steps: Sequence[Step], books: dict[str, Position], *, by: Any, at: datetime, progress: Progress
    ) -> None:
        new = [
            Position(code=step.entry.key, name=texts_from(step.changed), until=day_from(step.changed.get("until")))
            for step in steps
            if step.before is None
        ]
        known = []
        for step in steps:
            if step.before is not None:
                position = books[str(step.entry.key)]
                position.name = texts_from(step.changed, position.name)
                if "until" in step.changed:
                    position.until = day_from(step.changed["until"])
                known.append(position)
        Position.objects.bulk_create(new, batch_size=BATCH)
        Position.objects.bulk_update(known, ["name", "until"], batch_size=BATCH)
        written = {position.code: position for position in [*new, *known]}
        events = [event_of("position", step, written[str(step.entry.key)]) for step in steps]
        record_many(events, by=by, at=at)
        progress.advance(len(steps))


def facts_of(position: Position) -> dict[str, Any]:
    return {**names_of(position.name), "until": until_of(position)}
