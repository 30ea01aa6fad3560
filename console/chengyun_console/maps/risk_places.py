"""Where all risk points of the city are, as columns: fetched page by page, kept until the library changes."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_console.session.history import SILENT
from chengyun_core.geo.projection import to_world
from chengyun_core.model.failure import Reason
from chengyun_core.wire.plan_asks import AskPlaces, PointPlaces

ASK = "risk_point.places"
AGAIN_MS = 10_000
"""After so long a centre that did not answer is asked again: nothing else would bring the points before a change."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskPlaces:
    """Parallel columns by code; `x`, `y` float64[n] in world coordinates."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    x: npt.NDArray[np.float64] = field(default_factory=partial(np.zeros, 0))
    y: npt.NDArray[np.float64] = field(default_factory=partial(np.zeros, 0))
    numbers: dict[str, int] | None = None
    """Code → place in the columns."""
    watched: dict[str, str] | None = None
    """Vital → risk point."""
    unplaced: int = 0

    def at(self, code: str) -> tuple[float, float] | None:
        """Return where a risk point is, None when it is not known or has no place."""
        number = (self.numbers or {}).get(code)
        return None if number is None else (float(self.x[number]), float(self.y[number]))


class RiskPlaceStore(QObject):
    """One for all maps of a desk."""

    did_change = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.places = RiskPlaces()
        self.fault: Reason | None = None
        self._pages: list[PointPlaces] = []
        self._background = Background(self)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.begin)

    def begin(self) -> None:
        """Fetch them anew."""
        self._pages = []
        self._ask("")

    def _ask(self, after: str) -> None:
        self._desk.session.ask(ASK, AskPlaces(after=after), self._on_page, slot=ASK)

    def _on_page(self, told: object) -> None:
        if not isinstance(told, PointPlaces):
            self.fault = told if isinstance(told, Reason) else None
            if self.fault is not None and self.fault.code in SILENT:
                self._again.start()
            self.did_change.emit()
            return
        self.fault = None
        if self._pages and told.library != self._pages[0].library:
            # Somebody changed the library between two pages: half of the old and half of the new is neither.
            self.begin()
            return
        self._pages.append(told)
        if told.after:
            self._ask(told.after)
        else:
            self._background.run("join", partial(joined, tuple(self._pages)), self._on_joined)
            self._pages = []

    def _on_joined(self, made: object) -> None:
        if isinstance(made, RiskPlaces):
            self.places = made
            self.did_change.emit()


def joined(pages: tuple[PointPlaces, ...]) -> RiskPlaces:
    """Return the pages as one; raise ValueError for columns that do not match."""
    codes = tuple(code for page in pages for code in page.codes)
    longitude = np.concatenate([np.frombuffer(page.longitude, "<f8") for page in pages])
    latitude = np.concatenate([np.frombuffer(page.latitude, "<f8") for page in pages])
    if not len(codes) == len(longitude) == len(latitude):
        raise ValueError(f"{len(codes)} risk points with {len(longitude)} and {len(latitude)} places")
    x, y = to_world(longitude, latitude)
    return RiskPlaces(
        codes=codes, names=tuple(name for page in pages for name in page.names),
        kinds=tuple(kind for page in pages for kind in page.kinds), x=x, y=y,
        numbers={code: number for number, code in enumerate(codes)},
        watched=dict(pair for page in pages for pair in page.vitals),
        unplaced=sum(page.unplaced for page in pages),
    )  # fmt: skip
