"""The names kinds go by in the files of training offices, Chinese and English."""

from assessments.scoring.marking import ItemKind

NAMES: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.SINGLE: ("单选题", "单项选择题", "单选", "选择题", "single choice", "single", "multiple choice"),
    ItemKind.MULTIPLE: (
        "多选题", "多项选择题", "不定项选择题", "不定项", "多选", "multiple response", "multiple", "multiple answers",
    ),
    ItemKind.TRUE_FALSE: ("判断题", "是非题", "判断", "true or false", "true/false", "true_false"),
    ItemKind.ORDERING: ("排序题", "排序", "ordering"),
    ItemKind.MATCHING: ("匹配题", "连线题", "配对题", "匹配", "连线", "matching"),
    ItemKind.DOCUMENTS: ("材料审核题", "材料审核", "材料核验题", "材料核验", "document check", "documents"),
    ItemKind.NUMERIC: ("数值题", "计算题", "数值", "numeric answer", "numeric"),
    ItemKind.SHORT_TEXT: ("短文本题", "短文本", "简短填写", "short text", "short_text"),
    ItemKind.CLOZE: ("填空题", "填空", "完形填空", "text with gaps", "cloze", "fill in the blanks"),
    ItemKind.OPEN: (
        "简答题", "问答题", "论述题", "名词解释", "案例分析题", "开放题", "主观题", "简答", "问答", "论述",
        "open answer", "open", "essay",
    ),
    ItemKind.SCENARIO: ("情景题", "情景卡", "情景模拟题", "情景模拟", "scenario card", "scenario"),
    ItemKind.CASE: ("案例题", "办事案例", "customer case", "case"),
}  # fmt: skip
KINDS = {name: kind for kind, names in NAMES.items() for name in names}
BY_SIGN: dict[str, list[str]] = {}
for _name in sorted(KINDS, key=len, reverse=True):
    BY_SIGN.setdefault(_name[0], []).append(_name)


def kind_named(text: str) -> ItemKind | None:
    """Return the kind a word names, whatever its case."""
    return KINDS.get(" ".join(text.split()).casefold())


def kind_at_start(text: str) -> tuple[ItemKind, str] | None:
    """Return the kind a text begins with, and what follows."""
    low = text[:40].casefold()
    name = next((name for name in BY_SIGN.get(low[:1], ()) if low.startswith(name)), None)
    return (KINDS[name], text[len(name) :]) if name else None
