"""The states a console is met in: normal, alarmed, flooded, stale, empty, locked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import cast

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.answers import WindowSeries
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Reach
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.scales import Side, WarningColour
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import apply_theme, load_theme
from tests.console.still_session import START_NS, S, alarm
from tests.gallery.city import City, limits_of, the_reference_city
from tests.gallery.daemons import TalkingSession

SEAT = "A-03"
PERMISSIONS = (
    "alarm.acknowledge", "alarm.assign", "alarm.comment", "alarm.shelve", "alarm.unacknowledge", "alarm.unshelve",
    "session.sign_off",
)  # fmt: skip
POINTS = 900
ACKED = {"acked_by": "officer", "acked_seat": SEAT}


class State(StrEnum):
    """What the console has to show."""

    NORMAL = "normal"
    ALARMED = "alarmed"
    FLOODED = "flooded"
    STALE = "stale"
    EMPTY = "empty"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture to be taken."""

    page: str
    state: State
    theme: str = "night"
    language: str = "zh_CN"
    size: tuple[int, int] = (1920, 1080)

    @property
    def name(self) -> str:
        """Return the name of its file, without an ending."""
        return f"{self.page}-{self.state}-{self.theme}-{self.language}-{self.size[0]}x{self.size[1]}"


class Stage:
    """A window on a still session with a city behind it."""

    def __init__(self, scene: Scene, profile: Path, city: City) -> None:
        app = cast("QApplication", QApplication.instance())
        theme = load_theme(scene.theme)
        apply_theme(app, theme)
        self.scene, self.city = scene, city
        self.session = TalkingSession()
        session = cast("Session", self.session)
        self.desk = Desk(session, profile, theme, Texts(scene.language), Preferences())
        self.tick = FrameTick()
        self.window = ConsoleWindow(self.desk, self.tick)
        self.window.resize(*scene.size)
        self.window.show()
        self._now_s = 0.0
        self._values: dict[int, float] = {}
        self._bands: dict[int, int] = {}

    def play(self) -> None:
        """Bring the city into the scene's state and paint it."""
        self.session.hear()
        self.session.show_city(self.city.catalogue)
        self.session.enter(SEAT, PERMISSIONS)
        self.session.put_alarms()
        if self.scene.state is not State.EMPTY:
            self._fill()
        self.window.show_page(self.scene.page)
        for at in range(6):
            if self.scene.state is State.STALE and at == 1:
                self.session.hear(ingest=Reach.LOST)
            self.beat()
        if self.scene.state is State.LOCKED:
            self.window.lock.lock()
            self.beat()

    def beat(self, seconds: float = 1.0) -> None:
        """Let time pass, answer what was asked, and paint one frame of the pages."""
        self.session.clock.advance(seconds)
        self._now_s += seconds
        self._answer_windows()
        if self.scene.state is not State.EMPTY:
            self.session.answer_status()
        if self.session.links().ingest.reach is Reach.LIVE:
            self.session.put(self._values, band=self._bands)
        for _ in range(2):
            self.tick.beat(self._now_s)
        QApplication.processEvents()

    def close(self) -> None:
        """Take everything down."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _fill(self) -> None:
        view = self.session.catalogue
        assert view is not None
        alarms = self._alarms(view)
        self._values = {vital.number: self.city.value(view, vital.number) for vital in view.shown}
        self._values.update((one.vital, one.value) for one in alarms if one.band)
        self._bands = {one.vital: int(one.band) for one in alarms}
        self.session.put_alarms(*alarms)
        if self.scene.state is State.FLOODED:
            flood = SeatFlood(seat=SEAT, began_at=START_NS - 240 * S, peak=len(alarms))
            self.session.put_fact("flood", SEAT, flood)

    def _alarms(self, view: CatalogueView) -> list[Alarm]:
        chosen = self._able(view)
        match self.scene.state:
            case State.NORMAL:
                acked = replace(raised(view, 1, chosen[5], WarningColour.BLUE, 5400), acked_at=START_NS - 5000 * S)
                return [replace(acked, **ACKED)]
            case State.FLOODED:
                colours = [WarningColour(4 - min(3, at % 9)) for at in range(len(chosen))]
                return [raised(view, at + 1, vital, colours[at], 2 * at + 3) for at, vital in enumerate(chosen)]
            case _:
                return _bad_hour(view, chosen)

    def _able(self, view: CatalogueView) -> list[int]:
        """Return the first pinned vital, which can be red, and up to 300 from all over that can have every colour."""
        rules = ((vital.number, view.threshold(vital.number)) for vital in view.shown)
        able = [number for number, rule in rules if None not in limits_of(rule)[1]]
        red = [number for number in view.pinned if limits_of(view.threshold(number))[1][-1] is not None][:1]
        return list(dict.fromkeys([*red, *able[:: max(1, len(able) // 300)][:300]]))

    def _answer_windows(self) -> None:
        view, asked = self.session.catalogue, self.session.sent.windows
        self.session.sent.windows = []
        for one in asked:
            assert view is not None
            points = POINTS if self._values else 0
            time = np.linspace(one.from_ns, one.to_ns, points).astype(np.int64)
            now = self._values.get(one.vital, 0.0)
            value = self.city.course(one.vital, now, (time - self.session.clock.utc_ns()) / S)
            series = WindowSeries(
                vital=one.vital, from_ns=one.from_ns, to_ns=one.to_ns, time=time, value=value, raw=True,
                oldest_ns=one.from_ns, failed=None,
            )  # fmt: skip
            one.answer(series)


def raised(view: CatalogueView, number: int, vital: int, colour: WarningColour, ago_s: int) -> Alarm:
    """Return an unacknowledged alarm of a vital, a little beyond the limit of its colour."""
    side, limits = limits_of(view.threshold(vital))
    limit = limits[colour - 1]
    assert limit is not None
    at, value = START_NS - ago_s * S, limit * (1.04 if side is Side.HIGH else 0.96)
    return alarm(
        number, vital, colour, vital_code=view.vital(vital).code, side=side, value=value, limit=limit,
        raised_at=at, changed_at=at,
    )  # fmt: skip


def _bad_hour(view: CatalogueView, chosen: list[int]) -> list[Alarm]:
    """Two reds and an orange nobody has seen, what was seen, what came back, what is shelved."""
    red, orange, yellow, blue = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
    rows = [(red, 12), (red, 95), (orange, 41), (orange, 610), (yellow, 130), (yellow, 900), (blue, 1800), (blue, 4000)]
    made = [raised(view, at + 1, chosen[at * 31 % len(chosen)], colour, ago) for at, (colour, ago) in enumerate(rows)]
    made[3] = replace(made[3], acked_at=START_NS - 300 * S, **ACKED)
    made[5] = replace(made[5], band=WarningColour.NONE, returned_at=START_NS - 60 * S)
    made[6] = replace(made[6], acked_at=START_NS - 900 * S, **ACKED)
    made[7] = replace(made[7], shelved_at=START_NS - 600 * S, shelved_until=START_NS + 1200 * S, shelved_by="officer")
    return made


@contextmanager
def staged(scene: Scene, profile: Path, city: City | None = None) -> Iterator[Stage]:
    """Bring up a scene's window, painted, and take it down; of the reference city unless told of another."""
    stage = Stage(scene, profile, city or the_reference_city())
    try:
        stage.play()
        yield stage
    finally:
        stage.close()
