"""The card beside what is pointed at: its line is of the last half hour however long it stays, and of no other time."""

from collections.abc import Iterator

import numpy as np
import pytest

from chengyun_console.maps.pointing import RENEW_NS, SPARK_NS, Pointing
from chengyun_console.maps.presets import Show
from chengyun_console.maps.scene import Scene, scene_now
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import MapItem, Mark, PointLayer
from chengyun_widgets.mapping.view import MapView
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S, alarm

FIRST, SECOND = MapItem(Show.ALARMS, "alarm:1"), MapItem(Show.ALARMS, "alarm:2")


class Stand:
    """A canvas with two alarms on it, and the card."""

    def __init__(self, room: Room) -> None:
        self.room, desk = room, room.desk
        self.canvas = MapCanvas(desk.theme)
        room.qtbot.addWidget(self.canvas)
        self.canvas.resize(800, 600)
        self.canvas.look_at(MapView(0.796, 0.414, 12.0))
        self.canvas.show_layers((PointLayer(
            code=Show.ALARMS, x=np.array([0.796, 0.7961]), y=np.array([0.414, 0.4141]),
            severity=np.array([4, 4], np.uint8), mark=Mark.DEVICE, names=("a", "b"), ids=("alarm:1", "alarm:2"),
        ),))  # fmt: skip
        self.canvas.show()
        self.pointing = Pointing(desk, desk.maps, self.canvas, "F5", self.canvas)

    def refresh(self, scene: Scene | None = None) -> None:
        """Let a frame pass over what is shown."""
        self.pointing.refresh(scene or scene_now(self.room.session.facts))

    def line(self) -> list[float]:
        """Return the values of the card's line."""
        return self.pointing.card._values.tolist()


@pytest.fixture
def at(desk_room: Room) -> Iterator[Stand]:
    """Two alarms of two vitals; nothing pointed at."""
    desk_room.session.put_alarms(alarm(1, 3), alarm(2, 5))
    desk_room.session.sent.windows.clear()
    made = Stand(desk_room)
    yield made
    made.canvas.close()


def test_that_the_line_of_a_card_that_stays_goes_on_with_the_time(at: Stand) -> None:
    session = at.room.session
    at.pointing.point_at(FIRST)
    at.refresh()
    (asked,) = session.sent.windows
    assert (asked.vital, asked.to_ns - asked.from_ns) == (3, SPARK_NS)
    session.answer_windows((60, 1.0), (30, 2.0))
    at.refresh()
    assert at.line() == [1.0, 2.0]
    assert session.sent.windows == [], "not once a frame"
    session.clock.advance(RENEW_NS / S)
    at.refresh()
    (again,) = session.sent.windows
    assert again.to_ns == session.clock.utc_ns()
    assert at.line() == [1.0, 2.0], "it does not blink while it is fetched"
    session.answer_windows((60, 2.0), (30, 3.0))
    at.refresh()
    assert at.line() == [2.0, 3.0]


def test_that_another_alarm_never_has_the_line_of_the_one_before(at: Stand) -> None:
    session = at.room.session
    at.pointing.point_at(FIRST)
    at.refresh()
    late = session.sent.windows[:]
    at.pointing.point_at(SECOND)
    at.refresh()
    session.sent.windows, second = late, session.sent.windows[1:]
    session.answer_windows((60, 1.0))
    at.refresh()
    assert at.line() == []
    session.sent.windows = second
    session.answer_windows((60, 7.0))
    at.refresh()
    assert at.line() == [7.0]


def test_that_a_card_of_another_time_has_no_line_of_now(at: Stand) -> None:
    session = at.room.session
    at.pointing.point_at(FIRST)
    at.refresh()
    session.answer_windows((60, 1.0))
    at.refresh()
    assert at.line() == [1.0]
    at.refresh(Scene(alarms=session.facts.alarms, at_ns=START_NS - 3600 * S))
    assert at.line() == []
    assert session.sent.windows == []
    at.refresh()
    assert at.line() == [1.0]


def test_that_a_line_that_could_not_be_had_is_asked_for_again(at: Stand) -> None:
    session = at.room.session
    at.pointing.point_at(FIRST)
    at.refresh()
    session.answer_windows(failed="session.no_answer")
    at.refresh()
    assert at.line() == []
    session.clock.advance(RENEW_NS / S)
    at.refresh()
    assert len(session.sent.windows) == 1


def test_that_the_card_goes_with_what_it_was_about(at: Stand) -> None:
    at.pointing.point_at(FIRST)
    at.refresh()
    assert at.pointing.card.isVisible()
    at.room.session.put_alarms(alarm(1, 3, closed=True))
    at.refresh()
    assert not at.pointing.card.isVisible()
