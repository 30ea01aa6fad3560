"""The words by which a name may be typed: itself, its code, its pinyin initials, its pinyin."""

import re
from collections.abc import Iterable
from functools import cache

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_PARTS = re.compile(r"[一-鿿]+|[^一-鿿\s]+")


def initials(name: str) -> tuple[str, ...]:
    """Return the initials an officer may type: by the reading of the phrase, and by each character's usual reading.

    重庆 gives `cq` and `zq`; 寸滩站 gives `ctz`; letters and figures stand for themselves. A name of several words in
    letters alone gives their first letters too: Market Street flow `msf`, Loop 769431 `l769431`.
    """
    parts = _PARTS.findall(name.casefold())
    spoken = "".join(_spoken(part)[0] for part in parts), "".join(_by_character(part) for part in parts)
    return _distinct((*spoken, _of_words(name)) if name.isascii() and len(parts) > 1 else spoken)


def keys_of(name: str, code: str) -> tuple[str, ...]:
    """Return all words of a row, lower case; `code` empty: it has none."""
    full = "".join(_spoken(part)[1] for part in _PARTS.findall(name.casefold()))
    return _distinct(word for word in (name.casefold(), code.casefold(), *initials(name), full) if word)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


@cache
def _spoken(part: str) -> tuple[str, str]:
    """Return initials and full pinyin of a run of characters; names share runs, hence the cache."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 0.2 s of tables: of who spells, not of who imports this

    syllables = lazy_pinyin(part, style=Style.NORMAL)
    if syllables == [part]:
        return part, part
    return "".join(syllable[0] for syllable in syllables), "".join(syllables)


def _of_words(name: str) -> str:
    """Return the first letter of every word and every figure, of a name in letters."""
    return "".join(part if part.isdigit() else part[0] for part in _WORDS.findall(name.casefold()))


def _by_character(part: str) -> str:
    return "".join(_spoken(character)[0] for character in part)
