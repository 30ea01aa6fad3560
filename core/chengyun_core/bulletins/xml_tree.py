"""Bytes of XML → a tree of elements with lines, within limits; DTDs, entities and fetches are refused (RS8).

No external reference can be followed: a document type is an error before anything it names is looked at, and expat is
given no handler that could open a file or a socket.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from chengyun_core.model.failure import Refused

MOST_BYTES = 2**20
DEEPEST = 64
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 32
LONGEST_ATTRIBUTE = 4_096
LONGEST_TEXT = 2**18
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CODECS = {
    "ascii": "ascii", "us-ascii": "ascii", "utf-8": "utf-8", "utf8": "utf-8", "iso-8859-1": "latin-1",
    # GB 18030 holds the two older codes; a strict decoder of theirs would refuse rare letters of place names.
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
"""Encodings an XML declaration may name; UTF-16 is known by its mark."""


@dataclass(slots=True)
class Element:
    """One element: name without namespace, the namespace, the line it begins at, its own text, what is in it."""

    name: str
    namespace: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    """Those without a namespace by name; others by `<namespace> <name>`."""

    def of(self, name: str) -> list["Element"]:
        """Return the children of a name, in their order."""
        return [child for child in self.children if child.name == name]

    def say(self, name: str) -> str:
        """Return the text of the first child of a name, without surrounding space; empty when there is none."""
        return next((child.text for child in self.children if child.name == name), "")


def read(data: bytes) -> Element:
    """Return the root of a document.

    Raises:
        Refused: `warning.too_large`, `warning.encoding`, `warning.not_xml`, `warning.document_type`, `warning.limits`.
    """
    if len(data) > MOST_BYTES:
        raise Refused("warning.too_large", size=len(data), most=MOST_BYTES)
    return _Builder().built(decoded(data))


def decoded(data: bytes) -> str:
    """Return the letters of a document by its mark or its declaration; raise Refused `warning.encoding`."""
    name = _encoding(data)
    try:
        return data.decode(name)
    except UnicodeDecodeError as fault:
        raise Refused("warning.encoding", encoding=name, at=fault.start) from fault


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    if declared not in _CODECS:
        raise Refused("warning.encoding", encoding=declared, at=0)
    return "utf-8-sig" if _CODECS[declared] == "utf-8" else _CODECS[declared]


class _Builder:
    """Takes what expat tells, and stops it at the first thing that is not allowed."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._count = 0
        self._root: Element | None = None
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartDoctypeDeclHandler = self._refuse_type
        self._parser.EntityDeclHandler = self._refuse_type
        self._parser.ExternalEntityRefHandler = self._refuse_type
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._letters

    def built(self, text: str) -> Element:
        try:
            # The letters are ours now: what the declaration says of their bytes does not hold any more.
            self._parser.Parse(text.encode("utf-8", "strict"), True)
        except expat.ExpatError as fault:
            said = expat.ErrorString(fault.code)
            raise Refused("warning.not_xml", line=fault.lineno, column=fault.offset + 1, reason=said) from fault
        except UnicodeEncodeError as fault:
            raise Refused("warning.encoding", encoding="utf-8", at=fault.start) from fault
        assert self._root is not None
        return self._root

    def _refuse_type(self, *_told: object) -> NoReturn:
        raise Refused("warning.document_type", line=self._parser.CurrentLineNumber)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise Refused("warning.limits", line=line)
        if any(len(value) > LONGEST_ATTRIBUTE for value in attributes.values()):
            raise Refused("warning.limits", line=line)
        namespace, _, own = name.rpartition(" ")
        element = Element(own, namespace, line, attributes=attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])
        self._lengths.append(0)

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()
        self._lengths.pop()

    def _letters(self, letters: str) -> None:
        self._lengths[-1] += len(letters)
        if self._lengths[-1] > LONGEST_TEXT:
            raise Refused("warning.limits", line=self._parser.CurrentLineNumber)
        self._texts[-1].append(letters)
