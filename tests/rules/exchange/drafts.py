"""Drafts of every kind, one written out of each and any number drawn."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from assessments.rules import Choice, ItemDraft, Line, problems_of
from assessments.scoring.marking import SOUND, ItemKind

LANGUAGES = ("en", "zh-hans")
OPTIONS = {"language": "zh-hans", "source": "zh-hans", "languages": LANGUAGES}
SIGNS = "居住证窗口一次性告知abcAZ 09（）：；，。√×~=#{}:\\%[]->|*&<>\"'/.!?-@+$\n"


def zh(text: str) -> dict[str, str]:
    return {"zh-hans": text}


def options(*texts: str) -> tuple[Choice, ...]:
    return tuple(Choice("abcdefgh"[index], zh(text)) for index, text in enumerate(texts))


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(str(number), zh(text)) for number, text in enumerate(texts, start=1))


FACTS: dict[str, Any] = {
    "code": "q-1",
    "competency": "INTAKE",
    "level": 3,
    "judged_p": 0.6,
    "valid_from": date(2026, 3, 1),
    "valid_until": date(2027, 2, 28),
    "cites": ("service-standards/2.1", "one-time-notice/3"),
    "rationale": zh("依据《一次性告知制度》第三条：\n材料不齐的，当场一次告知。"),
}
TYPED = {"answers": [{"text": "居住证", "credit": 1.0}, {"text": "暂住证", "credit": 0.5}]}
NUMBER = {"answers": [{"low": "5", "high": "5", "credit": 1.0}, {"low": "4", "high": "6.5", "credit": 0.5}]}
OF_KIND: dict[ItemKind, ItemDraft] = {
    ItemKind.SINGLE: ItemDraft(
        ItemKind.SINGLE, zh("材料不齐时先做什么？"), ["b"], options("退件", "一次性告知", "收件", "转办"), **FACTS
    ),
    ItemKind.MULTIPLE: ItemDraft(
        ItemKind.MULTIPLE, zh("哪些材料要查验原件？"), ["a", "c"], options("身份证", "照片", "营业执照"), **FACTS
    ),
    ItemKind.TRUE_FALSE: ItemDraft(
        ItemKind.TRUE_FALSE,
        zh("首问负责制只适用于导办台。"),
        ["false"],
        (Choice("true", zh("正确")), Choice("false", zh("错误"))),
        **FACTS,
    ),
    ItemKind.ORDERING: ItemDraft(
        ItemKind.ORDERING, zh("请排列办理步骤。"), ["a", "b", "c"], options("受理", "审查", "办结"), **FACTS
    ),
    ItemKind.MATCHING: ItemDraft(
        ItemKind.MATCHING,
        zh("事项归哪个窗口？"),
        {"1": "a", "2": "b", "3": "a"},
        options("综合窗口", "社保窗口", "税务窗口"),
        lines("居住证", "养老认证", "落户"),
        **FACTS,
    ),
    ItemKind.DOCUMENTS: ItemDraft(
        ItemKind.DOCUMENTS,
        zh("下列材料哪份不合格？"),
        {"1": "a", "2": SOUND, "3": "b"},
        options("已过期", "未盖章"),
        lines("身份证", "租房合同", "单位证明"),
        **FACTS,
    ),
    ItemKind.NUMERIC: ItemDraft(
        ItemKind.NUMERIC, zh("几个工作日内办结？"), NUMBER, details={"unit": zh("个工作日")}, **FACTS
    ),
    ItemKind.SHORT_TEXT: ItemDraft(ItemKind.SHORT_TEXT, zh("办理落户须持何证？"), TYPED, **FACTS),
    ItemKind.CLOZE: ItemDraft(
        ItemKind.CLOZE,
        zh("收到申请后[[1]]日内，由[[2]]出具[[3]]。"),
        {"1": NUMBER, "2": ["b"], "3": TYPED},
        parts=(
            Line("1", kind=ItemKind.NUMERIC),
            Line("2", kind=ItemKind.SINGLE, options=options("导办台", "窗口")),
            Line("3", kind=ItemKind.SHORT_TEXT),
        ),
        **FACTS,
    ),
    ItemKind.CASE: ItemDraft(
        ItemKind.CASE,
        zh("王女士来办居住证，没带租房合同。"),
        {"1": ["a"], "2": ["a", "b"], "3": ["a", "b", "c"], "4": NUMBER, "5": TYPED},
        parts=(
            Line("1", zh("先做什么？"), ItemKind.SINGLE, options("一次性告知", "退件")),
            Line("2", zh("缺哪些材料？"), ItemKind.MULTIPLE, options("合同", "照片", "学历证")),
            Line("3", zh("怎样的顺序？"), ItemKind.ORDERING, options("登记", "告知", "存档")),
            Line("4", zh("几日内补齐？"), ItemKind.NUMERIC),
            Line("5", zh("用哪份单据？"), ItemKind.SHORT_TEXT),
        ),
        **FACTS,
    ),
    ItemKind.OPEN: ItemDraft(
        ItemKind.OPEN,
        zh("怎样答复群众？"),
        {
            "criteria": [
                {"id": "1", "text": zh("依据清楚"), "points": 3},
                {"id": "2", "text": zh("语气平和"), "points": 2},
            ],
            "model_answer": zh("先致歉，再说明依据。"),
        },
        bar=0.6,
        **FACTS,
    ),
    ItemKind.SCENARIO: ItemDraft(
        ItemKind.SCENARIO,
        zh("一位老人情绪激动地来到窗口。"),
        {
            "criteria": [{"id": "1", "text": zh("安抚"), "points": 3}],
            "events": [{"id": "1", "minute": 2, "text": zh("系统中断")}],
        },
        bar=0.6,
        details={"minutes": 7},
        **FACTS,
    ),
}

words = (
    st.text(st.sampled_from(SIGNS), min_size=1, max_size=25)
    .map(str.strip)
    .filter(lambda text: bool(text.strip("* .。,;、!?")))
)
different = st.lists(words, min_size=2, max_size=6, unique_by=lambda text: " ".join(text.split()).casefold())


@st.composite
def choice_drafts(draw: st.DrawFn, kind: ItemKind) -> ItemDraft:
    texts = draw(different)
    found = options(*texts)
    idents = [option.id for option in found]
    if kind is ItemKind.SINGLE:
        key = [draw(st.sampled_from(idents))]
    elif kind is ItemKind.ORDERING:
        key = idents
    else:
        key = sorted(draw(st.sets(st.sampled_from(idents), min_size=1)))
    return ItemDraft(kind, zh(draw(words)), key, found, rationale=zh(draw(words)))


@st.composite
def matching_drafts(draw: st.DrawFn) -> ItemDraft:
    rights, lefts = draw(different), draw(different)
    used = [draw(st.integers(0, len(rights) - 1)) for _ in lefts]
    order = [*dict.fromkeys(used), *(index for index in range(len(rights)) if index not in used)]
    key = {str(number): "abcdefgh"[order.index(index)] for number, index in enumerate(used, start=1)}
    return ItemDraft(ItemKind.MATCHING, zh(draw(words)), key, options(*(rights[i] for i in order)), lines(*lefts))


@st.composite
def word_drafts(draw: st.DrawFn) -> ItemDraft:
    texts = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    rows = [{"text": text, "credit": 1.0 if not index else 0.25 * index} for index, text in enumerate(texts)]
    return ItemDraft(ItemKind.SHORT_TEXT, zh(draw(words)), {"answers": rows})


def whole(draft: ItemDraft) -> ItemDraft:
    """The draft, if nothing is wrong with it."""
    assert not problems_of(draft, "zh-hans", LANGUAGES)
    return draft
