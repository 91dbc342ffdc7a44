"""Gathers what is read: one question at a time, its losses beside it, nothing past the limits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assessments.rules import ItemDraft, ProblemCode, problems_of
from training.lib.office import FileRefused

from .building import bounded
from .canonical import canonical
from .losses import Losses
from .media import Source, placed
from .report import (
    MOST_ITEMS,
    MOST_NOTES,
    Format,
    Note,
    Read,
    ReadFile,
    Refused,
    Told,
    Value,
    note,
    snippet,
)

LATER = frozenset([ProblemCode.NO_ALT, ProblemCode.NO_TRANSCRIPT])


@dataclass
class Collector:
    """The questions of one file. `language` is the one its texts are in, `source` the one every item must have."""

    format: Format
    source: str
    languages: tuple[str, ...]
    items: list[Read] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    files: Source | None = None
    """Finds the pictures and recordings of a package by their names."""

    def tell(self, code: Told, **values: Value) -> None:
        """Tell something of the file as a whole, once."""
        if (told := note(code, **values)) not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(told)

    def add(
        self, build: Callable[[Losses], ItemDraft], *, line: int | None = None, name: str = "", text: str = ""
    ) -> None:
        """Take one question, built with its losses; if `build` raises Refused it stands there with the reason."""
        if len(self.items) >= MOST_ITEMS:
            raise FileRefused(Told.TOO_MANY_ITEMS, limit=MOST_ITEMS)
        losses = Losses(files=self.files)
        draft: ItemDraft | None = None
        refusals: tuple[Note, ...]
        try:
            draft = build(losses)
            bounded([*draft.options, *draft.parts, *draft.cites])
            draft, left = placed(canonical(draft), losses.media, next(iter(draft.stem), self.source))
            for number in left:
                losses.tell(Told.FILE, name=losses.media[number].name)
        except Refused as refused:
            refusals = (refused.note,)
        else:
            refusals = self._problems(draft, losses)
        shown = next(iter(draft.stem.values()), text) if draft else text
        kept = None if refusals else draft
        media = tuple(losses.media) if kept else ()
        self.items.append(Read(line, snippet(name), snippet(shown), kept, tuple(losses.notes), refusals, media))

    def refuse(self, code: Told, *, line: int | None = None, name: str = "", text: str = "", **values: Value) -> None:
        """Note a question, or what stands in the place of one, that cannot come in."""

        def build(_losses: Losses) -> ItemDraft:
            raise Refused(code, **values)

        self.add(build, line=line, name=name, text=text)

    def finish(self) -> ReadFile:
        """Return what was read. Raises FileRefused when there was nothing."""
        if not self.items:
            raise FileRefused(Told.NOTHING_FOUND)
        return ReadFile(self.format, tuple(self.items), tuple(self.notes))

    def _problems(self, draft: ItemDraft, losses: Losses) -> tuple[Note, ...]:
        """Return why a draft cannot come in; words to a picture may be written later, and that is told."""
        problems = []
        for problem in problems_of(draft, self.source, self.languages):
            if problem.code in LATER:
                losses.tell(Told.PROBLEM, problem=problem.code.value, where=str(int(problem.where) + 1))
            else:
                problems.append(problem)
        missing = [problem for problem in problems if problem.code is ProblemCode.NO_STEM]
        return tuple(
            note(Told.PROBLEM, problem=problem.code.value, where=problem.where, kind=draft.kind.value)
            for problem in missing or problems  # without a stem in any language the rest says nothing
        )
