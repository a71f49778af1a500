"""An answer in XML: bytes with everything escaped, and never longer than the provider takes."""

from xml.etree import ElementTree

from wire.webhook import WireReply

_HEADERS = (("Content-Type", "text/xml; charset=utf-8"),)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
NOTHING = WireReply(200, b"", (("Content-Type", "text/plain; charset=utf-8"),))
"""An empty 200, for webhooks whose answer nobody reads."""


def reply(document: str, most_bytes: int) -> WireReply:
    """The answer that is this document, its declaration included. Raises ValueError when it is longer."""
    body = document.encode()
    if len(body) > most_bytes:
        raise ValueError(f"an answer of {len(body)} bytes, where {most_bytes} are taken: say less at once")
    return WireReply(200, body, _HEADERS)


def written(root: ElementTree.Element) -> str:
    """The document of this root element."""
    return _DECLARATION + ElementTree.tostring(root, encoding="unicode")


def element(parent: ElementTree.Element, name: str, text: str = "", **attributes: str | int) -> ElementTree.Element:
    """A new element in `parent`, with its attributes in this order."""
    made = ElementTree.SubElement(parent, name, {key: str(value) for key, value in attributes.items()})
    made.text = text or None
    return made
