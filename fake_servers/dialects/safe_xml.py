"""XML from strangers: small, in UTF-8, and without a document type, whose entities could grow without end."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

XML_TYPE = "text/xml; charset=utf-8"
XML_TYPES = ("text/xml", "application/xml")
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'

# Only these two begin the declarations through which expat can be made to expand entities; XML knows no other spelling of them.
FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")


def parse_xml(body: bytes) -> Element:
    """The root element.

    The text is decoded first and handed on as text: in UTF-16, say, a look at the bytes would miss a forbidden declaration.

    Raises:
        ValueError: It is not UTF-8, not well-formed, or declares a document type or entities.
    """
    text = body.decode("utf-8")
    if any(word in text for word in FORBIDDEN):
        raise ValueError("the XML declares a document type or entities, which is refused unread")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"the body is not well-formed XML: {error}") from error


def write_xml(root: Element) -> bytes:
    """The document in UTF-8, on one line."""
    return DECLARATION + ElementTree.tostring(root, encoding="unicode").encode("utf-8")


def add_text(parent: Element, tag: str, text: str) -> None:
    """A child with this text; none if there is nothing to say."""
    if text:
        SubElement(parent, tag).text = text


def texts(root: Element, tag: str) -> tuple[str, ...]:
    """What the children of this name say; one that is empty says nothing."""
    return tuple(child.text for child in root.findall(tag) if child.text)
