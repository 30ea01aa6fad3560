"""Every page and sheet of the console with something on it, in any theme, language and size, for walks and pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model import command
from chengyun_core.model.approval import Approval
from chengyun_core.model.catalogue import Catalogue, Guidance
from chengyun_core.model.dispatch import Unit, UnitKind
from chengyun_core.model.event import Factor
from chengyun_core.model.failure import Reason
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import AlarmPriority, Level, WarningColour
from chengyun_core.wire.envelope import IngestStatus, SourceHealth
from chengyun_core.wire.event_asks import Draft, DraftLine, Similar, SimilarEvents
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import apply_theme, load_theme
from tests.console.event_samples import several, show_events
from tests.console.event_scenes import EVENT_SCENES, show_empty
from tests.console.plan_scenes import (
    hide_points,
    show_binding,
    show_choice,
    show_editor,
    show_modules,
    show_plans,
    show_point_editor,
    show_points,
    show_review,
    show_running,
)
from tests.console.still_session import START_NS, S, StillSession, alarm
from tests.support.plan_samples import dressed
from tests.support.small_city import small_city

COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
_UNITS = ("嘉陵江水上救援队", "沙坪坝区文旅委", "磁器口街道办事处", "市公安局水警支队", "沙坪坝区消防救援支队")
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the console looks on one screen."""

    theme: str = "night"
    language: str = "zh_CN"
    width: int = 1366
    height: int = 768


@dataclass(slots=True, kw_only=True)
class Stand:
    """A window on a still session that goes from scene to scene."""

    look: Look
    window: ConsoleWindow
    session: StillSession
    desk: Desk
    tick: FrameTick
    now_s: float = 0.0

    def beat(self) -> None:
        """Let a second pass and paint."""
        self.session.clock.advance(1.0)
        self.now_s += 1.0
        for _ in range(2):
            self.tick.beat(self.now_s)
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def do(self, action: str) -> None:
        """Do what the key of an action stands for."""
        self.window.do((BY_ID[action],))
        QApplication.processEvents()


@contextmanager
def stand(profile: Path, look: Look) -> Iterator[Stand]:
    """Show a window before sign-on; everything is undone afterwards."""
    app = cast("QApplication", QApplication.instance())
    theme = load_theme(look.theme)
    apply_theme(app, theme)
    session = StillSession()
    preferences = Preferences(theme=look.theme, language=look.language)
    desk = Desk(cast("Session", session), profile, theme, Texts(look.language), preferences)
    tick = FrameTick()
    window = ConsoleWindow(desk, tick)
    window.resize(look.width, look.height)
    window.show()
    window.activateWindow()
    made = Stand(look=look, window=window, session=session, desk=desk, tick=tick)
    session.hear()
    session.show_city(_city())
    made.beat()
    try:
        yield made
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.setStyleSheet("")


def _city() -> Catalogue:
    guidance = Guidance(about="ST1", meaning="水位超限", action="撤离沿江低洼处人员", call_post="500000.track_owner.1")
    city = small_city(24)
    told = {"updated": "2026-06-30", "stage": "攻坚", "begun": "2026-01-01", "base": 80.0}
    kpis = (replace(city.kpis[0], past="2026-03-31 85; 2026-05-31 92", **told), *city.kpis[1:])  # type: ignore[arg-type]
    return replace(_with_units(dressed(city)), guidance=(guidance,), kpis=kpis)


def _with_units(city: Catalogue) -> Catalogue:
    """Return the city with the units the orders went to, so that names stand where an officer reads names."""
    far = Centre(code="500106", name="沙坪坝区", level=Level.DISTRICT, parent="500000")
    named = tuple(
        Unit(code=f"U-0{at}", name=name, centre="500106", kind=UnitKind.TEAM, post=f"500106.unit.{at}")
        for at, name in enumerate(_UNITS, 1)
    )
    return replace(city, centres=(*city.centres, far), units=(*city.units, *named))


def seat(at: Stand) -> None:
    """Sign on with every right there is; four colours, one acknowledged, one late vital."""
    at.session.enter(allowed=(*command.KIND_OF.values(),))
    band = {vital: 4 - vital for vital in range(4)}
    at.session.put({vital: 10.0 + 3 * vital for vital in range(23)}, band=band)
    alarms = [alarm(number, number - 1, colour) for number, colour in enumerate(COLOURS, 1)]
    alarms.append(alarm(9, 8, WarningColour.BLUE, priority=AlarmPriority.LOW))
    at.session.put_alarms(*alarms)
    at.desk.select_alarm(1)
    at.beat()
    at.session.answer_windows(*((ago, 12.0 + ago % 7) for ago in range(1200, 0, -30)))
    at.beat()


def _sign_on(at: Stand) -> None:
    at.session.offer_seats(("A-01", "一号席", ""), ("A-02", "二号席", "李值班"))
    at.window.sign_on.findChildren(QLineEdit)[0].setText("zhang")
    at.session.refuse_sign_on("session.wrong_password")


def _track(at: Stand) -> None:
    assert at.desk.names is not None
    at.window.cockpit.open_node(at.desk.names.view.layer(NodeKind.TRACK).nodes[0])


def _sector(at: Stand) -> None:
    assert at.desk.names is not None
    at.window.cockpit.open_node(at.desk.names.view.layer(NodeKind.SECTOR).nodes[0])


