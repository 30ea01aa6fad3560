"""Who and where a vital is; an alarm is shown even when its row of the catalogue is not there yet."""

from collections.abc import Mapping

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.tree import Layer, Node
from chengyun_core.model.catalogue import Guidance, Threshold, Vital
from chengyun_core.model.dispatch import Matter, Unit
from chengyun_core.model.places import Post


class Gazetteer:
    """Look-ups over one version of the catalogue; unknown things give None or the code itself, never an exception."""

    def __init__(
        self, view: CatalogueView, endings: tuple[str, ...] = (), people: Mapping[str, str] | None = None
    ) -> None:
        """`endings`: words that places share (district, county), left out of rows, longest first. `people`: live."""
        self.view = view
        self._people: Mapping[str, str] = {} if people is None else people
        self._endings = endings
        self._places: dict[str, str] = {}
        self._guidance = {row.about: row for row in view.catalogue.guidance}
        self._matters = {row.code: row for row in view.catalogue.matters}
        self._units = {row.code: row for row in view.catalogue.units}
        self._set_names = {row.code: row.name for row in view.catalogue.threshold_sets}
        self.set_name = self.set_called(view.threshold_set)
        """Of the set of thresholds in force where no scope in 急时 has another."""
        self.shown = tuple(row.number for row in view.catalogue.vitals if not row.retired)
        """Numbers of the vitals a screen shows: a retired one keeps its number but has left the city."""

    def set_called(self, code: str) -> str:
        """Return the name of a set of thresholds; its code when the catalogue has none of that code."""
        return self._set_names.get(code, code)

    def vital(self, number: int) -> Vital | None:
        """Return the row of a vital number."""
        try:
            return self.view.vital(number)
        except KeyError:
            return None

    def sector(self, number: int) -> Node | None:
        """Return the sector a vital belongs to."""
        return self._above(self.view.tree.sectors, number)

    def track(self, number: int) -> Node | None:
        """Return the track a vital belongs to."""
        return self._above(self.view.tree.tracks, number)

    def subtrack(self, number: int) -> Node | None:
        """Return the sub-track a vital belongs to."""
        return self._above(self.view.tree.subtracks, number)

    def guidance(self, number: int) -> Guidance | None:
        """Return what an officer is told about a vital's alarm: its own guidance, else its sub-track's (A14)."""
        vital = self.vital(number)
        return (self._guidance.get(vital.code) or self._guidance.get(vital.subtrack)) if vital else None

    def post(self, code: str) -> Post | None:
        """Return a post by its code."""
        return self.view.post(code)

    def matter(self, code: str) -> Matter | None:
        """Return a matter by its code."""
        return self._matters.get(code)

    def unit(self, code: str) -> Unit | None:
        """Return a unit by its code."""
        return self._units.get(code)

    def who(self, code: str) -> str:
        """Return the name of a unit or post, the code itself when it is neither."""
        found = self.unit(code) or self.post(code)
        return found.name if found is not None else code

    def person(self, account: str) -> str:
        """Return the name of who has an account, the account itself when nobody told it."""
        return self._people.get(account) or account

    def upwards(self, centre: str) -> tuple[str, ...]:
        """Return the codes of a centre and of those above it, itself first."""
        path: list[str] = []
        row = self.view.centre(centre)
        while row is not None and row.code not in path:
            path.append(row.code)
            row = self.view.centre(row.parent or "")
        return tuple(path)

    def place(self, code: str) -> str:
        """Return the centre's name without its shared ending; a town's with the district before it."""
        if code not in self._places:
            self._places[code] = self._place(code)
        return self._places[code]

    def _place(self, code: str) -> str:
        row = self.view.centre(code)
        if row is None:
            return code
        above = self.view.centre(row.parent or "")
        if above is not None and above.parent is not None:
            return f"{self._short(above.name)} {row.name}"
        return self._short(row.name)

    def _above(self, layer: Layer, number: int) -> Node | None:
        index = int(layer.node_of_vital[number]) if 0 <= number < self.view.count else -1
        return layer.nodes[index] if index >= 0 else None

    def _short(self, name: str) -> str:
        for ending in self._endings:
            if name.endswith(ending) and len(name) - len(ending) >= 2:
                return name.removesuffix(ending)
        return name


def limits(threshold: Threshold | None, side: str) -> tuple[tuple[int, float], ...]:
    """Return (colour 1..4, limit) of the `high` or `low` bands that exist, blue first."""
    if threshold is None:
        return ()
    row = threshold.high() if side == "high" else threshold.low()
    return tuple((colour, limit) for colour, limit in enumerate(row, 1) if limit is not None)
