"""What is asked at one map, one thing at a time: what lies around, how far one comes, where a pipe leads."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps import areas
from chengyun_console.maps.answers import MINUTES, AnswerWords
from chengyun_console.maps.item_words import ItemTold
from chengyun_console.maps.question import (
    FIRST_RADIUS_M,
    Outline,
    Questioner,
    QuestionWords,
    next_radius,
    outline_layer,
)
from chengyun_console.maps.warned import WarnedWords, outline_of
from chengyun_core.geo.projection import to_degrees
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.map_asks import AskReach, AskTrace, Reach, Trace
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.mapping.layers import Layer, MapItem, World

MOST_LISTED = 200


class Inquiry(QObject):
    """One per map; the newest answer replaces the one before."""

    did_change = Signal()
    said = Signal(str)

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._name = desk, name
        self.asked = Questioner(desk, name, self)
        self.trace: tuple[str, Trace] | None = None
        """Code of a layer and what was traced on it."""
        self._reach: tuple[Reach, World] | None = None
        self._told: tuple[str, list[FactRow]] | None = None
        self._radius_m = FIRST_RADIUS_M
        self._newest = 0
        """Number of the newest question: an answer to one before it is not told in its place."""
        self._words, self._answers, self._warned = QuestionWords(desk), AnswerWords(desk), WarnedWords(desk)
        self.asked.did_change.connect(self.did_change)

    def answer(self) -> tuple[str, list[FactRow]] | None:
        """Return title and rows of what was asked last, None when nothing was."""
        outline = self.asked.outline
        if outline is None:
            return self._told
        return self._title(outline), self._words.rows(self.asked, self._warned.rows(self.asked.warned))

    def layers(self) -> tuple[Layer, ...]:
        """Return what was asked about, and what came of it, as it is drawn."""
        found: list[Layer] = []
        outline = self.asked.outline
        if outline is not None and not outline.warning:
            found.append(outline_layer(outline, self._title(outline)))
        if self._reach is not None:
            reach, at = self._reach
            labels = self._answers.reach_labels(reach)
            circles = areas.reach_rings(reach, at, labels)
            found.append(circles if circles is not None else areas.reach_areas(reach, labels))
        return tuple(found)

    def forget(self) -> bool:
        """Forget what was asked; return whether anything was."""
        had = self.asked.outline is not None or self._told is not None
        self._newest += 1
        self.trace = self._reach = self._told = None
        self.asked.clear()
        if had:
            self.did_change.emit()
        return had

    def around(self, at: World) -> None:
        """Ask what and who is around a place."""
        self._begin(Outline(at=at, radius_m=self._radius_m))

    def circle(self, at: World, radius_m: float) -> None:
        """Ask what and who is in a circle."""
        self._begin(Outline(at=at, radius_m=radius_m))

    def ring(self, ring: tuple[World, ...]) -> None:
        """Ask what and who is in a polygon."""
        self._begin(Outline(ring=ring))

    def widen(self, by: int, otherwise: World) -> None:
        """Ask the circle anew, so many steps wider; round `otherwise` when no circle was asked."""
        outline = self.asked.outline
        # Neither a polygon nor a warning of several outlines has a middle.
        circle = outline if outline is not None and outline.radius_m > 0 else None
        self._radius_m = next_radius(circle.radius_m if circle is not None else self._radius_m, by)
        self.around(circle.at if circle is not None else otherwise)

    def warning(self, one: OfficialWarning) -> None:
        """Ask what lies in a warning's area and who answers for it."""
        self._begin(outline_of(one))

    def again(self, outline: Outline) -> None:
        """Ask what another map asked about."""
        self._radius_m = outline.radius_m if outline.radius_m > 0 and not outline.warning else self._radius_m
        self._begin(outline)

    def reach(self, at: World) -> None:
        """Ask how far one comes from a place."""
        longitude, latitude = to_degrees(at[0], at[1])
        ask = AskReach(longitude=float(longitude), latitude=float(latitude), minutes=MINUTES)
        self._newest += 1
        answer = partial(self._on_reach, self._newest, at)
        self._desk.session.ask("map.reach", ask, answer, slot=f"map.reach.{self._name}")

    def follow_pipe(self, layer: str, feature: str) -> None:
        """Ask where a pipe leads, and what has to be closed to cut it off."""
        ask = AskTrace(layer=layer, feature=feature)
        self._newest += 1
        answer = partial(self._on_trace, self._newest, layer)
        self._desk.session.ask("map.trace", ask, answer, slot=f"map.trace.{self._name}")

    def list_group(self, found: Iterable[tuple[MapItem, ItemTold | None]], count: int) -> None:
        """Tell the members of a cluster that does not come apart."""
        rows = [
            FactRow(key=item.id, severity=told.severity, title=told.title, detail=told.kind)
            for item, told in found
            if told is not None
        ]
        self.forget()
        self._tell(self._desk.say("maps.group", count=self._desk.figures.count(count)), rows)

    def metres(self, metres: float) -> str:
        """Return a distance in words."""
        return self._words.metres(metres)

    def _title(self, outline: Outline) -> str:
        if outline.warning:
            is_unknown = self.asked.warned_fault is not None
            return self._warned.title(self.asked.warned, self.asked.within, is_unknown=is_unknown)
        return self._words.title(outline, self.asked.within)

    def _begin(self, outline: Outline) -> None:
        self.forget()
        self.asked.ask(outline)

    def _tell(self, title: str, rows: list[FactRow]) -> None:
        self._told = title, rows
        self.did_change.emit()

    def _on_reach(self, number: int, at: World, told: object) -> None:
        if number != self._newest:
            return
        if isinstance(told, Reach):
            self.forget()
            self._reach = told, at
            self._tell(self._desk.say("maps.reach.title"), self._answers.reach_rows(told))
        elif isinstance(told, Reason):
            self.said.emit(self._desk.refusal(told))

    def _on_trace(self, number: int, layer: str, told: object) -> None:
        if number != self._newest:
            return
        if isinstance(told, Trace):
            self.forget()
            self.trace = layer, told
            self._tell(self._desk.say("maps.trace.title"), self._answers.trace_rows(told))
        elif isinstance(told, Reason):
            self.said.emit(self._desk.refusal(told))
