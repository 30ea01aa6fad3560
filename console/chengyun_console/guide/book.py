"""The handbook of one language: chapters with titles, their HTML, and a search over what they say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_console.guide.chapters import CHAPTERS
from chengyun_console.guide.markers import filled
from chengyun_console.guide.marking import html
from chengyun_resources import handbook
from chengyun_resources.texts import Texts

_PICTURE = re.compile(r"!\[([^\]]*)\]\(picture:[a-z0-9-]+ \"([^\"]*)\"\)")
_SIGNS = re.compile(r"[`*#|]+|!\[[^\]]*\]\([^)]*\)|\]\(#\w+\)|\[| --- ")
_AROUND = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter: its key, title, HTML, and its plain words for the search."""

    key: str
    title: str
    html: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A chapter that says what was looked for, how often, and the first place with its neighbours."""

    key: str
    title: str
    count: int
    excerpt: str


class Book:
    """All chapters, made once when the handbook is first opened."""

    def __init__(self, texts: Texts) -> None:
        """Read and set the chapters.

        Raises:
            FileNotFoundError: the resources miss a chapter.
            KeyError: a chapter asks for a table, an action or a permission there is not; says which.
        """
        self.chapters = tuple(_chapter(key, texts) for key in CHAPTERS)

    def chapter(self, key: str) -> Chapter:
        """Return a chapter by its key, the first one for a key that is none."""
        return next((chapter for chapter in self.chapters if chapter.key == key), self.chapters[0])

    def look_for(self, text: str) -> tuple[Found, ...]:
        """Return the chapters that hold all the words, those that hold them most often first; all for no words."""
        words = text.casefold().split()
        found = [hit for chapter in self.chapters if (hit := _found(chapter, words)) is not None]
        return tuple(sorted(found, key=lambda hit: -hit.count)) if words else tuple(found)


def _chapter(key: str, texts: Texts) -> Chapter:
    source = handbook.chapter(texts.language, key)
    whole = filled(source, texts)
    title = next(line for line in whole.splitlines() if line.startswith("# ")).removeprefix("# ")
    return Chapter(key=key, title=title, html=html(whole), plain=_plain(whole))


def _plain(whole: str) -> str:
    """Return the words a search looks through; what is seen on a picture and said below it are among them."""
    return " ".join(_SIGNS.sub(" ", _PICTURE.sub(r"\1 \2", whole)).split())


def _found(chapter: Chapter, words: list[str]) -> Found | None:
    plain = chapter.plain.casefold()
    if not all(word in plain for word in words):
        return None
    count = sum(plain.count(word) for word in words)
    excerpt = "".join(_excerpt(chapter.plain, plain.find(words[0]), len(words[0]))) if words else ""
    return Found(key=chapter.key, title=chapter.title, count=count, excerpt=excerpt)


def _excerpt(plain: str, at: int, length: int) -> Iterator[str]:
    start, end = max(0, at - _AROUND), at + length + _AROUND * 2
    yield "…" if start else ""
    yield plain[start:end].strip()
    yield "…" if end < len(plain) else ""
