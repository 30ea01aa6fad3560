"""The officer's guide as one page to read outside the program: the same chapters, filled in from the same tables."""

import re

from chengyun_console.guide.markers import filled
from chengyun_resources import handbook
from chengyun_resources.texts import Texts

GUIDE = ("chain", "night", "intake", "receipts", "supervision")
"""Chapters of the guide in their order."""
_MARK = re.compile(r"!\[[^\]]*\]\(mark:([1-4])[a-z:]*\)")
_SHAPES = {"4": "◆", "3": "▲", "2": "■", "1": "●"}
_PICTURE = re.compile(r'!\[([^\]]*)\]\(picture:([a-z0-9-]+) "([^"]*)"\)')
_LINK = re.compile(r"\[([^\]]+)\]\(#([a-z]+)\)")
_HEADING = re.compile(r"^#", re.MULTILINE)


def guide_page(texts: Texts, pictures: str) -> str:
    """Return the guide as Markdown; `pictures` is the way from the page to the folder of the pictures.

    Raises:
        KeyError: a chapter asks for what there is not.
    """
    return "\n\n".join(_chapter(key, texts, pictures) for key in GUIDE)


def _chapter(key: str, texts: Texts, pictures: str) -> str:
    whole = filled(handbook.chapter(texts.language, key), texts).strip()
    whole = _MARK.sub(lambda found: _SHAPES[found[1]], whole)
    whole = _PICTURE.sub(lambda found: f"![{found[1]}]({pictures}/{found[2]}.png)\n\n*{found[3]}*", whole)
    whole = _LINK.sub(lambda found: _linked(found, texts), whole)
    return f'<a id="{key}"></a>\n\n' + _HEADING.sub("##", whole)


def _linked(found: "re.Match[str]", texts: Texts) -> str:
    """A link to a chapter of the guide stays one; of others this page has only the name."""
    return found[0] if found[2] in GUIDE else texts.say("guide.chapter_named", title=found[1])
