"""The columns of the staff list, under an English or a Chinese heading."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Column, Layout
from training.lib.imports.matching import is_reason, normal
from training.lib.tables import Fault, Table, TableError

CODE = gettext_lazy("The code, as on the second sheet of the template.")

COLUMNS = (
    Column("staff_number", "Staff number", "工号", required=True, also=("员工编号", "人员编号", "number")),
    Column("name", "Name", "姓名", required=True, also=("full name", "名字")),
    Column("latin_name", "Latin name", "拉丁名", also=("pinyin", "拼音", "name in Latin letters")),
    Column("department", "Department", "科室", required=True, hint=CODE, also=("部门", "所属部门")),
    Column("position", "Position", "岗位", required=True, hint=CODE, also=("job", "职务")),
    Column("posted_to", "Posted to", "派驻科室", hint=gettext_lazy("If posted to another department than their own.")),
    Column("section", "Section", "区域", hint=CODE),
    Column("window", "Window", "窗口", hint=gettext_lazy("The number over it."), also=("窗口号",)),
    Column("starts_on", "Starts on", "到岗日期", required=True, also=("since", "start date", "上岗日期", "任职日期")),
    Column("language", "Language", "语言"),
    Column("roles", "Roles", "角色", hint=gettext_lazy("Several are separated by a semicolon; none is taken away.")),
    Column("email", "Email", "邮箱", also=("e-mail", "电子邮箱")),
)
FIELDS: Mapping[str, Column] = {normal(name): column for column in COLUMNS for name in column.names}


def layout_of(table: Table) -> Layout:
    """Find the columns by their headings; raises `TableError` for unknown, repeated and missing ones together."""
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(table.header):
        column = FIELDS.get(normal(heading))
        if is_reason(heading):
            continue
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
            % {"english": column.english, "chinese": column.chinese},
            table.header_line,
        )
        for column in missing
    ]
    if faults:
        raise TableError(table.name, faults)
    return Layout(places, {field: table.columns[place] for field, place in places.items()})
