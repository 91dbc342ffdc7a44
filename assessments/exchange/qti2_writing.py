"""Writes QTI 2.2: a zip with one XML file for each item and a manifest whose keywords carry the facts QTI lacks."""

import io
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from assessments.rules import ItemDraft

from .qti2_bodies import item_of
from .report import Left, Written
from .tags import tags_of
from .writing import CannotCarry, Carrier, Files
from .xml_writing import document, fit, put

CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"
METADATA = "http://ltsc.ieee.org/xsd/LOM"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that equal items make equal files."""


def write_qti2(drafts: Sequence[ItemDraft], *, language: str, files: Files | None = None) -> Written:
    """Return the items as a QTI 2.2 package in one language, with all that it could not carry; `files`: their media."""
    manifest = Element("manifest", {"xmlns": CONTENT, "xmlns:imsmd": METADATA, "identifier": "items"})
    metadata = put(manifest, "metadata")
    put(metadata, "schema", "QTIv2.2 Package")
    put(metadata, "schemaversion", "1.0.0")
    put(manifest, "organizations")
    resources = put(manifest, "resources")
    left: list[Left] = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, draft in enumerate(drafts, start=1):
            carrier = Carrier(draft, language, files=files or {})
            try:
                item, media = item_of(carrier, f"item-{number}")
            except CannotCarry as reason:
                left.append(Left(draft.code, (*carrier.notes, reason.note), is_out=True))
                continue
            _list(carrier, resources, number, [name for name, _data in media])
            for name, data in media:
                _store(archive, f"items/{name}", data)
            _store(archive, f"items/item-{number}.xml", document(item))
            left.extend(carrier.left())
        _store(archive, "imsmanifest.xml", document(manifest))
    return Written(buffer.getvalue(), tuple(left))


def _store(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, zipfile.ZIP_DEFLATED)


def _list(carrier: Carrier, resources: Element, number: int, media: Sequence[str]) -> None:
    href = f"items/item-{number}.xml"
    resource = put(resources, "resource", identifier=f"resource-{number}", type="imsqti_item_xmlv2p2", href=href)
    if tags := tags_of(carrier.draft):
        general = put(put(put(resource, "metadata"), "imsmd:lom"), "imsmd:general")
        for tag in tags:
            put(put(general, "imsmd:keyword"), "imsmd:string", fit(carrier, tag), language=carrier.language)
    for name in (href, *(f"items/{one}" for one in media)):
        put(resource, "file", href=name)
