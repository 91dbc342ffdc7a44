"""The message catalogues: what is in the sources, whether all of it is translated, new translations in, .mo files out.

    python -m scripts.catalogue missing            what has no translation yet, one line each
    python -m scripts.catalogue check              fails unless every message is translated, placeholders and all
    python -m scripts.catalogue merge [FILE.tsv]   brings the catalogues up to date, with translations from the files
    python -m scripts.catalogue compile            writes the .mo files that are older than their sources

A line of a file: message, tab, translation; of a message with a plural: message, tab, plural, tab, translation.
`\\n` stands for a line break. Needs no gettext on the machine: Babel reads and writes, Django reads its own templates.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from scripts.fingerprint import ROOT

PACKAGES = ("training", "assessments", "courses", "mentors", "cms")
LOCALES = ROOT / "training" / "locale"
HEADER = "# The texts of the platform; `make messages` writes this file, the translations in it are yours."
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sd]|\{\w*\}")
Texts = tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(required=True)
    for action in (missing, check, merge, compile_all):
        sub = actions.add_parser(action.__name__.removesuffix("_all"))
        sub.set_defaults(action=action)
        if action is merge:
            sub.add_argument("files", nargs="*", type=Path)
    options = vars(parser.parse_args())
    options.pop("action")(**options)


def missing() -> None:
    for _path, catalogue in catalogues(up_to_date=True):
        for message in catalogue:
            if message.id and not is_translated(message):
                print("\t".join([*(text.replace("\n", r"\n") for text in texts(message.id)), ""]))


def check() -> None:
    problems = [
        f"{path.relative_to(ROOT)}: {problem}"
        for path, catalogue in catalogues(up_to_date=True)
        for problem in [*problems_of(catalogue), *unused_in(path, catalogue)]
    ]
    if problems:
        raise SystemExit("\n".join([*problems, f"{len(problems)} faults in the message catalogues"]))


def merge(files: list[Path]) -> None:
    translations = read_translations(files)
    for path, catalogue in catalogues(up_to_date=True):
        used = set()
        for message in catalogue:
            if message.id and (translation := translations.get(texts(message.id))):
                message.string = (translation,) if message.pluralizable else translation
                message.flags.discard("fuzzy")
                used.add(texts(message.id))
        for unknown in sorted(translations.keys() - used):
            print(f"Not in the sources: {unknown[0]!r}", file=sys.stderr)
        path.write_bytes(as_po(catalogue))
        left = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {left} without a translation")


def compile_all() -> None:
    for path, catalogue in catalogues():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            with target.open("wb") as file:
                write_mo(file, catalogue)


def catalogues(*, up_to_date: bool = False) -> Iterator[tuple[Path, Catalog]]:
    """Each language's catalogue as it is, or as it would be with exactly the messages of the sources."""
    template = messages_of_the_sources() if up_to_date else None
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        if template:
            template.creation_date = catalogue.creation_date  # only what was said may change the file
            catalogue.update(template, no_fuzzy_matching=True)
        yield path, catalogue


def messages_of_the_sources() -> Catalog:
    catalogue = Catalog(charset="utf-8")
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else tokenizable(templatize(text, origin=str(path)))
        found = extract("python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        for line, message, comments, context in found:
            place = [(str(path.relative_to(ROOT)), line)]
            catalogue.add(message, locations=place, auto_comments=comments, context=context)
    return catalogue


def source_files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
                yield path


def tokenizable(templatized: str) -> str:
    """Django leaves calls between filler words, indented as the template was, which Python's tokenizer refuses."""
    return "\n".join(line.strip() for line in templatized.splitlines()) + "\n"


def problems_of(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        if not is_translated(message):
            place = ":".join(map(str, message.locations[0]))
            yield f"not translated: {texts(message.id)[0]!r} ({place})"
        elif wrong := wrong_placeholders(message):
            yield f"placeholders differ ({', '.join(sorted(wrong))}): {texts(message.id)[0]!r}"


def unused_in(path: Path, up_to_date: Catalog) -> Iterator[str]:
    """Messages that the file still holds though no source says them any more."""
    with path.open("rb") as file:
        written = read_po(file)
    for message in written:
        if message.id and up_to_date.get(message.id, message.context) is None:
            yield f"no longer in the sources: {texts(message.id)[0]!r}"


def is_translated(message: Message) -> bool:
    return all(texts(message.string)) and not message.fuzzy


def wrong_placeholders(message: Message) -> set[str]:
    """Those that stand on one side only; a translation without plurals speaks for the message's plural."""
    return placeholders([texts(message.id)[-1]]) ^ placeholders(texts(message.string))


def placeholders(of: Iterable[str]) -> set[str]:
    return {found for text in of for found in PLACEHOLDER.findall(text)}


def texts(value: str | list[str] | Texts | None) -> Texts:
    """A message's or translation's texts: one, or the singular and the plural."""
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def read_translations(files: Iterable[Path]) -> dict[Texts, str]:
    """Translations by message; of two that differ the later one stands, and a line says so."""
    translations: dict[Texts, str] = {}
    for file in files:
        for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
            *message, translation = (text.replace(r"\n", "\n") for text in line.split("\t"))
            if translations.get(tuple(message), translation) != translation:
                print(f"{file}: a second translation of {message[0]!r}, it replaces the first", file=sys.stderr)
            translations[tuple(message)] = translation
    return translations


def as_po(catalogue: Catalog) -> bytes:
    catalogue.header_comment = HEADER
    catalogue.fuzzy = False
    file = io.BytesIO()
    write_po(file, catalogue, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
