"""Who and where a vital is: the rows of the catalogue joined by name, once per version."""

from chengyun_core.model.catalogue import Catalogue, Sector, Subtrack, Threshold, Track, Vital
from chengyun_core.model.places import Post

COLOUR_FIELDS = ("blue", "yellow", "orange", "red")


class Gazetteer:
    """Look-ups over one version of the catalogue. Unknown codes give None or the code itself, never an exception:
    a screen must show an alarm even when its catalogue row is not there yet."""

    def __init__(self, catalogue: Catalogue, endings: tuple[str, ...] = ()) -> None:
        """`endings`: words that places share (区, 县), left out where a row has little room; longest first."""
        self._endings = endings
        self.catalogue = catalogue
        self.version = catalogue.version
        self._sectors = {row.code: row for row in catalogue.sectors}
        self._tracks = {row.code: row for row in catalogue.tracks}
        self._subtracks = {row.code: row for row in catalogue.subtracks}
        self._centres = {row.code: row for row in catalogue.centres}
        self._posts = {row.code: row for row in catalogue.posts}
        self._numbers = {row.code: row.number for row in catalogue.vitals}
        in_force = catalogue.set_in_force()
        self._thresholds = {row.vital: row for row in catalogue.thresholds if row.threshold_set == in_force}
        self.set_name = next((row.name for row in catalogue.threshold_sets if row.in_force), "")

    def vital(self, number: int) -> Vital | None:
        """Return the row of a vital number."""
        return self.catalogue.vitals[number] if 0 <= number < len(self.catalogue.vitals) else None

    def number(self, code: str) -> int | None:
        """Return the number of a vital's code."""
        return self._numbers.get(code)

    def threshold(self, code: str) -> Threshold | None:
        """Return the vital's rule in the threshold set in force."""
        return self._thresholds.get(code)

    def subtrack(self, vital: Vital) -> Subtrack | None:
        """Return the sub-track a vital belongs to."""
        return self._subtracks.get(vital.subtrack)

    def track(self, vital: Vital) -> Track | None:
        """Return the track a vital belongs to."""
        row = self._subtracks.get(vital.subtrack)
        return self._tracks.get(row.track) if row else None

    def sector(self, vital: Vital) -> Sector | None:
        """Return the sector a vital belongs to."""
        row = self.track(vital)
        return self._sectors.get(row.sector) if row else None

    def post(self, code: str) -> Post | None:
        """Return a post by its code."""
        return self._posts.get(code)

    def place(self, code: str) -> str:
        """Return the centre's name; for a town the district before it, without the words every name shares."""
        row = self._centres.get(code)
        if row is None:
            return code
        above = self._centres.get(row.parent or "")
        is_town = above is not None and above.parent is not None
        return f"{self._short(above.name)} {row.name}" if is_town and above is not None else self._short(row.name)

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
