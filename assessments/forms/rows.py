"""The rows an item's form is made of, each with everything as it was typed."""

from dataclasses import dataclass, field

from django.conf import settings

from assessments.models import MediaFile

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass
class Row:
    """A row with texts; `name` begins the names of its boxes and is given by `Sheet.number`."""

    id: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    name: str = ""

    @property
    def boxes(self) -> list[tuple[str, str, str]]:
        """Its boxes: language, name, what stands in it."""
        return [(code, f"{self.name}-{code}", self.texts.get(code, "")) for code in LANGUAGES]

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())


@dataclass
class Accepted:
    """A right answer that is typed: a range of numbers or a text, and the percent of credit it earns."""

    low: str = ""
    high: str = ""
    text: str = ""
    credit: str = "100"
    name: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.low.strip() or self.high.strip() or self.text.strip())


@dataclass
class Criterion(Row):
    """A criterion with the most points it gives, or an event of a scenario with its minute: `number`."""

    number: str = ""

    @property
    def is_empty(self) -> bool:
        return super().is_empty and not self.number.strip()


@dataclass
class MediaRow(Row):
    """A picture or recording: the file that is kept, where it stands, and its texts."""

    file: MediaFile | None = None
    place: str = ""
    decorative: bool = False

    @property
    def ref(self) -> str:
        return str(self.file.ref) if self.file else ""

    @property
    def is_picture(self) -> bool:
        return self.file is not None and self.file.is_picture
