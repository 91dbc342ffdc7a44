"""Builds XML for export: characters that XML cannot hold are left out and told."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .losses import Losses
from .plain import spoken
from .report import Told
from .writing import Carrier

NO_XML = str.maketrans("", "", "\ufffe\uffff")


def fit(carrier: Carrier, text: str) -> str:
    """Return a text as XML can hold it."""
    losses = Losses()
    kept = spoken(text.translate(NO_XML).replace("\r\n", "\n").replace("\r", "\n"), losses)
    if losses.notes or len(text.translate(NO_XML)) < len(text):
        carrier.tell(Told.CONTROL, number=len(text) - len(kept))
    return kept


def put(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add a child with a text and attributes, in the order given."""
    element = SubElement(parent, name, attributes)
    if text:
        element.text = text
    return element


def document(root: Element) -> bytes:
    """Return a tree as a file; elements stand on lines of their own, texts are untouched."""
    indent(root, space=" ")
    return tostring(root, encoding="utf-8", xml_declaration=True)
