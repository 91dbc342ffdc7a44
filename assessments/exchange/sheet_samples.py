"""One filled sample of every kind a row can hold, for the template."""

from typing import Any

from assessments.rules import Choice, ItemDraft, Line
from assessments.scoring.marking import SOUND, ItemKind

from .building import true_false_options

BOTH = ("en", "zh-hans")


def _both(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-hans": chinese}


def _options(*texts: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice("abcdefgh"[index], _both(*text)) for index, text in enumerate(texts))


def _lines(*texts: tuple[str, str]) -> tuple[Line, ...]:
    return tuple(Line(str(number), _both(*text)) for number, text in enumerate(texts, start=1))


FACTS: dict[str, Any] = {"level": 2, "judged_p": 0.65}
SAMPLES: tuple[ItemDraft, ...] = (
    ItemDraft(
        ItemKind.SINGLE,
        _both("A customer's papers are incomplete. What comes first?", "群众提交的材料不齐，窗口人员首先应当怎样做？"),
        ["b"],
        _options(
            ("Send the customer home", "请群众回去补齐再来"),
            ("Name all that is missing at once, in writing", "一次性书面告知全部需补正的材料"),
            ("Accept the papers and wait", "先收件，等待补交"),
        ),
        rationale=_both("All that is missing is named once.", "依据一次性告知制度，应当场一次性告知。"),
        code="sample-1",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.MULTIPLE,
        _both("Which papers are checked against the original?", "下列哪些材料须核验原件？"),
        ["a", "c"],
        _options(("Identity card", "身份证"), ("Photograph", "照片"), ("Business licence", "营业执照")),
        code="sample-2",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.TRUE_FALSE,
        _both("Only the reception desk answers for the first question.", "首问负责制只适用于咨询导办台。"),
        ["false"],
        true_false_options(BOTH),
        code="sample-3",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.ORDERING,
        _both("Put the steps in order.", "请按办理流程排序。"),
        ["a", "b", "c"],
        _options(("Accept", "受理"), ("Examine", "审查"), ("Hand over the result", "送达")),
        code="sample-4",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.MATCHING,
        _both("Which window handles which matter?", "下列事项由哪个窗口办理？"),
        {"1": "a", "2": "b"},
        _options(("General window", "综合窗口"), ("Social insurance window", "社保窗口")),
        _lines(("Residence permit", "居住证申领"), ("Pension check", "养老待遇资格认证")),
        code="sample-5",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.DOCUMENTS,
        _both("Which of these papers must be refused, and why?", "下列材料中哪份不合格，原因是什么？"),
        {"1": "a", "2": SOUND},
        _options(("Out of date", "已过有效期"), ("No seal", "未加盖公章")),
        _lines(("Identity card, valid until last year", "身份证，有效期至去年"), ("Lease, sealed", "租赁合同，已盖章")),
        code="sample-6",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.NUMERIC,
        _both("Within how many days is the notice given?", "应在几个工作日内出具受理通知书？"),
        {"answers": [{"low": "5", "high": "5", "credit": 1.0}]},
        details={"unit": _both("working days", "个工作日")},
        code="sample-7",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.SHORT_TEXT,
        _both("Which paper does a resident from elsewhere need?", "非本市户籍人员办理落户须持何种证件？"),
        {"answers": [{"text": "居住证", "credit": 1.0}, {"text": "暂住证", "credit": 0.5}]},
        code="sample-8",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.CLOZE,
        _both("The [[1]] answers within [[2]] working days.", "由[[1]]在[[2]]个工作日内答复。"),
        {
            "1": {"answers": [{"text": "窗口", "credit": 1.0}, {"text": "window", "credit": 1.0}]},
            "2": {"answers": [{"low": "3", "high": "5", "credit": 1.0}]},
        },
        parts=(Line("1", kind=ItemKind.SHORT_TEXT), Line("2", kind=ItemKind.NUMERIC)),
        code="sample-9",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.OPEN,
        _both("How do you answer an upset customer?", "群众情绪激动时，你如何答复？"),
        {
            "criteria": [
                {"id": "1", "text": _both("Names the rule", "依据准确"), "points": 3},
                {"id": "2", "text": _both("Stays calm and polite", "语气平和、用语规范"), "points": 2},
            ],
            "model_answer": _both("Apologise, name the rule, say what comes next.", "先致歉，再说明依据和下一步。"),
        },
        bar=0.6,
        code="sample-10",
        **FACTS,
    ),
    ItemDraft(
        ItemKind.SCENARIO,
        _both("An old man comes to the window without an appointment.", "一位老人未预约来到窗口。"),
        {
            "criteria": [{"id": "1", "text": _both("Offers help at once", "主动提供帮助"), "points": 5}],
            "events": [{"id": "1", "minute": 3, "text": _both("The system fails.", "业务系统中断。")}],
        },
        bar=0.6,
        details={"minutes": 7},
        code="sample-11",
        **FACTS,
    ),
)
