"""The columns of the template: what each is called in Chinese and English, and how cells say more than one thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.scoring.marking import ItemKind

LANGUAGES = ("zh-hans", "en")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEMPLATE_OPTIONS = 8
"""Columns for options the template has; a file may have them up to Z."""
LONGEST_CELL = 2_000
BETWEEN = "|"
"""Stands between the answers of a cell; a backslash before it makes it a plain sign."""
KINDS_SHOWN: dict[ItemKind, tuple[str, str]] = {
    ItemKind.SINGLE: ("单选题", "Single choice"),
    ItemKind.MULTIPLE: ("多选题", "Multiple response"),
    ItemKind.TRUE_FALSE: ("判断题", "True or false"),
    ItemKind.ORDERING: ("排序题", "Ordering"),
    ItemKind.MATCHING: ("匹配题", "Matching"),
    ItemKind.DOCUMENTS: ("材料审核题", "Document check"),
    ItemKind.NUMERIC: ("数值题", "Numeric answer"),
    ItemKind.SHORT_TEXT: ("短文本题", "Short text"),
    ItemKind.CLOZE: ("填空题", "Text with gaps"),
    ItemKind.OPEN: ("简答题", "Open answer"),
    ItemKind.SCENARIO: ("情景题", "Scenario card"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `texts` for a text of its own in each language."""

    field: str
    chinese: str
    english: str
    width: int = 12
    also: tuple[str, ...] = ()


def _both(field: str, chinese: str, english: str, width: int, *also: str) -> tuple[Column, Column]:
    """Return the two columns of a text, the Chinese first; the plain heading means the file's language."""
    return (
        Column(f"{field}:zh-hans", f"{chinese}（中文）", f"{english} (Chinese)", width),
        Column(f"{field}:en", f"{chinese}（英文）", f"{english} (English)", width),
    )


PLAIN: tuple[Column, ...] = (
    Column("code", "编号", "Code", 14, ("题号", "序号", "item code")),
    Column("kind", "题型", "Kind", 12, ("类型", "题目类型", "type")),
)
FACTS: tuple[Column, ...] = (
    Column("key", "答案", "Key", 22, ("正确答案", "标准答案", "参考答案", "answer", "correct answer")),
    Column("by_case", "区分大小写", "Match case", 10),
    Column("competency", "能力项", "Competency", 16, ("能力编号", "能力", "competency code")),
    Column("level", "等级", "Level", 8, ("级别", "能力等级")),
    Column("judged", "预估答对率", "Judged chance", 12, ("预估通过率", "难度系数", "judged p")),
    Column("bar", "达标比例", "Bar", 10),
    Column("minutes", "时长（分钟）", "Minutes", 10),
    Column("cites", "依据条款", "Citations", 28, ("依据", "引用条款", "clauses")),
    Column("from", "生效日期", "Valid from", 12, ("有效期起",)),
    Column("until", "失效日期", "Valid until", 12, ("有效期止",)),
)
TEXTS: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("stem", "题干", "Stem", 46, ("题目", "试题", "问题", "question")),
    ("lines", "左侧各项", "Lines", 30, ("匹配左项", "材料清单", "documents")),
    ("unit", "单位", "Unit", 10, ()),
    ("guide", "评分要点", "Marking guide", 34, ("评分标准", "criteria")),
    ("events", "插入事件", "Events", 28, ()),
    ("model", "参考作答", "Model answer", 34, ("参考要点",)),
    ("rationale", "解析", "Rationale", 40, ("答案解析", "试题解析", "explanation")),
)
IGNORED = ("错误原因", "what is wrong")


def template_columns(options: int = TEMPLATE_OPTIONS) -> list[Column]:
    """Return the columns of a file in the order an author fills them."""
    by_name = {row[0]: _both(row[0], row[1], row[2], row[3]) for row in TEXTS}
    letters = LETTERS[:options]
    return [
        *PLAIN,
        *by_name["stem"],
        *(
            column
            for letter in letters
            for column in _both(f"option-{letter}", f"选项{letter}", f"Option {letter}", 18)
        ),
        *by_name["lines"],
        *FACTS[:2],
        *(column for name in ("unit", "guide", "events", "model", "rationale") for column in by_name[name]),
        *FACTS[2:],
    ]


def known_headings(language: str) -> dict[str, str]:
    """Return field by heading, in every spelling; a heading that names no language is in the file's."""
    found: dict[str, str] = {}
    for column in (*template_columns(len(LETTERS)), *PLAIN, *FACTS):
        for heading in (column.field, column.chinese, column.english, *column.also):
            found[normal(heading)] = column.field
    plain = [*((row[0], (row[1], row[2], *row[4])) for row in TEXTS)]
    plain += [(f"option-{one}", (one, f"选项{one}", f"Option {one}")) for one in LETTERS]
    for field, headings in plain:
        for heading in (field, *headings):
            found.setdefault(normal(heading), f"{field}:{language}")
    return found


def normal(heading: str) -> str:
    """Return a heading without case, blanks and the width of its brackets."""
    return "".join(heading.split()).casefold().replace("(", "（").replace(")", "）").rstrip("*：:")


def split_cell(text: str, sign: str = BETWEEN) -> list[str]:
    """Return what stands between the signs of a cell, escapes undone."""
    pieces: list[list[str]] = [[]]
    signs: Iterator[str] = iter(text)
    for character in signs:
        if character == "\\":
            pieces[-1].append(next(signs, "\\"))
        elif character == sign:
            pieces.append([])
        else:
            pieces[-1].append(character)
    return ["".join(piece) for piece in pieces]


def cut_cell(text: str, sign: str) -> list[str]:
    """Return what stands between the signs of a cell, escapes kept for another cut."""
    pieces, start, place = list[str](), 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == sign:
            pieces.append(text[start:place])
            start = place + 1
        place += 1
    return [*pieces, text[start:]]


def escape_cell(text: str) -> str:
    """Return a text that `split_cell` and `cut_cell` take for one piece."""
    return "".join(f"\\{sign}" if sign in "\\|;；\n*()%" else sign for sign in text)


def join_cell(pieces: Sequence[str]) -> str:
    """Return pieces, each escaped already, as one cell."""
    return f" {BETWEEN} ".join(pieces)
