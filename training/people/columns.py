"""The columns of the staff list, under an English or a Chinese heading."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from training.lib.tables import Fault, Table, TableError


@dataclass(frozen=True)
class Column:
    """One fact about a person; `field` is its heading in English."""

    field: str
    chinese: str
    required: bool = False

    @property
    def heading(self) -> str:
        """The heading in the reader's language."""
        return self.chinese if (get_language() or "").startswith("zh") else self.field


COLUMNS = (
    Column("staff_number", "工号", required=True),
    Column("name", "姓名", required=True),
    Column("latin_name", "拉丁名"),
    Column("department", "科室", required=True),
    Column("position", "岗位", required=True),
    Column("section", "区域"),
    Column("window", "窗口"),
    Column("starts_on", "到岗日期", required=True),
    Column("language", "语言"),
    Column("roles", "角色"),
    Column("email", "邮箱"),
)
FIELDS: Mapping[str, Column] = {name: column for column in COLUMNS for name in (column.field, column.chinese)}


@dataclass(frozen=True)
class Layout:
    """Where the fields stand in one file: field -> place in the row, and the letter of its column."""

    places: Mapping[str, int]
    letters: Mapping[str, str]


def layout_of(table: Table) -> Layout:
    """Find the columns by their headings; raises `TableError` for unknown, repeated and missing ones together."""
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(table.header):
        column = FIELDS.get(heading.casefold().strip(" *").replace(" ", "_"))
        if column is None:
            text = _("“%(heading)s” is not a column of the staff list. Known are: %(known)s.")
            facts = {"heading": heading[:40], "known": ", ".join(column.heading for column in COLUMNS)}
            faults.append(Fault(text % facts, table.header_line, table.columns[place]))
        elif column.field in places:
            text = _("“%(heading)s” says the same as column %(column)s. Keep one of them.")
            facts = {"heading": heading, "column": table.columns[places[column.field]]}
            faults.append(Fault(text % facts, table.header_line, table.columns[place]))
        else:
            places[column.field] = place
    missing = [column for column in COLUMNS if column.required and column.field not in places]
    faults += [
        Fault(
            _("the column “%(english)s” (%(chinese)s) is missing.")
            % {"english": column.field, "chinese": column.chinese},
            table.header_line,
        )
        for column in missing
    ]
    if faults:
        raise TableError(table.name, faults)
    return Layout(places, {field: table.columns[place] for field, place in places.items()})
