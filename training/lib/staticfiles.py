"""Static files under names that change with their content; our scripts come with what they import."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What pages name. What stands deeper is imported by those and asked for by no page.
ENTRIES = re.compile(r"js/[\w-]+\.js")
IMPORT = re.compile(r"""^import (?:\{ ([\w, ]+) \} from )?"(\.{1,2}/[\w./-]+\.js)";$""", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class JoiningStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Of our own files alone: those of packages are handed out as they come."""

    def post_process(self, paths: dict[str, tuple[Storage, str]], *args: Any, **kwargs: Any) -> Iterator[Any]:
        joined = {name: (Joined(storage), path) for name, (storage, path) in paths.items() if ENTRIES.fullmatch(name)}
        yield from super().post_process(paths | joined, *args, **kwargs)


class Joined:
    """A storage that puts into each script what it imports."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile[bytes]:
        modules: dict[str, str] = {}
        entry = self._adapted(path, modules)[0]
        return ContentFile("".join([*modules.values(), entry]).encode())

    def _text(self, path: str) -> str:
        with self.storage.open(path) as file:
            return file.read().decode()

    def _adapted(self, path: str, modules: dict[str, str]) -> tuple[str, list[str]]:
        """Return a module with its imports as names of scopes, and what it exports; adds what it imports first."""

        def imported(found: re.Match[str]) -> str:
            names, target = found[1], posixpath.normpath(posixpath.join(posixpath.dirname(path), found[2]))
            if target not in modules:
                text, exported = self._adapted(target, modules)
                modules[target] = (
                    f"const {_scope(target)} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();\n"
                )
            return f"const {{ {names} }} = {_scope(target)};" if names else ""

        text = IMPORT.sub(imported, self._text(path))
        exported = EXPORT.findall(text)
        text = EXPORT.sub("", text)
        if left := LEFT_OVER.search(text):
            raise ValueError(f"{path}: cannot be joined, write it as the other modules do: {left[0]}")
        return text, exported


def _scope(path: str) -> str:
    """Each module keeps its names to itself, as it does where it is not joined."""
    return re.sub(r"\W", "_", path)
