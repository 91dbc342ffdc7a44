"""What every writer needs: the texts of an item in one language, and a list of what could not be carried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.rules import ItemDraft

from .canonical import canonical
from .report import Left, Note, Told, Value, note

Texts = Mapping[str, str]


# By the ref of a medium: its bytes, the ending of its name, its content type.
Files = Mapping[str, tuple[bytes, str, str]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A picture or recording on its way out."""

    name: str
    data: bytes
    content_type: str
    text: str
    is_picture: bool
    decorative: bool


class CannotCarry(Exception):
    """An item of a kind, or with something, that the format cannot say without changing the question."""

    def __init__(self, code: Told, **values: Value) -> None:
        self.note = note(code, **values)
        super().__init__(code)


@dataclass
class Carrier:
    """One item on its way out in one language; `tell` names what stays behind."""

    draft: ItemDraft
    language: str
    notes: list[Note] = field(default_factory=list)
    files: Files = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draft = canonical(self.draft)
        if not self.draft.stem.get(self.language):
            self.language = next(iter(self.draft.stem), self.language)
            self.tell(Told.ONLY_LANGUAGE, language=self.language)
        for code in self.draft.stem:
            if code != self.language:
                self.tell(Told.LANGUAGE, language=code)

    def tell(self, code: Told, **values: Value) -> None:
        told = note(code, **values)
        if told not in self.notes:
            self.notes.append(told)

    def without_media(self) -> None:
        """Tell that a format takes no pictures and recordings."""
        if self.draft.media:
            self.tell(Told.MEDIA, number=len(self.draft.media))

    def media(self, place: str) -> list[Outgoing]:
        """Return what stands at a place, in the language of the file, named by its number in the item."""
        found = []
        for number, one in enumerate(self.draft.media or (), start=1):
            if one.place == place and one.ref in self.files:
                data, ending, content_type = self.files[one.ref]
                name = f"{'picture' if one.is_picture else 'recording'}-{number}.{ending}"
                text = "" if one.decorative else self.text(one.text)
                found.append(Outgoing(name, data, content_type, text, one.is_picture, one.decorative))
        return found

    def text(self, texts: Texts) -> str:
        """Return a text in the language of the file."""
        return texts.get(self.language, "") or next(iter(texts.values()), "")

    @property
    def key(self) -> Any:
        """The key, in the form its kind asks for."""
        return self.draft.key

    def left(self, *, is_out: bool = False) -> list[Left]:
        return [Left(self.draft.code, tuple(self.notes), is_out)] if self.notes or is_out else []

    def guide_without(self) -> None:
        """Tell what a format without marking guides leaves behind."""
        self.tell(Told.GUIDE, points=sum(row["points"] for row in self.key["criteria"]))
        if self.key.get("model_answer"):
            self.tell(Told.MODEL_ANSWER)


def percent(share: float) -> str:
    """Return a share as a percentage with up to five places, as other systems write it."""
    return f"{round(share * 100, 5):g}"
