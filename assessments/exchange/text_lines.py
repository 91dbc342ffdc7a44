"""What a line of a paper typed in an office is: a heading, a question, options, an answer. Each look is linear."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.scoring.marking import ItemKind

from .kind_names import kind_at_start

# Full-width letters, digits and signs to their plain forms, one for one, so that places stay the same.
PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
CHINESE_NUMBERS = "一二三四五六七八九十百"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AFTER_LETTER = ".、:)" + "。"
AFTER_NUMBER = ".、)"
ANSWER_WORDS = ("标准答案", "正确答案", "参考答案", "答案要点", "答案", "参考要点", "answer")
REASON_WORDS = ("答案解析", "试题解析", "解析", "答题解析", "分析", "explanation", "rationale")
FACT_WORDS = ("难易程度", "难度", "知识点", "考点", "分值", "章节", "出处", "来源", "题型")
TRUE_SIGNS = frozenset(["√", "✓", "✔", "对", "正确", "是", "t", "true", "yes", "y"])
FALSE_SIGNS = frozenset(["×", "✗", "✘", "╳", "错", "错误", "否", "f", "false", "no", "n", "x"])
FIRST_SIGNS = frozenset(word[0] for word in (*ANSWER_WORDS, *REASON_WORDS, *FACT_WORDS))
TRUTH_SIGNS = ("√", "✓", "✔", "×", "✗", "✘", "╳", "对", "错", "正确", "错误")
BY_SIGNS = (None, ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE, ItemKind.ORDERING)


def plain(text: str) -> str:
    """Return a text with plain forms of full-width signs, of the same length."""
    return text.translate(PLAIN)


def truth_of(text: str) -> bool | None:
    """Return what a sign for right or wrong says; None for another text."""
    word = plain(text).strip(" .。").casefold()
    return True if word in TRUE_SIGNS else False if word in FALSE_SIGNS else None


def letters_of(text: str) -> list[str] | None:
    """Return the letters of an answer such as "A、B" or "abd"; None for another text."""
    compact = "".join(sign for sign in plain(text).upper() if sign not in " ,、;.。/")
    return list(compact) if compact and len(compact) <= len(LETTERS) and all(s in LETTERS for s in compact) else None


def heading_of(line: str) -> tuple[ItemKind, str] | None:
    """Return the kind a heading announces, as "一、单选题（每题2分）" does, and what it says besides."""
    text = _without_number(plain(line).strip())
    found = kind_at_start(text)
    if found is None:
        return None
    kind, rest = found[0], found[1].strip()
    is_heading = not rest or rest[0] in "(:。.[" or rest.startswith(("共", "每"))
    return (kind, rest.strip("：:")) if is_heading and len(rest) < 120 else None


def _without_number(text: str) -> str:
    for ending in ("部分", "大题", "章"):
        head, found, rest = text[:8].partition(ending)
        if found and head.startswith("第"):
            return (rest + text[8:]).lstrip(" 、.:")
    stripped = text.lstrip(CHINESE_NUMBERS)
    if stripped != text and stripped[:1] in (*"、.", " "):
        return stripped[1:].strip()
    if text[:1] == "(" and ")" in text[:5]:
        return text[text.index(")") + 1 :].strip()
    return text


def question_of(line: str) -> tuple[int, str] | None:
    """Return number and text of a line such as "12、……" or "第12题 ……"; None for another line."""
    text = plain(line)
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "第":
        number = _digits(text, start + 1)
        end = start + 1 + len(number)
        if number and text[end : end + 1] == "题":
            return int(number), line[end + 1 :].lstrip(" 、.:：．")
        return None
    number = _digits(text, start)
    end = start + len(number)
    if not number or text[end : end + 1] not in (*AFTER_NUMBER,):
        return None
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit():
        return None
    return int(number), line[end + 1 :].strip()


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and end - start < 5 and text[end] in "0123456789":
        end += 1
    return text[start:end] if end - start < 5 else ""


def options_of(line: str) -> list[tuple[str, str]]:
    """Return the options of a line, several if they follow each other in the alphabet; none for another line."""
    text = plain(line)
    start = len(text) - len(text.lstrip())
    marks = [start] if _is_mark(text, start) else []
    if not marks:
        return []
    wanted = LETTERS.find(text[start].upper()) + 1
    for place in range(start + 2, len(text)):
        is_next = wanted < len(LETTERS) and text[place].upper() == LETTERS[wanted] and text[place - 1] in " \t;"
        if is_next and _is_mark(text, place):
            marks.append(place)
            wanted += 1
    ends = [*marks[1:], len(text)]
    return [
        (text[mark].upper(), line[mark + 2 : end].strip(" \t\u3000").rstrip(";；").strip())
        for mark, end in zip(marks, ends, strict=True)
    ]


def _is_mark(text: str, place: int) -> bool:
    """Say whether a letter with its sign stands there: "A." or "A、"."""
    return text[place : place + 1].upper() in (*LETTERS,) and text[place + 1 : place + 2] in (*AFTER_LETTER,)


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a line that begins with a word such as 答案: which one, and what it says."""

    what: str
    text: str


