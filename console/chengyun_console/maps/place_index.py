"""Places of the map by what is typed: name, code, pinyin and its initials, as the search of the window finds vitals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chengyun_console.maps.risk_places import RiskPlaces
from chengyun_console.maps.shape_paths import LayerShapes
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.pinyin import keys_of
from chengyun_core.mirror.search import SearchIndex


@dataclass(frozen=True, slots=True, eq=False)
class PlaceSources:
    """What is spelled, as it stood when it was asked for: nothing of it changes."""

    view: CatalogueView | None
    shapes: tuple[LayerShapes, ...]
    risks: RiskPlaces

    def is_of(self, other: "PlaceSources") -> bool:
        """Return whether both hold the same names."""
        same = self.view is other.view and self.risks is other.risks and len(self.shapes) == len(other.shapes)
        return same and all(one is two for one, two in zip(self.shapes, other.shapes, strict=True))


class PlaceIndex:
    """Read-only once made; making it takes some tenths of a second of pinyin, beside the GUI thread.

    Keys: `centre:CODE`, `feature:LAYER/CODE`, `risk_point:CODE`, `unit:CODE`, `camera:CODE`.
    """

    def __init__(self, sources: PlaceSources) -> None:
        self.sources = sources
        rows = list(_rows(sources))
        self._keys = [key for key, _name, _code in rows]
        self._index = SearchIndex([keys_of(name, code) for _key, name, code in rows])

    def find(self, text: str) -> Iterator[str]:
        """Yield the keys of places that match, best first; areas before the rest among equals."""
        for _rank, row in self._index.ranked(text):
            yield self._keys[row]


def written(sources: PlaceSources, text: str) -> Iterator[str]:
    """Yield the keys of places whose name or code holds what was typed: until they are spelled."""
    for key, name, code in _rows(sources):
        if text in name.casefold() or text == code.casefold():
            yield key


def _rows(sources: PlaceSources) -> Iterable[tuple[str, str, str]]:
    """Yield key, name and code, areas first."""
    catalogue = sources.view.catalogue if sources.view is not None else None
    for centre in catalogue.centres if catalogue is not None else ():
        yield f"centre:{centre.code}", centre.name, centre.code
    for shapes in sources.shapes:
        for code, name in shapes.names.items():
            yield f"feature:{shapes.layer.code}/{code}", name, ""
    for code, name in zip(sources.risks.codes, sources.risks.names, strict=True):
        yield f"risk_point:{code}", name, code
    for unit in catalogue.units if catalogue is not None else ():
        yield f"unit:{unit.code}", unit.name, unit.code
    for camera in catalogue.cameras if catalogue is not None else ():
        yield f"camera:{camera.code}", camera.name, camera.code
