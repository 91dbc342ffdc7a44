"""What one question loses on its way in."""

from dataclasses import dataclass, field

from .media import Brought, Source, bare, is_medium, marked
from .report import MOST_NOTES, Note, Told, Value, note


@dataclass
class Losses:
    """What one question loses, each thing told once, and the media it brings: `files` finds them by their names."""

    notes: list[Note] = field(default_factory=list)
    files: Source | None = None
    media: list[Brought] = field(default_factory=list)

    def tell(self, code: Told, **values: Value) -> None:
        told = note(code, **values)
        if told not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(told)

    def bring(self, address: str, text: str, *, decorative: bool = False) -> str:
        """Return what stands in the text for the medium of an address; "" where the file has none that can be kept."""
        found = self.files(bare(address)) if self.files and len(self.media) < MOST_NOTES else None
        if not found or not found[1] or not is_medium(found[0]):
            return ""
        name, data = found
        self.media.append(Brought(name.rpartition("/")[2], data, text.strip(), decorative))
        return marked(len(self.media) - 1)
