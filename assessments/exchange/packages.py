"""Zip packages of QTI: what their manifest lists, else every XML file of questions in them."""

import posixpath
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from training.lib.office import Archive, FileRefused
from training.lib.office.trees import child, children, every, words

from .canvas import collect_canvas, is_canvas
from .collecting import Collector
from .media import is_medium
from .qti2 import collect, is_qti2
from .report import Format, ReadFile, Told
from .trees import tree

MANIFEST = "imsmanifest.xml"
NO_ITEMS = ("imsqti_test", "assessmentTest")


def read_package(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a zip of questions. Raises FileRefused for a hostile or broken one and when there is no question in it."""
    archive = Archive(data)
    listed = _listed(archive)
    collector = Collector(Format.QTI2, source, languages)
    media = _Media(archive)
    collector.files = media.find
    for name in listed or [name for name in archive.names if name.endswith(".xml")]:
        if posixpath.basename(name) == MANIFEST:
            continue
        media.folder = posixpath.dirname(name)
        try:
            root = tree(archive.read(name))
        except FileRefused as refused:
            collector.refuse(Told.UNREADABLE, name=name, text=name, reason=refused.code)
            continue
        _take(collector, root, name, language, listed.get(name, []))
    for name in archive.names:
        if not name.endswith((".xml", ".xsd", ".dtd")) and name not in media.taken:
            collector.tell(Told.FILE, name=name)
    return collector.finish()


@dataclass
class _Media:
    """The files of a package, found from the folder of the questions that name them."""

    archive: Archive
    folder: str = ""
    taken: dict[str, bytes] = field(default_factory=dict)

    def find(self, name: str) -> tuple[str, bytes] | None:
        """Return a file by its address in a question: beside it, from the top, or by its name where only one has it."""
        alike = [one for one in self.archive.names if posixpath.basename(one) == posixpath.basename(name)]
        ways = [posixpath.normpath(posixpath.join(self.folder, name)), posixpath.normpath(name)]
        path = next((way for way in ways if way in self.archive.names), alike[0] if len(alike) == 1 else None)
        if path is None or not is_medium(path):
            return None
        if path not in self.taken:
            self.taken[path] = self.archive.read(path)
        return path, self.taken[path]


def _take(collector: Collector, root: Element, name: str, language: str, tags: list[str]) -> None:
    if is_qti2(root):
        collect(collector, root, language, tags)
    elif is_canvas(root):
        collector.format = Format.CANVAS
        collect_canvas(collector, root, language)
    elif root.tag in NO_ITEMS:
        collector.tell(Told.SETTING)
    else:
        collector.tell(Told.FILE, name=name)


def _listed(archive: Archive) -> dict[str, list[str]]:
    """Return the XML files a manifest lists as resources, with the keywords it gives each."""
    place = next((name for name in archive.names if posixpath.basename(name) == MANIFEST), None)
    if place is None:
        return {}
    root = tree(archive.read(place))
    folder = posixpath.dirname(place)
    found = {}
    for resource in children(child(root, "resources"), "resource"):
        href = resource.get("href") or next((file.get("href", "") for file in children(resource, "file")), "")
        path = posixpath.normpath(posixpath.join(folder, href))
        if path in archive.names and path.endswith(".xml"):
            found[path] = [words(keyword).strip() for keyword in every(resource, "keyword")]
    return found
