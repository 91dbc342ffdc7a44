"""What changed between two texts, word by word; a Chinese character counts as a word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+|\s+|.", re.DOTALL)
LONGEST = 4_000  # words; two longer texts are shown as one struck out and one put in


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words: `change` is "" (in both), "del" (in the old text) or "ins" (in the new one)."""

    text: str
    change: str = ""


def passages(old: str, new: str) -> list[Passage]:
    """Return both texts as one, with what was struck out and what was put in."""
    before, after = WORD.findall(old), WORD.findall(new)
    if max(len(before), len(after)) > LONGEST:
        return [Passage(text, change) for text, change in ((old, "del"), (new, "ins")) if text]
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Passage("".join(before[i:j])))
            continue
        for text, change in (("".join(before[i:j]), "del"), ("".join(after[k:m]), "ins")):
            if text:
                found.append(Passage(text, change))
    return found