def _sources(at: Stand) -> None:
    at.window.show_page("sources")
    at.beat()
    broken = SourceHealth(
        name="opcua:water-works-2", kind="opcua", state="connecting", samples=0, rate=0.0, lag_s=0.0,
        drops={"bad_json": 3, "muted": 41}, reason="ingest.source_connecting", offenders=(("10.0.0.7", 41),),
        last_fault="connection refused", since_ns=START_NS - 30 * S,
    )  # fmt: skip
    sound = SourceHealth(name="mqtt:a", kind="mqtt", state="running", samples=9_000, rate=1_200.4, lag_s=0.25)
    at.session.answer_ask("status", IngestStatus(sources=(sound, broken)))


def _search(at: Stand) -> None:
    at.press(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(at.window.focusWidget(), "s")


def _approvals(at: Stand) -> None:
    asked = Approval(
        number=4, action="alarm.shelve", subject="V0000", params={"minutes": "15"}, command=b"", asked_by="x",
        asked_seat="A-05", asked_at=START_NS, expires_at=START_NS + 300 * S, version=1,
    )  # fmt: skip
    at.session.put_fact("approval", "4", asked)
    at.do("approvals.open")


def _lost(at: Stand) -> None:
    at.window.show_page("F1")
    at.session.hear(ingest=Reach.LOST, centre=Reach.LOST)


def _health(at: Stand) -> None:
    assert at.desk.names is not None
    at.window.drills.open_health(at.desk.names.view.sectors()[0])


def _kpi(at: Stand) -> None:
    at.window.drills.open_kpi("K1")


def _risks(at: Stand) -> None:
    at.window.drills.kpi.tab = "risks"
    at.window.drills.open_kpi("K2")


def _call(at: Stand) -> None:
    at.desk.select_alarm(1)
    at.window.cockpit.alarms.focus_list()
    at.do("call.open")


def _focus(at: Stand) -> None:
    at.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code="S1"), at.session.facts)


def _wall(at: Stand) -> None:
    at.do("wall.toggle")
    at.beat()


def _event_form(at: Stand) -> None:
    form = at.window.event_desk.form
    form.open_blank(at.window.page_area())
    form.fields.narrative.setPlainText("磁器口码头栈桥被淹，约二百人上不了岸")
    form.grading.put({Factor.NATURE: 3, Factor.URGENCY: 4, Factor.CONTROL: 2, Factor.REACH: 2})
    form.look()
    reasons = (Reason(code="event.near.minutes", params={"minutes": "12"}),)
    near = Similar(event=several()[1], score=0.82, reasons=reasons)
    at.session.answer_ask("events.near", SimilarEvents(found=(near,)))


def _report(at: Stand) -> None:
    at.window.event_desk.report.open_for(several()[0], at.window.page_area())
    line = DraftLine(text="13 时 50 分接报，磁器口码头栈桥被淹。", rows=(101, 102))
    at.session.answer_ask("events.draft", Draft(text=line.text, lines=(line,)))


SCENES: dict[str, Callable[[Stand], None]] = {
    "sign-on": _sign_on,
    "F1": seat,
    "sector": _sector,
    "track": _track,
    "F2": lambda at: at.window.show_page("F2"),
    "sources": _sources,
    "card": lambda at: at.window.routes.open_card(1),
    "search": _search,
    "commands": lambda at: at.press(Qt.Key.Key_Slash),
    "vital card": lambda at: at.window.command_bar.card.open_for(0, at.window.page_area()),
    "unfolded": lambda at: at.press(Qt.Key.Key_L, CTRL),
    "origins": lambda at: at.do("origin.open"),
    "approvals": _approvals,
    "form": lambda at: at.do("threshold.propose"),
    "chooser": lambda at: at.do("alarm.acknowledge"),
    "asker": lambda at: at.do("alarm.comment"),
    "health": _health,
    "kpi": _kpi,
    "kpi risks": _risks,
    "call": _call,
    "focus": _focus,
    "print": lambda at: at.do("pane.print"),
    "help": lambda at: at.do("help.open"),
    "lock": lambda at: at.do("session.lock"),
    "wall": _wall,
    "F3 empty": show_empty,
    "F3": show_events,
    "event form": _event_form,
    "grade": lambda at: at.do("event.grade"),
    "report": _report,
    "edit event": lambda at: at.window.event_desk.edit.open_for(several()[0], at.window.page_area()),
    **EVENT_SCENES,
    "F1 events": lambda at: at.window.show_page("F1"),
    "F7": show_plans,
    "plan runs": show_running,
    "plan editor": show_editor,
    "plan modules": show_modules,
    "risk points": show_points,
    "risk point editor": show_point_editor,
    "plan binding": show_binding,
    "plan back": hide_points,
    "plan choice": show_choice,
    "plan orders": show_review,
    "lost": _lost,
}
"""Played in this order by one window, so that each may build on what the one before brought."""
_BACK_TO_COCKPIT = frozenset({"F2", "track", "sources", "F3 rested", "plan orders"})


def play(at: Stand) -> Iterator[str]:
    """Go through all scenes; each name is given while its scene stands."""
    for name, show in SCENES.items():
        show(at)
        at.beat()
        at.beat()
        yield name
        if name == "lock":
            at.session.confirm_ended.emit(None)
        if name != "sign-on":
            at.press(Qt.Key.Key_Escape)
        if name in _BACK_TO_COCKPIT:
            at.window.show_page("F1")
            at.window.cockpit.open_node(None)
            at.desk.select_alarm(1)
