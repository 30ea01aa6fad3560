"""The canvas through any sequence of deeds: a locked view stays, points are as they were put."""

import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import World
from chengyun_widgets.mapping.tools import LEAST_POINTS, MOST_POINTS, Tool
from chengyun_widgets.mapping.view import MapView
from chengyun_widgets.theme import Theme
from tests.widgets.mapping import scenes
from tests.widgets.mapping.conftest import MIDDLE, bounds, marks, squares

PX = st.integers(-400, 400)
LAYERS = (
    (), (squares(),), (squares(tints={"A": 4}), marks((0, 0, 4), (9, 9, 0), is_clustered=True)),
    (marks(*((at, at, 0) for at in range(-100, 100, 7)), is_quiet=True),),
)  # fmt: skip


class Hands(RuleBasedStateMachine):
    """Knows beside the canvas where a locked view is and which points were put."""

    theme: Theme
    made: list[MapCanvas]

    @initialize()
    def begin(self) -> None:
        """Take a canvas."""
        self.canvas = scenes.canvas(self.theme, 300, 200)
        self.made.append(self.canvas)
        self.canvas.look_at(MIDDLE)
        self.locked: MapView | None = None
        self.kept: MapView | None = self.canvas.kept
        self.tool: Tool | None = None
        self.points: list[World] = []
        self.told: list[tuple[World, ...]] = []
        self.canvas.was_drawn.connect(lambda _tool, points: self.told.append(points))
        self.canvas.was_measured.connect(lambda found: self.told.append(found.points))

    @rule(dx=PX, dy=PX)
    def pan(self, dx: int, dy: int) -> None:
        """Pan by hand."""
        self.canvas.pan(dx, dy)

    @rule(steps=st.floats(-3, 3), x=PX, y=PX)
    def zoom(self, steps: float, x: int, y: int) -> None:
        """Zoom by hand."""
        self.canvas.zoom_by(steps, QPointF(x, y))

    @rule(half=st.floats(1, 5000))
    def jump(self, half: float) -> None:
        """Let a program jump."""
        before = self.canvas.view
        assert self.canvas.fit(bounds(half)) is (self.locked is None)
        if self.canvas.view != before:
            self.kept = before

    @rule()
    def lock(self) -> None:
        """Lock the view, or let it go."""
        self.canvas.lock_view(self.locked is None)
        self.locked = self.canvas.view if self.locked is None else None
        if self.locked is not None:
            self.kept = self.locked

    @rule()
    def go_back(self) -> None:
        """Return."""
        before = self.canvas.view
        if self.canvas.return_to_kept() and self.kept != before:
            assert self.canvas.view == self.kept
            self.kept = before

    @rule(layers=st.sampled_from(LAYERS))
    def show(self, layers: tuple) -> None:
        """Show other layers."""
        self.canvas.show_layers(layers)

    @rule(width=st.sampled_from([0, 1, 40, 300]), height=st.sampled_from([0, 1, 30, 200]))
    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        before, waited = self.canvas.view, self.canvas._wanted is not None
        self.canvas.resize(width, height)
        # A grab tells a widget that is not shown of its size: what waited to be fitted is fitted now.
        self.canvas.grab()
        if self.canvas.view != before:
            assert self.locked is None
            # What goes on fitting is no jump: the way back leads where it led.
            self.kept = before if waited else self.kept

    @rule(tool=st.sampled_from(list(Tool)))
    def take(self, tool: Tool) -> None:
        """Take a tool in the hand."""
        self.canvas.begin_drawing(tool)
        self.tool, self.points = tool, []

    @rule(x=PX, y=PX)
    def put(self, x: int, y: int) -> None:
        """Put a point."""
        place, told = self.canvas.screen_now.world(QPointF(x, y)), len(self.told)
        self.canvas.put_at(QPointF(x, y))
        if self.tool is None:
            return
        if not self.points or math.dist(self.points[-1], place) > 2e-12:
            self.points.append(place)
        if len(self.points) >= MOST_POINTS.get(self.tool, 999) and len(self.told) > told:
            assert len(self.told[-1]) == MOST_POINTS[self.tool]
            self.tool = None

    @precondition(lambda self: self.tool is not None)
    @rule()
    def undo(self) -> None:
        """Take the last point back."""
        assert self.canvas.undo_point() is bool(self.points)
        self.points = self.points[:-1]

    @rule()
    def finish(self) -> None:
        """Finish; what is told is what was put."""
        if self.canvas.finish_drawing():
            assert self.tool is not None
            assert len(self.told[-1]) == len(self.points) >= LEAST_POINTS[self.tool]
            self.tool = None

    @rule()
    def give_up(self) -> None:
        """Let the tool go."""
        self.canvas.cancel_drawing()
        self.tool = None

    @rule()
    def look(self) -> None:
        """Paint what there is."""
        self.canvas.grab()
        self.canvas.settle()

    @invariant()
    def a_locked_view_stays(self) -> None:
        """Nothing moved it."""
        if hasattr(self, "locked") and self.locked is not None:
            assert self.canvas.view == self.locked

    @invariant()
    def the_tool_is_the_one_in_the_hand(self) -> None:
        """The canvas and the model agree on it."""
        if hasattr(self, "tool"):
            assert self.canvas.is_drawing is (self.tool is not None)


def test_that_any_sequence_of_deeds_keeps_the_canvas_whole(theme: Theme, qtbot: QtBot) -> None:
    made: list[MapCanvas] = []
    machine = type("Played", (Hands,), {"theme": theme, "made": made})
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))
    assert made
    for canvas in made:
        qtbot.addWidget(canvas)
