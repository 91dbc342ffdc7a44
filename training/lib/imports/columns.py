"""The columns of a list, each under an English or a Chinese heading."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """One fact of a row; `also` are other headings it goes by in the files of an office."""

    field: str
    english: str
    chinese: str
    required: bool = False
    hint: Any = ""
    also: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading in the reader's language."""
        return self.chinese if (get_language() or "").startswith("zh") else self.english

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading the column is known by."""
        return (self.field, self.english, self.chinese, *self.also)


def texts_columns(prefix: str = "", english: str = "Name", chinese: str = "名称") -> tuple[Column, Column]:
    """Return the two columns of a text in both languages, as `prefix`name_en and `prefix`name_zh."""
    plain = not prefix
    return (
        Column(
            f"{prefix}name_en",
            f"{english} in English",
            f"{chinese}（英文）",
            hint=_("One of the two names is enough."),
            also=("English name", "英文名称", "name") if plain else (english,),
        ),
        Column(
            f"{prefix}name_zh",
            f"{english} in Chinese",
            f"{chinese}（中文）",
            also=("Chinese name", "中文名称", "名称") if plain else (chinese,),
        ),
    )
