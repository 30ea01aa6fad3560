"""Reads the words of a PDF back through its own character maps: what a search or a screen reader would find in it."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_RANGE = re.compile(rb"<(\w{4})> <(\w{4})> (<\w+>|\[[^\]]*\])")
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<((?:[0-9a-fA-F]{4})+)> Tj|(\bET\b)")


def words_of(data: bytes) -> list[str]:
    """Return what each page says, runs of text joined by blanks."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    kids = re.search(rb"/Kids\s+\[([\d R\s]*)\]", data)
    pages = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])] if kids else []
    return [_page(objects, objects[page]) for page in pages]


def fonts_inside(data: bytes) -> tuple[int, int]:
    """Return how many fonts there are, and how many of them have their outlines in the file."""
    return data.count(b"/Type /FontDescriptor"), len(re.findall(rb"/FontFile\d? \d+ 0 R", data))


def _page(objects: dict[int, bytes], page: bytes) -> str:
    content = _stream(objects[_reference(page, b"Contents")])
    fonts = {}
    resources = objects[_reference(page, b"Resources")]
    for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", resources):
        fonts[name] = _characters(_stream(objects[_reference(objects[int(number)], b"ToUnicode")]))
    said: list[str] = []
    shown: dict[int, str] = {}
    for font, glyphs, end in _SHOWN.findall(content):
        if font:
            shown = fonts[font]
        elif glyphs:
            codes = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
            said += [shown.get(code, "?") for code in codes]
        elif end:
            said.append(" ")
    return " ".join("".join(said).split())


def _characters(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for first, last, target in _RANGE.findall(cmap):
        start, stop = int(first, 16), int(last, 16)
        texts = re.findall(rb"<(\w+)>", target)
        for place, code in enumerate(range(start, stop + 1)):
            raw = bytes.fromhex((texts[place] if target.startswith(b"[") else texts[0]).decode())
            found[code] = raw.decode("utf-16-be", "replace")
    return found


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found is not None, f"no {name!r} in {body[:200]!r}"
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]
