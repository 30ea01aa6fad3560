"""Where the map of F6 looks while no event is commanded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.command.page import CommandPage
from chengyun_core.model.mode import Scope, SwitchState
from chengyun_widgets.mapping.view import Bounds, MapView
from tests.console import event_samples, map_scenes, mode_samples, scenes
from tests.console.mode_scenes import put

DISTRICT = Scope(centre="500103")
ELSEWHERE = MapView(0.5, 0.5, 6.0)


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[scenes.Stand]:
    """A window whose map has land, on F6 with no event."""
    with scenes.stand(tmp_path, scenes.Look()) as made:
        scenes.seat(made)
        map_scenes.bring(made)
        made.desk.event_focus.select(None)
        made.session.facts.events.clear()
        made.window.show_page("F6")
        made.beat()
        yield made


def _map(at: scenes.Stand) -> MapPanel:
    return at.window.stack.of(CommandPage).map


def _district(at: scenes.Stand) -> Bounds:
    found = _map(at).maps.bounds_of(DISTRICT.centre)
    assert found is not None
    return found


def _declare(at: scenes.Stand, state: SwitchState, version: int) -> None:
    put(at, mode_samples.declaration(state, scope=DISTRICT, declared_seat="A-03", version=version))
    at.window.show_page("F6")
    at.beat()


def test_that_an_emergency_is_looked_at_once_and_peace_shows_the_whole_again(at: scenes.Stand) -> None:
    panel = _map(at)
    before = panel.canvas.view
    _declare(at, SwitchState.IN_FORCE, 1)
    seen = panel.canvas.screen_now.bounds
    assert seen.holds(_district(at))
    assert panel.canvas.view.zoom > before.zoom + 2
    panel.canvas.look_at(ELSEWHERE)
    at.beat()
    assert panel.canvas.view == ELSEWHERE.kept_in(), "an officer looks where he will"
    _declare(at, SwitchState.LIFTED, 2)
    after = panel.canvas.view
    assert (after.x, after.y) == (before.x, before.y)
    assert after.zoom == pytest.approx(before.zoom, abs=0.05), "but for the height of the head"


def test_that_a_commanded_event_is_not_left_for_the_scope(at: scenes.Stand) -> None:
    event = event_samples.several()[0]
    at.session.put_fact("event", str(event.number), event)
    at.desk.event_focus.select(event.number)
    at.beat()
    panel = _map(at)
    before = panel.canvas.view
    _declare(at, SwitchState.IN_FORCE, 1)
    assert panel.canvas.view == before


def test_that_a_locked_view_stays_where_it_is(at: scenes.Stand) -> None:
    panel = _map(at)
    panel.canvas.lock_view(True)
    before = panel.canvas.view
    _declare(at, SwitchState.IN_FORCE, 1)
    assert panel.canvas.view == before
