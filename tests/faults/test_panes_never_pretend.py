"""RF26 and Y8 on the screen: panes beside hostile sources are in colour only while their pictures are new."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.video.panes import VideoPanes
from chengyun_core.model.camera import Camera, StreamGrant
from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import PaneState
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire.camera_asks import AskStream
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from chengyun_widgets.video.record import PaneTone
from tests.console.still_session import S, StillSession
from tests.support import hostile_cameras
from tests.support.small_city import small_city
from tests.widgets.pictures import pixels_of

pytestmark = [pytest.mark.fault, pytest.mark.slow]
SOURCES = ("good", "frozen", "stall", "black", "redirect", "giant", "die", "garbage", "nothing")
SHOWN_IN = {
    "good": PaneTone.LIVE, "frozen": PaneTone.OLD, "stall": PaneTone.OLD, "black": PaneTone.DARK, "die": PaneTone.LOST,
    "redirect": PaneTone.REFUSED, "giant": PaneTone.REFUSED, "nothing": PaneTone.LOST,
}  # fmt: skip
"""What each is painted in sooner or later."""
WATCHED_S, LIMIT_S = 6.0, 60.0
"""How long they are watched at least, and until all of this was seen at most."""


@pytest.fixture
def panes(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[VideoPanes, StillSession]]:
    """Nine panes of real streams behind a session that gives leave for all."""
    with hostile_cameras.running() as cameras:
        session = StillSession()
        session.clock = ProfileClock()  # type: ignore[assignment]
        desk = Desk(cast("Session", session), tmp_path, load_theme("night"), Texts("zh_CN"), Preferences())
        settings = VideoSettings(demo_server=cameras.place)
        desk.video.make_fleet = lambda _desk, _demo: VideoFleet(Fence.of(settings), settings, ProfileClock())
        session.hear()
        rows = tuple(Camera(code=name, name=name, centre="500103") for name in SOURCES)
        session.show_city(replace(small_city(2), cameras=rows))
        session.enter()
        made = VideoPanes(desk, desk.video.of(desk), "wall", 9)
        qtbot.addWidget(made)
        made.resize(960, 540)
        made.show()
        qtbot.waitExposed(made)
        made.show_cameras(SOURCES)
        yield made, session
        desk.video.stop()


def give_leave(session: StillSession) -> None:
    """Answer every ask for a stream."""
    for slot, (kind, ask, _answer) in list(session.sent.asks.items()):
        if kind == "camera.stream" and isinstance(ask, AskStream):
            session.answer_ask(slot, StreamGrant(
                camera=ask.camera, quality=ask.quality, address=f"rtsp://{DEMO_HOST}/cam/{ask.camera}",
                until=session.clock.utc_ns() + 60 * S,
            ))  # fmt: skip


def test_that_no_pane_looks_live_that_is_not(panes: tuple[VideoPanes, StillSession]) -> None:
    shown, session = panes
    video, liars = shown._video, []
    tones: dict[str, set[PaneTone]] = defaultdict(set)
    states: dict[str, set[PaneState | None]] = defaultdict(set)

    def is_all_seen() -> bool:
        notice = shown.grid.panes[SOURCES.index("frozen")].record.notice
        return "画面冻结" in notice and all(tone in tones[name] for name, tone in SHOWN_IN.items())

    def look(_now_s: float) -> None:
        # Connected after the panes: they have looked in this beat already.
        for at, name in enumerate(SOURCES):
            tone = shown.grid.panes[at].record.tone
            tones[name].add(tone)
            seen = video.standing(f"wall.{at}").look
            states[name].add(seen.state if seen is not None else None)
            if tone is PaneTone.LIVE and (seen is None or seen.state is not PaneState.LIVE):
                liars.append(name)

    video.beat.connect(look)
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < WATCHED_S or (passed < LIMIT_S and not is_all_seen()):
        QApplication.processEvents()
        give_leave(session)
        time.sleep(0.002)
    video.beat.disconnect(look)

    # A look may change between the panes' turn and ours in one beat; never for longer.
    assert all(liars.count(name) <= 3 for name in SOURCES)
    # A machine that is kept busy lets even a good one wait, and then that is said.
    assert states["good"] <= {None, PaneState.CONNECTING, PaneState.LIVE, PaneState.LATE}
    assert {name for name, tone in SHOWN_IN.items() if tone not in tones[name]} == set()
    assert "画面冻结" in shown.grid.panes[SOURCES.index("frozen")].record.notice
    frozen = pixels_of(shown.grid.panes[SOURCES.index("frozen")])[30:60]
    red, green, blue = (frozen >> shift & 255 for shift in (16, 8, 0))
    assert int(np.abs(red.astype(int) - green).max()) < 12
    assert int(np.abs(green.astype(int) - blue).max()) < 12
