"""Cameras at a console: each state of a pane, the list, the evidence, a camera that is moved; for walks, pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtTest import QTest

from chengyun_core.model.camera import CameraRound, Evidence, EvidenceKind, PtzLock
from chengyun_core.model.failure import Reason
from chengyun_core.video.port import PaneLook, PaneState
from chengyun_core.wire.camera_asks import AskStream, EvidencePage
from tests.console.event_samples import event, put_events
from tests.console.still_session import S
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, StillFleet, grant, live, with_cameras

if TYPE_CHECKING:
    from tests.console.scenes import Stand

_STATES = (
    PaneState.LIVE, PaneState.FROZEN, PaneState.DEAD, PaneState.LATE, PaneState.BLACK, PaneState.RETRYING,
    PaneState.CONNECTING, PaneState.UNSUPPORTED, PaneState.LIVE,
)  # fmt: skip
_fleets: dict[int, StillFleet] = {}


def _fleet(at: "Stand") -> StillFleet:
    """Return the streams of a window, in the scene's hand."""
    if id(at) not in _fleets:
        made = _fleets[id(at)] = StillFleet()
        at.desk.video.make_fleet = lambda _desk, _demo: made
        at.session.enter(allowed=("evidence.keep", "ptz.take", "round.save"))
        at.session.show_city(with_cameras(small_city(12, period_s=5.0)))
        put_events(at.session, event(7, title="寸滩站超保证水位", longitude=HERE[0], latitude=HERE[1]))
    return _fleets[id(at)]


def _settle(at: "Stand") -> None:
    QTest.qWait(80)
    for slot, (kind, ask, _answer) in list(at.session.sent.asks.items()):
        if kind != "camera.stream" or not isinstance(ask, AskStream):
            continue
        if ask.camera == "CAM-0008":
            at.session.answer_ask(slot, Reason(code="camera.no_demo", params={"camera": ask.camera}))
        else:
            at.session.answer_ask(slot, grant(ask, at.session.clock.utc_ns() + 600 * S))
    at.desk.video.of(at.desk)._on_beat()


def show_states(at: "Stand") -> None:
    """Show nine panes, each in another state."""
    fleet = _fleet(at)
    slope = np.linspace(40, 220, 320, dtype=np.uint8)
    for place, state in enumerate(_STATES):
        code = f"CAM-{place:04d}"
        fleet.looks[code] = live(3, state=state, attempt=2, next_try_s=4.0, age_ms=3_200.0, since_s=12.0,
                                 taken_utc_ns=at.session.clock.utc_ns() - 12 * S)  # fmt: skip
        fleet.pictures[code] = np.broadcast_to(slope[None, :, None], (180, 320, 4)).copy()
    at.desk.event_focus.select(7)
    at.window.show_page("F3")
    at.do("event.video")
    at.window.rooms.video.sheet.panes.show_count(9)
    _settle(at)


def show_found(at: "Stand") -> None:
    """Show what a word finds."""
    show_states(at)
    at.window.rooms.video.sheet.list.field.setFocus()
    at.window.rooms.video.sheet.list.field.setText("沿江 0")


def show_steering(at: "Stand") -> None:
    """Show a camera that is moved from here, and one that somebody else moves."""
    at.window.rooms.video.sheet.list.field.clear()
    show_states(at)
    at.do("video.steer")
    for code, account, seat in (("CAM-0000", "officer", "A-03"), ("CAM-0003", "wang", "A-01")):
        lock = PtzLock(camera=code, account=account, name="王强", seat=seat, post="", since=at.session.clock.utc_ns())
        at.session.put_fact("ptz_lock", code, lock)
    _settle(at)


def show_evidence(at: "Stand") -> None:
    """Show what was kept of the event."""
    at.window.rooms.video.sheet.panes.steering.give()
    show_states(at)
    at.do("video.evidence")
    now = at.session.clock.utc_ns()
    kept = tuple(
        Evidence(
            number=number, camera="CAM-0000", camera_name="朝天门 沿江 00", centre="500103", kind=kind, event=7,
            begins_at=now, ends_at=now, digest="ab" * 32, size=70_000 * number, media="image/jpeg", attachment=number,
            reason="积水、水位", added_at=now, added_by="li", added_seat="A-03",
        )
        for number, kind in ((2, EvidenceKind.CLIP), (1, EvidenceKind.SNAPSHOT))
    )  # fmt: skip
    at.session.answer_ask("evidence.page", EvidencePage(evidence=kept))


def show_round(at: "Stand") -> None:
    """Show a round that runs."""
    show_states(at)
    made = CameraRound(
        number=4, name="朝天门一线", centre="500000", cameras=tuple(f"CAM-{place:04d}" for place in range(9)),
        dwell_s=20.0, grid=4, saved_at=1, saved_by="li",
    )  # fmt: skip
    at.session.put_fact("camera_round", "4", made)
    at.window.rooms.video.sheet.panes.run(made)
    _settle(at)


def show_lacking(at: "Stand") -> None:
    """Show a camera in large whose main stream cannot be had: the small one stays."""
    show_states(at)
    _fleet(at).looks["CAM-0000/main"] = PaneLook(state=PaneState.DEAD, reason=Reason(code="video.silent"))
    grid = at.window.rooms.video.sheet.panes.grid
    grid.set_current(0)
    grid.show_large(large=True)
    _settle(at)


def leave(at: "Stand") -> None:
    """End the streams; the last scene."""
    show_states(at)
    at.desk.video.stop()
    _fleets.pop(id(at))


VIDEO_SCENES: dict[str, "Callable[[Stand], None]"] = {
    "video": show_states,
    "video found": show_found,
    "video steering": show_steering,
    "video evidence": show_evidence,
    "video round": show_round,
    "video lacking": show_lacking,
    "video left": leave,
}