def said_in(line: str) -> list[Said]:
    """Return what a line says as answer, reason or fact: one, or an answer with its reason behind it."""
    first = _said(line)
    if first is None:
        return []
    if first.what != "answer":
        return [first]
    for word in REASON_WORDS:
        for opening in (f"【{word}】", f"[{word}]", f"{word}：", f"{word}:"):
            before, found, after = first.text.partition(opening)
            if found:
                return [Said("answer", before.strip(" ，,;；。")), Said("reason", after.strip())]
    return [first]


def _said(line: str) -> Said | None:
    text = plain(line).lstrip()
    skipped = len(line) - len(line.lstrip(" \t\u3000"))
    bracketed = text[:1] in ("[", "【")
    low = (text[1:] if bracketed else text).casefold()
    if low[:1] not in FIRST_SIGNS:
        return None
    for what, words in (("reason", REASON_WORDS), ("answer", ANSWER_WORDS), ("fact", FACT_WORDS)):
        for word in words:
            if not low.startswith(word):
                continue
            rest = low[len(word) :].lstrip()
            place = skipped + len(text) - len(low) + low.index(rest, len(word)) if rest else len(line)
            ends = ("]", "】") if bracketed else (":",)
            if rest[:1] in ends or not rest:
                said = line[place + 1 :].strip(" \t\u3000:：") if rest else ""
                return Said(what, said if what != "fact" else line.strip())
    return None


def blanks_in(text: str) -> list[tuple[int, int]]:
    """Return where the blanks of a text stand: two underlines or more, or brackets with nothing in them."""
    found: list[tuple[int, int]] = []
    view, place = plain(text), 0
    while place < len(view):
        end = place
        if view[place] == "_":
            while end < len(view) and view[end] == "_":
                end += 1
            if end - place >= 2:
                found.append((place, end))
        elif view[place] == "(":
            end = place + 1
            while end < len(view) and view[end] in " \t\xa0":
                end += 1
            end += 1
            if view[end - 1 : end] == ")":
                found.append((place, end))
            else:
                end = place
        place = max(end, place + 1)
    return found


def bracketed_answer(text: str, kind: ItemKind | None) -> tuple[str, str] | None:
    """Return a stem and the answer that stood in its brackets, as in "应当（ AB ）" or "……。（√）"."""
    if kind not in BY_SIGNS:
        return None
    view = plain(text)
    for start in (index for index, sign in enumerate(view) if sign == "("):
        end = view.find(")", start, start + 24)
        inside = view[start + 1 : end].strip() if end > 0 else ""
        is_sign = inside in TRUTH_SIGNS and kind in (None, ItemKind.TRUE_FALSE)
        is_letters = inside.isupper() and letters_of(inside) is not None
        if is_sign or is_letters:
            return f"{text[: start + 1]}　{text[end:]}", inside
    return None


def numbered_answers(text: str) -> list[tuple[int, str]]:
    """Return the answers of a list such as "1.A 2.BC 3.√" or "1-5 ABCDA"; none unless all of it is such a list."""
    found: list[tuple[int, str]] = []
    for piece in _numbered_pieces(plain(text)):
        first, last, answer = piece
        signs = [sign for sign in answer if sign not in " ,、;.。:"]
        if last is None:
            if truth_of(answer) is None and letters_of(answer) is None:
                return []
            found.append((first, answer))
        elif len(signs) == last - first + 1:
            found.extend(zip(range(first, last + 1), signs, strict=True))
        else:
            return []
    return found


def _numbered_pieces(text: str) -> Iterator[tuple[int, int | None, str]]:
    place = 0
    while place < len(text):
        number = _digits(text, place)
        if not number:
            if text[place] not in " ,;、。":
                yield 0, None, text[place:]
                return
            place += 1
            continue
        place += len(number)
        last = None
        if text[place : place + 1] in ("-", "~", "—", "–"):
            until = _digits(text, place + 1)
            last, place = (int(until) if until else None), place + 1 + len(until)
        end = place
        while end < len(text) and text[end] not in "0123456789":
            end += 1
        yield int(number), last, text[place:end].strip(" .、:)")
        place = end
