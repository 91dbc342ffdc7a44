"""The tree of departments: found by code, hung below the code of their parent."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step, texts_columns
from training.lib.tables import Table
from training.operations.services import record_many
from training.people.models import Department, User

from .closing import above_closed, day_from, in_the_way, is_above_closed, until_column, until_in, until_of
from .codes import code_in
from .walls import WholeCentre, event_of, names_in, names_of, require_a_name, texts_from

STEP = Department.steplen


@dataclass(frozen=True)
class Books:
    """The departments on record, by code and by their place in the tree."""

    by_code: Mapping[str, Department]
    by_path: Mapping[str, Department]

    def parent_of(self, department: Department) -> str:
        parent = self.by_path.get(department.path[:-STEP])
        return parent.code if parent else ""


class DepartmentImport(WholeCentre, RecordImport):
    """One row is one department; nothing is ever removed."""

    kind, icon, key_field, view = "departments", "network", "code", ""
    label = gettext_lazy("Departments")
    about = gettext_lazy("One row is one department, found by its code. The code of its parent says where it hangs.")
    columns = (
        Column("code", "Code", "代码", required=True, also=("department code", "科室代码", "部门代码", "编码")),
        *texts_columns(),
        Column(
            "parent",
            "Parent",
            "上级科室",
            hint=gettext_lazy("The code of the department above; empty at the top."),
            also=("parent code", "上级代码", "上级部门"),
        ),
        until_column(),
    )

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        yield {"code": "market", "name_en": "Market Regulation Bureau", "name_zh": "市场监督管理局", "parent": ""}
        yield {"code": "market-setup", "name_en": "Registration Section", "name_zh": "登记注册科", "parent": "market"}

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        for department in Department.objects.all():
            yield "parent", department.code, str(department)

    def count(self, viewer: User, *, at: datetime) -> int:
        return Department.objects.count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        books = self.load(None, by=viewer, at=at)
        for department in books.by_code.values():
            yield {"code": department.code, **facts_of(department, books)}

    def load(self, table: Table | None, *, by: Any, at: datetime) -> Books:
        departments = list(Department.objects.all())
        return Books({one.code: one for one in departments}, {one.path: one for one in departments})

    def read(self, cells: Cells, books: Books) -> Entry:
        code, names = code_in(cells, known=books.by_code), names_in(cells)
        if code not in books.by_code:
            require_a_name(cells, names, _("a new department needs a name, in one language at least."))
        facts = {**names, "parent": cells.text("parent"), "until": until_in(cells)}
        if code not in books.by_code and facts["parent"] is None:
            facts["parent"] = ""
        return Entry(cells.line, code, names["name_zh"] or names["name_en"] or code, facts)

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {code: facts_of(department, books) for code, department in books.by_code.items()}

    def check(self, entries: Sequence[Entry], books: Books) -> Iterable[tuple[Entry, str, str]]:
        """Find parents that do not exist or have closed, departments below themselves, and those that cannot close."""
        parents = {code: books.parent_of(department) for code, department in books.by_code.items()}
        parents |= {entry.key: entry.facts["parent"] for entry in entries if entry.facts["parent"] is not None}
        for entry in entries:
            parent = parents[entry.key]
            if parent and parent not in parents:
                yield entry, "parent", _("no department has the code “%(value)s”.") % {"value": parent}
            elif hangs_below_itself(entry.key, parents):
                yield entry, "parent", _("the department would hang below itself.")
        yield from closing_faults(entries, books, parents)

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        """Write parents before what hangs below them; paths change under the hands, so each row is read anew."""
        events = []
        for step in parents_first(steps, books):
            events.append(event_of("department", step, write_one(step), moved_by=["parent"]))
            progress.advance()
        record_many(events, by=by, at=at)


def facts_of(department: Department, books: Books) -> dict[str, Any]:
    return {**names_of(department.name), "parent": books.parent_of(department), "until": until_of(department)}


def closing_faults(
    entries: Sequence[Entry], books: Books, parents: Mapping[Any, str]
) -> Iterator[tuple[Entry, str, str]]:
    """Yield the rows whose department would close on people, or be open in one that has closed."""
    days = {code: until_of(department) for code, department in books.by_code.items()}
    days |= {entry.key: entry.facts["until"] for entry in entries if entry.facts["until"] is not None}

    def goes_too(one: Any, until: str) -> bool:
        return isinstance(one, Department) and not is_above_closed(days[one.code], until)

    for entry in entries:
        known, above, until = books.by_code.get(str(entry.key)), parents[entry.key], days.get(entry.key, "")
        as_before = known and (books.parent_of(known), until_of(known)) == (above, until)
        if not as_before and is_above_closed(until, days.get(above, "")):
            yield entry, "until", above_closed(above)
        elif text := in_the_way(known, entry.facts["until"], goes_too):
            yield entry, "until", text


def hangs_below_itself(code: Hashable, parents: Mapping[Any, str]) -> bool:
    seen, above = {code}, parents[code]
    while above and above in parents:
        if above in seen:
            return above == code
        seen.add(above)
        above = parents[above]
    return False


def parents_first(steps: Sequence[Step], books: Books) -> list[Step]:
    """Return the steps in an order in which each parent is there before its children."""
    by_code = {step.entry.key: step for step in steps}
    ordered: dict[Hashable, Step] = {}

    for step in steps:
        chain = []
        current: Step | None = step
        while current is not None and current.entry.key not in ordered and current not in chain:
            chain.append(current)
            current = by_code.get(current.entry.facts["parent"])
        for one in reversed(chain):
            ordered[one.entry.key] = one
    return list(ordered.values())


def write_one(step: Step) -> Department:
    """Create the department, or give it its new name and place."""
    code, facts = step.entry.key, step.changed
    if step.before is None:
        name = texts_from(facts)
        told = {"code": code, "name": name, "until": day_from(facts.get("until"))}
        if not facts.get("parent"):
            return Department.add_root(**told)
        return Department.objects.get(code=facts["parent"]).add_child(**told)
    department = Department.objects.get(code=code)
    department.name = texts_from(facts, department.name)
    if "until" in facts:
        department.until = day_from(facts["until"])
    department.save(update_fields=["name", "until"])
    if "parent" in facts:
        hang(department, facts["parent"])
    return Department.objects.get(code=code)


def hang(department: Department, parent: str) -> None:
    if parent:
        department.move(Department.objects.get(code=parent), "last-child")
    else:
        department.move(Department.get_last_root_node(), "last-sibling")
