"""Where a narrative says it is: centres named in it, and the words of the address (E9)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chengyun_core.model.dispatch_grammar import Grammar
from chengyun_core.model.dispatch_words import LONGEST_READ, by_first_letter, folded
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level

TOLD = 5
POINTS_FULL, POINTS_SHORT, POINTS_PARENT, POINTS_NEAR = 3.0, 1.5, 2.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGuess:
    """A centre a narrative may name."""

    centre: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of all centres, and their parents."""

    names: Mapping[str, tuple[tuple[str, bool], ...]]
    """Name → (code, whether it is the full name)."""
    begins: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str]
    levels: Mapping[str, Level] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    """What follows the short name of a town that is meant as a place."""


def gazetteer_of(centres: Iterable[Centre], grammar: Grammar) -> Gazetteer:
    """Return the names of these centres, full ones and short ones of two letters or more."""
    names: dict[str, dict[str, bool]] = defaultdict(dict)
    parents: dict[str, str] = {}
    levels: dict[str, Level] = {}
    for centre in centres:
        parents[centre.code], levels[centre.code] = centre.parent or "", centre.level
        full = folded(centre.name)
        short = grammar.endings.sub("", full)
        if len(short) >= 2:
            names[short].setdefault(centre.code, False)
        names[full][centre.code] = True
    held = {name: tuple(sorted(codes.items())) for name, codes in names.items()}
    return Gazetteer(held, by_first_letter(held), parents, levels, grammar.after)


def places(narrative: str, gazetteer: Gazetteer, area: Sequence[str] = ()) -> tuple[PlaceGuess, ...]:
    """Return the centres a narrative names, the likeliest first.

    A name several towns bear is decided by the district named beside it, then by `area`: the path of the centre whose
    officer reads it.
    """
    told = _named(folded(narrative)[:LONGEST_READ], gazetteer)
    scores: dict[str, float] = {}
    for code, (points, _) in told.items():
        above = gazetteer.parents.get(code, "")
        beside = POINTS_PARENT if above in told and gazetteer.levels.get(above) is not Level.CITY else 0.0
        near = POINTS_NEAR if above in area or code in area else 0.0
        lower = {Level.TOWN: 0.2, Level.DISTRICT: 0.1}.get(gazetteer.levels.get(code, Level.CITY), 0.0)
        scores[code] = points + beside + near + lower
    ranked = sorted(scores, key=lambda code: (-scores[code], code))[:TOLD]
    return tuple(PlaceGuess(centre=code, score=round(scores[code], 2), words=tuple(told[code][1])) for code in ranked)


def addresses(narrative: str, grammar: Grammar) -> tuple[str, ...]:
    """Return the words that look like an address, longest first, three at most: for the field 地点, to be read over."""
    found: dict[str, None] = {}
    for match in grammar.address.finditer(folded(narrative)[:LONGEST_READ]):
        words = grammar.leads.sub("", match[0])
        if len(words) >= 3:
            found[words] = None
    return tuple(sorted(found, key=len, reverse=True)[:3])


def _named(text: str, gazetteer: Gazetteer) -> dict[str, tuple[float, list[str]]]:
    """Return code → points and words of the centres named in a text, by leftmost longest match."""
    told: dict[str, tuple[float, list[str]]] = {}
    at = 0
    while at < len(text):
        name = next((name for name in gazetteer.begins.get(text[at], ()) if text.startswith(name, at)), "")
        for code, full in gazetteer.names.get(name, ()):
            town = gazetteer.levels.get(code) is Level.TOWN
            if full or not town or text.startswith(gazetteer.after, at + len(name)):
                points, words = told.get(code, (0.0, []))
                told[code] = (max(points, POINTS_FULL if full else POINTS_SHORT), [*words, name])
        at += max(1, len(name))
    return {code: (points, list(dict.fromkeys(words))) for code, (points, words) in told.items()}
