"""What two versions of a matter or bundle say differently, part by part as their pages show it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from training.lib.diffs import Passage, passages

from .presentation import BundlePage, MatterPage

ALIKE = 0.5


def compare(old: MatterPage | BundlePage, new: MatterPage | BundlePage) -> list[tuple[str, Sequence[Passage]]]:
    """Return what differs as (part, passages), in the order of the page."""
    before, after = dict(_told(old)), dict(_told(new))
    parts = [*before, *(part for part in after if part not in before)]
    return [
        (part, _by_lines(before.get(part, "").split("\n"), after.get(part, "").split("\n")))
        for part in parts
        if before.get(part, "") != after.get(part, "")
    ]


def _by_lines(old: Sequence[str], new: Sequence[str]) -> list[Passage]:
    """Return two lists of rows as one: a row that is much the same word by word, others struck out and put in whole."""
    found: list[Passage] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = list(old[i:j]), list(new[k:m])
        if tag == "equal":
            found += [Passage(f"{line}\n") for line in gone]
            continue
        while gone and come and SequenceMatcher(None, gone[0], come[0], autojunk=False).ratio() > ALIKE:
            found += [*passages(gone.pop(0), come.pop(0)), Passage("\n")]
        found += [Passage(f"{line}\n", "del") for line in gone if line]
        found += [Passage(f"{line}\n", "ins") for line in come if line]
    return found


def _told(page: MatterPage | BundlePage) -> Iterator[tuple[str, str]]:
    yield _("Name"), page.name
    yield from _matter(page) if isinstance(page, MatterPage) else _bundle(page)


def _matter(page: MatterPage) -> Iterator[tuple[str, str]]:
    for name, value in page.facts:
        yield str(name), str(value)
    yield _("Conditions"), "\n".join(page.conditions)
    yield _("Materials"), _rows(page.materials, "name", "needed", "form", "copies", "acceptance", "filling", "source")
    yield _("Steps"), _rows(page.steps, "name", "role", "limit", "criteria", "result")
    yield _("Legal basis"), "\n".join(f"{one.policy}, {one.clause.label}: {one.clause.text}" for one in page.basis)
    yield _("Questions and answers"), _rows(page.questions, "question", "answer")
    yield _("Business systems"), _rows(page.systems, "name", "note")


def _bundle(page: BundlePage) -> Iterator[tuple[str, str]]:
    yield _("Summary"), page.summary
    yield _("Lead department"), page.lead
    for word, before, after in page.figures:
        yield str(word), f"{before} → {after}"
    yield _("Materials"), "\n".join(" · ".join([row["name"], *row["used_by"]]) for row in page.materials)
    yield _("Steps"), "\n".join(page.steps)
    members = [{**row, "waits_for": ", ".join(row["waits_for"])} for row in page.members]
    names = ("name", "department", "when", "waits_for", "hand_off_in", "hand_off_out", "answers_if_late")
    yield _("Members"), _rows(members, *names)


def _rows(rows: Sequence[Mapping[str, Any]], *names: str) -> str:
    return "\n".join(" · ".join(str(row[name]) for name in names if row[name] not in ("", None)) for row in rows)
