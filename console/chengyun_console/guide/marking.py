"""From the handbook's Markdown to the HTML a text browser shows: headings, lists, tables, keys, inner links."""

import re
from collections.abc import Iterable, Iterator
from html import escape

_INLINE = re.compile(
    r"`(?P<key>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*|!\[[^\]]*\]\((?P<mark>mark:[a-z0-9:]+)\)"
    r"|\[(?P<text>[^\]]+)\]\(#(?P<chapter>[a-z]+)\)"
)
_PICTURE = re.compile(r'!\[(?P<seen>[^\]]*)\]\(picture:(?P<name>[a-z0-9-]+) "(?P<caption>[^"]*)"\)')
_CLASSES = {"#": "h1", "##": "h2", "###": "h3"}


def html(markdown: str) -> str:
    """Return HTML. Everything but the marks known here is shown as it is written; nothing can be loaded by it."""
    return "\n".join(_blocks(markdown.splitlines()))


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    kind = ""
    for line in (*lines, ""):
        found = _kind(line)
        if held and found != kind:
            yield _block(kind, held)
            held = []
        kind = found
        if kind == "heading":
            sign, _, text = line.partition(" ")
            yield f'<p class="{_CLASSES[sign]}">{_inline(text)}</p>'
        elif kind:
            held.append(line)


def _kind(line: str) -> str:
    text = line.strip()
    if not text:
        return ""
    if text.partition(" ")[0] in _CLASSES:
        return "heading"
    if text.startswith("|"):
        return "table"
    if text.startswith("* "):
        return "list"
    if _PICTURE.fullmatch(text):
        return "picture"
    return "steps" if re.match(r"\d+\. ", text) else "text"


def _block(kind: str, lines: list[str]) -> str:
    match kind:
        case "table":
            return _table(lines)
        case "picture":
            return "".join(_picture(line.strip()) for line in lines)
        case "list":
            return "<ul>" + "".join(f"<li>{_inline(line.strip()[2:])}</li>" for line in lines) + "</ul>"
        case "steps":
            return "<ol>" + "".join(f"<li>{_inline(line.strip().split('. ', 1)[1])}</li>" for line in lines) + "</ol>"
        case _:
            return "<p>" + _inline(" ".join(line.strip() for line in lines)) + "</p>"


def _picture(line: str) -> str:
    """Return a picture with its caption below; whoever shows it says how wide it is (`ChapterBrowser`)."""
    found = _PICTURE.fullmatch(line)
    assert found is not None
    seen = escape(found["seen"], quote=True)
    image = f'<img src="picture:{found["name"]}" alt="{seen}" title="{seen}">'
    return f'<p class="picture">{image}</p><p class="caption">{_inline(found["caption"])}</p>'


def _table(lines: list[str]) -> str:
    head, _ruler, *rows = (_cells(line) for line in lines)
    top = "".join(f"<th>{_inline(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table width="100%" cellspacing="0" cellpadding="4"><tr>{top}</tr>{body}</table>'


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _inline(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _INLINE.finditer(text):
        parts += [escape(text[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join((*parts, escape(text[end:])))


def _marked(found: "re.Match[str]") -> str:
    if found["key"]:
        return f'<span class="key">&nbsp;{escape(found["key"])}&nbsp;</span>'
    if found["bold"]:
        return f"<b>{escape(found['bold'])}</b>"
    if found["mark"]:
        return f'<img src="{found["mark"]}" width="14" height="14">'
    return f'<a href="#{found["chapter"]}">{escape(found["text"])}</a>'
