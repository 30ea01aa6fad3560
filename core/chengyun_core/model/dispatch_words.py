"""Which matters a narrative speaks of: words of the catalogue found in it, the longest first, with weights (E9).

Rules only, nothing learned here: an officer can read in the catalogue why a narrative was taken for a fire.
`confidence` is a share of the evidence, not a probability; how often it is right was measured (docs/dispatch.md).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_conditions import listed

LONGEST_READ = 4000
"""Letters of a narrative that are read; what follows is talk."""
OPENING = 40
"""Letters at the beginning, where who reports says what it is about; words there count OPENING_WEIGHT times."""
OPENING_WEIGHT = 1.5
AGAIN = 0.25
"""What each further occurrence of a word adds, three at most."""
AGAINST = 1.5
"""How much more a word against a matter weighs than one for it."""
PRIOR = 1.5
"""Evidence that has to be outweighed: one short word alone decides nothing."""
TOLD = 5
"""Matters told at most."""
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One matter a narrative may be about."""

    matter: str
    score: float
    confidence: float
    """0 … 1: its share of all the evidence, less when there is little."""
    words: tuple[str, ...]
    """What decided, weightiest first; those against it with a minus before."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of all matters, findable by their first letter."""

    weights: Mapping[str, tuple[tuple[int, float], ...]]
    """Word → (place of the matter, weight; below zero: against it)."""
    begins: Mapping[str, tuple[str, ...]]
    """First letter → words, longest first."""
    codes: Sequence[str]


def lexicon_of(matters: Iterable[Matter]) -> Lexicon:
    """Return the lexicon of these matters. A word that speaks for many matters weighs the less for each."""
    codes: list[str] = []
    held: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, matter in enumerate(matters):
        codes.append(matter.code)
        for word in listed(matter.words):
            sign, bare = (-1, folded(word[1:])) if word.startswith("-") else (1, folded(word))
            if bare:
                held[bare].append((place, sign))
    weights = {word: tuple(_weighed(word, speaks)) for word, speaks in held.items()}
    return Lexicon(weights, by_first_letter(weights), codes)


def classify(narrative: str, lexicon: Lexicon) -> tuple[Guess, ...]:
    """Return the matters a narrative may be about, the likeliest first; none when no word of any is in it.

    Of words that begin at one place the longest counts: 「停电检修」 is not 「停电」. Deterministic; the first of
    equals is the first of the catalogue.
    """
    scores: dict[int, float] = defaultdict(float)
    because: dict[int, dict[str, float]] = defaultdict(dict)
    for word, weight in _found(folded(narrative)[:LONGEST_READ], lexicon).items():
        for place, own in lexicon.weights[word]:
            scores[place] += own * weight
            because[place][word if own > 0 else f"-{word}"] = abs(own * weight)
    ranked = sorted((place for place, score in scores.items() if score > 0), key=lambda place: (-scores[place], place))
    evidence = PRIOR + sum(scores[place] for place in ranked[:TOLD])
    return tuple(
        Guess(
            matter=lexicon.codes[place], score=round(scores[place], 3), confidence=round(scores[place] / evidence, 3),
            words=tuple(sorted(because[place], key=lambda word: (-because[place][word], word))),
        )
        for place in ranked[:TOLD]
    )  # fmt: skip


def folded(text: str) -> str:
    """Return a text as it is compared: one form of each letter, no blanks, no capitals."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def by_first_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return first letter → words, longest first: what a leftmost longest match looks through."""
    begins: dict[str, list[str]] = defaultdict(list)
    for word in words:
        begins[word[0]].append(word)
    return {letter: tuple(sorted(held, key=lambda word: (-len(word), word))) for letter, held in begins.items()}


def _weighed(word: str, speaks: Sequence[tuple[int, int]]) -> Iterable[tuple[int, float]]:
    own = (1 + len(word) / 2) / len(speaks)
    return ((place, own if sign > 0 else -AGAINST * own) for place, sign in speaks)


def _found(text: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the words in a text with how much each counts, by leftmost longest match."""
    found: dict[str, float] = {}
    times: dict[str, int] = defaultdict(int)
    at = 0
    while at < len(text):
        word = next((word for word in lexicon.begins.get(text[at], ()) if text.startswith(word, at)), "")
        if not word:
            at += 1
            continue
        times[word] += 1
        if times[word] == 1:
            found[word] = OPENING_WEIGHT if at < OPENING else 1.0
        elif times[word] <= 4:
            found[word] += AGAIN
        at += len(word)
    return found
