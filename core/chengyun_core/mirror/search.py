"""一键查: finding rows by name, pinyin initials, pinyin or code, through one text index made once per catalogue."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pypinyin import Style, lazy_pinyin

_PARTS = re.compile(r"[一-鿿]+|[^一-鿿\s]+")


class SearchIndex:
    """Keys of n rows. A row matches when every word typed is inside its name, code, initials or pinyin."""

    def __init__(self, names: Sequence[str], codes: Sequence[str]) -> None:
        self._keys = [_keys(name, code) for name, code in zip(names, codes, strict=True)]
        self._text = ["\n".join(keys) for keys in self._keys]

    def find(self, text: str, limit: int) -> list[int]:
        """Return the rows that match, best first: a key equal to the first word, one that starts with it, the rest."""
        words = text.casefold().split()
        if not words:
            return []
        found = [row for row, keys in enumerate(self._text) if all(word in keys for word in words)]
        found.sort(key=lambda row: (self._rank(row, words[0]), row))
        return found[:limit]

    def _rank(self, row: int, word: str) -> int:
        keys = self._keys[row]
        if word in keys:
            return 0
        return 1 if any(key.startswith(word) for key in keys) else 2


def initials(name: str) -> tuple[str, ...]:
    """Return the initials an officer may type: by the reading of the phrase, and by each character's usual reading.

    重庆 gives `cq` and `zq`; 寸滩站 gives `ctz`; letters and figures stand for themselves.
    """
    parts = _PARTS.findall(name.casefold())
    return _distinct(("".join(_spoken(part)[0] for part in parts), "".join(_by_character(part) for part in parts)))


def _keys(name: str, code: str) -> tuple[str, ...]:
    full = "".join(_spoken(part)[1] for part in _PARTS.findall(name.casefold()))
    return _distinct((name.casefold(), code.casefold(), *initials(name), full))


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


@cache
def _spoken(part: str) -> tuple[str, str]:
    """Return initials and full pinyin of a run of characters; names share runs, hence the cache."""
    syllables = lazy_pinyin(part, style=Style.NORMAL)
    if syllables == [part]:
        return part, part
    return "".join(syllable[0] for syllable in syllables), "".join(syllables)


def _by_character(part: str) -> str:
    return "".join(_spoken(character)[0] for character in part)
