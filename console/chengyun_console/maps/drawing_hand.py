"""The officer's hand on the event's map: a tool, what it drew, what that means, and the command that keeps it (M4)."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.areas import ring
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.draw_line import DrawLine
from chengyun_console.maps.luggage import Held
from chengyun_core.geo.projection import to_degrees
from chengyun_core.model.drawing import Drawing, DrawingKind, Meaning, Place
from chengyun_core.model.drawing_commands import EraseDrawing, PutDrawing
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import Sketch, SketchKind, World
from chengyun_widgets.mapping.tools import Lack, Tool

_DRAWN = {
    Tool.AREA: DrawingKind.AREA, Tool.CLOSURE: DrawingKind.CLOSURE, Tool.ARROW: DrawingKind.ARROW,
    Tool.NOTE: DrawingKind.NOTE,
}  # fmt: skip


class DrawingHand(QObject):
    """One per map. Drawings are of the event in focus; without one the hand takes no tool."""

    said = Signal(str)
    """A sentence for the officer."""
    did_change = Signal()
    """A drawing is in the hand, or none is any more."""

    def __init__(self, desk: Desk, maps: MapDesk, canvas: MapCanvas, line: DrawLine, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._maps, self._canvas, self._line = desk, maps, canvas, line
        self.edited = ""
        """Id of the drawing that is being changed: its own picture is left out meanwhile."""
        self._taken: Drawing | None = None
        """As it was when it was taken into the hand: what somebody else does to it meanwhile is not written over."""
        self._begun_on: int | None = None
        """Event that was in focus when the tool was taken: the drawing is of that one, wherever the focus goes."""
        self._asked: Held | None = None
        """What the line asks about: whole, and not kept yet."""
        canvas.was_drawn.connect(self._on_drawn)
        canvas.was_redrawn.connect(self._on_redrawn)
        canvas.drawing_was_refused.connect(self._on_refused)
        canvas.drawing_did_end.connect(self._on_end)

    def begin(self, tool: Tool) -> None:
        """Take a tool; say so when there is no event to draw on, or this seat may not."""
        if "drawing.put" not in self._desk.allowed():
            self.said.emit(self._desk.say("maps.draw.not_allowed"))
        elif (event := self._event()) is None:
            self.said.emit(self._desk.say("maps.draw.no_event"))
        else:
            self._begun_on = event
            self._canvas.begin_drawing(tool)
            self._canvas.setFocus()
            kind = self._desk.say(f"drawing.kind.{_DRAWN[tool].value}")
            self.said.emit(self._desk.say("maps.draw.begun", kind=kind))

    def change(self, number: int) -> None:
        """Take a drawing into the hand: its places can be moved."""
        drawing = self._desk.session.facts.drawings.get(number)
        if drawing is None or "drawing.put" not in self._desk.allowed():
            self.said.emit(self._desk.say("maps.draw.none_chosen"))
            return
        self._begin_changing(drawing, ring(drawing.places))
        self._canvas.setFocus()
        self.said.emit(self._desk.say("maps.draw.changing"))

    def erase(self, number: int) -> None:
        """Take a drawing off the map."""
        drawing = self._desk.session.facts.drawings.get(number)
        if drawing is None or "drawing.erase" not in self._desk.allowed():
            self.said.emit(self._desk.say("maps.draw.none_chosen"))
            return
        command = EraseDrawing(drawing=number, version=drawing.version)
        self._maps.deed_was_made.emit(command, self._desk.say("maps.draw.erased", name=self._name(drawing)))

    def leave(self) -> bool:
        """Leave what is in the hand or asked; return whether there was anything."""
        if self._line.close_over():
            return True
        was_drawing = self._canvas.is_drawing
        self._canvas.cancel_drawing()
        return was_drawing

    def held(self) -> Held | None:
        """Return what is in the hand or asked about, None for nothing."""
        pencil = self._canvas.pencil
        if pencil is None:
            return self._asked
        drawing = self._taken if self.edited else None
        return Held(tool=pencil.tool, points=tuple(pencil.points), event=self._begun_on, drawing=drawing)

    def take(self, held: Held) -> None:
        """Go on with what the hand of another map held."""
        self._begun_on, self._taken = held.event, held.drawing
        if held.is_asked and held.drawing is not None:
            self._on_redrawn(f"drawing:{held.drawing.number}", held.points)
        elif held.is_asked:
            self._on_drawn(held.tool, held.points)
        elif held.drawing is not None:
            self._begin_changing(held.drawing, held.points)
        else:
            self._canvas.begin_drawing(held.tool)
            for point in held.points:
                self._canvas.put_world(point)

    def _begin_changing(self, drawing: Drawing, points: tuple[World, ...]) -> None:
        self.edited, self._taken = f"drawing:{drawing.number}", drawing
        self.did_change.emit()
        self._canvas.begin_editing(Sketch(id=self.edited, kind=SketchKind(drawing.kind.value), points=points))

    def _event(self) -> int | None:
        number = self._desk.event_focus.number
        return number if number in self._desk.session.facts.events else None

    def _on_drawn(self, tool: Tool, points: tuple[World, ...]) -> None:
        event = self._begun_on
        if tool not in _DRAWN or event is None:
            return
        self._asked = Held(tool=tool, points=points, event=event, is_asked=True)
        keep = partial(self._keep, event, _DRAWN[tool], _degrees(points))
        self._line.ask(_DRAWN[tool], keep, self._give_back)

    def _on_redrawn(self, sketch: str, points: tuple[World, ...]) -> None:
        drawing = self._taken
        if drawing is not None and sketch == f"drawing:{drawing.number}":
            tool = Tool(drawing.kind.value)
            self._asked = Held(tool=tool, points=points, event=drawing.event, drawing=drawing, is_asked=True)
            self._line.ask(
                drawing.kind, partial(self._keep_changed, drawing, _degrees(points)), self._give_back,
                meaning=drawing.meaning, text=drawing.text,
            )  # fmt: skip

    def _keep(
        self, event: int, kind: DrawingKind, places: tuple[Place, ...], meaning: Meaning, text: str
    ) -> None:  # fmt: skip
        command = PutDrawing(event=event, kind=kind, meaning=meaning, places=places, text=text)
        name = text or self._desk.say(f"drawing.meaning.{meaning.value}")
        self._maps.deed_was_made.emit(command, self._desk.say("maps.draw.kept", name=name))
        self._give_back()

    def _keep_changed(self, drawing: Drawing, places: tuple[Place, ...], meaning: Meaning, text: str) -> None:
        command = PutDrawing(
            drawing=drawing.number, version=drawing.version, event=drawing.event, kind=drawing.kind, meaning=meaning,
            places=places, text=text,
        )  # fmt: skip
        self._maps.deed_was_made.emit(command, self._desk.say("maps.draw.kept", name=self._name(drawing)))
        self._give_back()

    def _give_back(self) -> None:
        """The keyboard goes back to the map."""
        self._asked = None
        self._canvas.setFocus()

    def _on_refused(self, _tool: Tool, lack: Lack) -> None:
        self.said.emit(self._desk.say(f"maps.draw.{lack.value}"))

    def _on_end(self) -> None:
        if self.edited:
            self.edited = ""
        self.did_change.emit()

    def _name(self, drawing: Drawing) -> str:
        return drawing.text or self._desk.say(f"drawing.meaning.{drawing.meaning.value}")


def _degrees(points: tuple[World, ...]) -> tuple[Place, ...]:
    longitude, latitude = to_degrees([x for x, _y in points], [y for _x, y in points])
    return tuple(zip(longitude.round(7).tolist(), latitude.round(7).tolist(), strict=True))
