"""Everything of a catalogue that can be typed: vitals by their own words, their place and state; places; phrases."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.mirror.search import Extra, Rank, SearchIndex, around_text
from chengyun_core.mirror.tree import Tree
from chengyun_core.model.catalogue import Catalogue, Vital
from chengyun_core.model.places import Centre

Keys = tuple[str, ...]


class PlaceKind(StrEnum):
    """What a place is."""

    CENTRE = "centre"
    SECTOR = "sector"
    TRACK = "track"
    SUBTRACK = "subtrack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A centre, sector, track or sub-track that can be gone to; codes are distinct within a kind."""

    kind: PlaceKind
    code: str
    name: str


def places_of(catalogue: Catalogue, tree: Tree) -> tuple[Place, ...]:
    """Return every place of a catalogue: centres first, then the tree from the top."""
    centres = (Place(kind=PlaceKind.CENTRE, code=row.code, name=row.name) for row in catalogue.centres)
    layers = (tree.sectors, tree.tracks, tree.subtracks)
    nodes = (Place(kind=PlaceKind(node.kind), code=node.code, name=node.name) for one in layers for node in one.nodes)
    return (*centres, *nodes)


def named(places: Iterable[Place], phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct names that need words besides the vitals', in the order the keys are kept in."""
    return tuple(dict.fromkeys((*(place.name for place in places), *phrases)))


class Finder:
    """Read-only once made; making it for 6 000 vitals takes about 30 ms, so not on a GUI thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        tree: Tree,
        vitals: Sequence[Vital],
        keys: Sequence[Keys],
        phrases: Sequence[str] = (),
    ) -> None:
        """`keys`: one entry per vital, then one per name of `named(places, phrases)`."""
        self._places = places_of(catalogue, tree)
        words = dict(zip(named(self._places, phrases), keys[len(vitals) :], strict=True))
        self._numbers = [vital.number for vital in vitals]
        self._vitals = SearchIndex(keys[: len(vitals)], _around(catalogue, tree, vitals, words))
        self._place_index = SearchIndex([(*words[place.name], place.code.casefold()) for place in self._places])
        self._phrases = tuple(phrases)
        self._phrase_index = SearchIndex([words[phrase] for phrase in phrases])

    def vitals(self, text: str, extra: Extra | None = None) -> list[tuple[Rank, int]]:
        """Return (rank, number) of the vitals that match, best first; `extra` is asked about numbers."""
        numbers = self._numbers
        by_row = {word: _of_row(means, numbers) for word, means in (extra or {}).items()}
        return [(rank, numbers[row]) for rank, row in self._vitals.ranked(text, by_row)]

    def places(self, text: str) -> list[tuple[Rank, Place]]:
        """Return the places that match, best first."""
        return [(rank, self._places[row]) for rank, row in self._place_index.ranked(text)]

    def place(self, kind: str, code: str) -> Place | None:
        """Return a place of this catalogue, None when there is none."""
        return next((place for place in self._places if (place.kind, place.code) == (kind, code)), None)

    def phrases(self, text: str) -> list[tuple[Rank, str]]:
        """Return the phrases that match by themselves, their initials or pinyin, best first."""
        return [(rank, self._phrases[row]) for rank, row in self._phrase_index.ranked(text)]


def _of_row(means: Callable[[int], bool], numbers: Sequence[int]) -> Callable[[int], bool]:
    return lambda row: means(numbers[row])


def _around(catalogue: Catalogue, tree: Tree, vitals: Sequence[Vital], words: dict[str, Keys]) -> list[str]:
    """Return per vital the keys of its sub-track, track, sector, centre and the centres above it.

    The top centre is left out: it is above every vital and would find them all.
    """
    centres = {row.code: row for row in catalogue.centres}
    paths: dict[str, str] = {}
    made: dict[tuple[str, int], str] = {}
    found = []
    for vital in vitals:
        at = int(tree.subtracks.node_of_vital[vital.number])
        if (vital.centre, at) not in made:
            if vital.centre not in paths:
                paths[vital.centre] = around_text(_centre_words(centres, vital.centre, words))
            made[vital.centre, at] = paths[vital.centre] + around_text(_node_words(tree, at, words))
        found.append(made[vital.centre, at])
    return found


def _centre_words(centres: dict[str, Centre], code: str, words: dict[str, Keys]) -> list[str]:
    found: list[str] = []
    row = centres.get(code)
    while row is not None and row.parent is not None:
        found += (*words[row.name], row.code)
        row = centres.get(row.parent)
    return found


def _node_words(tree: Tree, subtrack: int, words: dict[str, Keys]) -> list[str]:
    if subtrack < 0:
        return []
    node = tree.subtracks.nodes[subtrack]
    found = [*words[node.name]]
    for layer in (tree.tracks, tree.sectors):
        if not layer.has(node.parent):
            break
        node = layer.node(node.parent)
        found += words[node.name]
    return found
