"""What one question loses on its way in."""

from dataclasses import dataclass, field

from .report import MOST_NOTES, Note, Told, Value, note


@dataclass
class Losses:
    """What one question loses, each thing told once."""

    notes: list[Note] = field(default_factory=list)

    def tell(self, code: Told, **values: Value) -> None:
        told = note(code, **values)
        if told not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(told)
