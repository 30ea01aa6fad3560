"""What the centre is told of cameras: each change once and none lost, however many there are and whoever sits here."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.video.telling import AGAIN_S, EVERY_S, MOST, Telling
from chengyun_core.model.camera import CameraState
from chengyun_core.video.port import PaneLook, PaneState
from chengyun_core.wire.camera_asks import TellCameras
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import S, StillSession


class Stand:
    """A teller on a still session."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.desk, self.telling, self.now_s = desk, Telling(desk), 0.0

    def told(self, looks: dict[str, PaneLook], after_s: float = EVERY_S) -> dict[str, CameraState]:
        """Let time pass, tell, and return what was told: camera → state."""
        self.now_s += after_s
        assert self.telling.is_due(self.now_s)
        self.telling.tell(looks, self.now_s)
        found = self.session.sent.asks.pop("camera.told", None)
        if found is None:
            return {}
        assert isinstance(found[1], TellCameras)
        return {look.camera: look.state for look in found[1].looks}


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Stand:
    """Signed on, nothing told yet."""
    made = Stand(tmp_path)
    made.session.enter()
    return made


def look(state: PaneState = PaneState.LIVE, since_s: float = 0.0) -> PaneLook:
    return PaneLook(state=state, since_s=since_s)


def test_that_more_cameras_than_one_message_takes_are_all_told_each_once(at: Stand) -> None:
    looks = {f"C{n:03d}": look() for n in range(2 * MOST + 3)}
    told = [at.told(looks) for _ in range(4)]
    assert [len(one) for one in told] == [MOST, MOST, 3, 0]
    assert {code for one in told for code in one} == set(looks)


def test_that_what_was_seen_while_nobody_sat_here_is_told_by_who_sits_down(at: Stand) -> None:
    at.session.sign_off()
    assert at.told({"C1": look(PaneState.FROZEN)}) == {}
    at.session.enter()
    assert at.told({"C1": look(PaneState.FROZEN)}) == {"C1": CameraState.FROZEN}


def test_that_a_first_connection_says_nothing_and_a_camera_that_left_is_told_anew(at: Stand) -> None:
    assert at.told({"C1": look(PaneState.CONNECTING)}) == {}
    assert at.told({"C1": look()}) == {"C1": CameraState.ONLINE}
    assert at.told({"C1": look(PaneState.CONNECTING)}) == {}
    assert at.told({"C1": look()}) == {}
    assert at.told({}) == {}
    assert at.told({"C1": look()}) == {"C1": CameraState.ONLINE}


def test_that_everything_is_told_again_once_a_minute(at: Stand) -> None:
    at.told({"C1": look()})
    assert at.told({"C1": look()}) == {}
    assert at.told({"C1": look()}, after_s=AGAIN_S) == {"C1": CameraState.ONLINE}


def test_that_a_state_is_told_with_when_it_began(at: Stand) -> None:
    at.telling.tell({"C1": look(PaneState.DEAD, since_s=7.0)}, 0.0)
    told = at.session.sent.asks["camera.told"][1]
    assert isinstance(told, TellCameras)
    assert told.looks[0].since == at.session.clock.utc_ns() - 7 * S
