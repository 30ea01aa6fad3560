"""F6 指挥: the event in command on one screen: map, cameras, plan, receipts, line of time; the layout of 急时."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.map_deeds import ABOUT_MAP, MAP_KEYS
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.layouts.arranged import ArrangedPanes
from chengyun_console.layouts.command_layout import CommandLayout, CommandPane, shipped
from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.scope_view import ScopeView
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.pages.command.charts import CommandCharts
from chengyun_console.pages.command.head import CommandHead
from chengyun_console.pages.command.receipts import CommandReceipts
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.keyed import KeyedButtons, bind_keys
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.video.cameras import Spot
from chengyun_console.video.panel import VideoPanel
from chengyun_console.video.spots import spot_of_alarm, spot_of_event
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.time_marks import TimeMarkWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_strip import TimeStrip

if TYPE_CHECKING:
    from chengyun_console.shell.wall_stage import Staged

_DEEDS = ("order.compose", "order.receipts", "event.report", "plan.choose", "mode.change")
"""As the drawing has them beneath the receipts; the runner's own stand beneath the steps."""


class CommandPage(Page):
    """Everything follows the desk's event focus, like F3: single letters are about the event in the head.

    F6 again goes from pane to pane; Alt+1 … Alt+4 take another layout.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._marks, self._laid_charts = AlarmMarks(), CommandCharts(desk)
        self._state: tuple[object, ...] = ()
        self._is_dirty, self._pane = True, 0

    @override
    def making(self) -> Steps:
        desk = self._desk
        self.dossier, self.laid = Dossier(desk, slot="command"), CommandLayout(desk, self)
        self.head, self.map = CommandHead(desk), MapPanel(desk, "F6")
        self._scope_view = ScopeView(desk, self.map)
        yield
        self.video = VideoPanel(desk, "command")
        self.charts = PinnedPanel(desk, self._marks, self._laid_charts, slot="command")
        yield
        self.timeline = TimeStrip(desk.theme)
        self.plan, self.receipts = _panel(desk, "plan"), _panel(desk, "receipts")
        self.runner, self.matrix = RunnerPane(desk), CommandReceipts(desk)
        self.deeds = KeyedButtons(desk, {action: partial(self.action_was_asked.emit, action) for action in _DEEDS})
        yield
        self._lay_out()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        finish(self.steps(links, now_s))

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        if self._desk.session.signed_on is None:
            return
        yield from self.panes.steps()
        self.head.choose_first()
        self.dossier.tick(self._desk.now_ns())
        self._show()
        yield
        self.runner.refresh()
        yield
        self.matrix.refresh()
        yield
        self._scope_view.follow()
        self.map.refresh(now_s)
        yield
        if self.charts.isVisible():
            self.charts.refresh(self._desk.session.state, self._desk.now_ns())

    @override
    def take_catalogue(self, scheme: str) -> None:
        self._laid_charts.look()
        self.charts.take_catalogue()
        self._mark_dirty()

    @override
    def take_facts(self, news: FactNews) -> None:
        self._marks.take(news)
        self.dossier.take_facts(news)
        self._laid_charts.follow()
        if any(fact.kind == "mode" for fact in news.facts):
            self._laid_charts.look()
        self._mark_dirty()

    @override
    def take_preferences(self) -> None:
        self._laid_charts.look()
        self.laid.look()
        self.deeds.show_only(_DEEDS)

    @override
    def subject(self) -> Where:
        return Where.EVENT

    @override
    def doers(self) -> dict[str, Callable[[], object]]:
        to_the_map = partial(self.action_was_asked.emit, "page.map")
        return {**self.map.doers(), "map.find": to_the_map, "map.list": to_the_map, "layout.reset": self._reset}

    @override
    def staged(self) -> "Staged":
        from chengyun_console.shell.wall_stage import Staged  # noqa: PLC0415 - the wall has one when one is sent

        panes = self.video.panes
        return Staged(event=self._desk.event_focus.number, view=self.map.canvas.view, cameras=panes.shown(),
                      count=panes.grid.count)  # fmt: skip

    @override
    def focus_front(self) -> None:
        """Give the keyboard to the plan, or to the next pane when it is in one already."""
        finish(self.panes.steps())
        fronts = self._fronts()
        here = next((at for at, widget in enumerate(fronts) if _holds_focus(widget)), None)
        fronts[(here + 1) % len(fronts) if here is not None else 0].setFocus()

    @override
    def step_back(self) -> bool:
        return self.runner.step_back() or self.video.step_back() or self.map.step_back()

    def _fronts(self) -> tuple[QWidget, ...]:
        """Return what has the keyboard in each pane that is in sight, the plan first."""
        all_panes = (self.runner.list, self.matrix.front(), self.map.canvas, self.video.panes, self.timeline)
        return tuple(widget for widget in all_panes if widget.isVisibleTo(self)) or (self.runner.list,)

    def _show(self) -> None:
        """Show the head, the line of time and whose plan and receipts these are, when something changed."""
        desk, now_ns = self._desk, self._desk.now_ns()
        state = (desk.session.facts.through, now_ns // NS_PER_S, desk.names, desk.event_focus.number)
        if not self._is_dirty and state == self._state:
            return
        self._is_dirty, self._state = False, state
        case = self.dossier.case()
        event = case.event if case is not None else None
        self.head.show_event(event, now_ns)
        self.runner.show_event(event.number if event else None, event)
        self.matrix.show_event(event.number if event else None)
        self._show_time(case, now_ns)
        self._show_cameras(event)
        self._show_plan(event)
        self._show_receipts(event)

    def _show_time(self, case: Case | None, now_ns: int) -> None:
        words = TimeMarkWords(TimelineWords(EventWords(self._desk.figures, self._desk.names)))
        marks = words.marks(case.lines) if case is not None else []
        empty = self._desk.say("command.no_lines" if case is not None else "command.none")
        self.timeline.show_marks(marks, now_ns, self._desk.say("command.now"), empty)

    def _show_cameras(self, event: Event | None) -> None:
        """The nearest cameras of the event in focus, else of the alarm in focus, else of the own centre.

        Not of the gravest alarm: in a flood the panes would jump under an officer's eyes.
        """
        desk, book = self._desk, self._desk.video.of(self._desk).book
        if book is None:
            return
        alarm = desk.alarm()
        if event is not None:
            self.video.follow(spot_of_event(desk, book, event))
        elif alarm is not None:
            self.video.follow(spot_of_alarm(desk, book, alarm))
        else:
            self.video.follow(Spot(title=desk.say("command.own_cameras"), centre=desk.session.own_centre))

    def _show_plan(self, event: Event | None) -> None:
        run = self.runner.run() if event is not None else None
        self.plan.set_note(self._desk.say("command.edition", edition=run.version) if run is not None else "")
        self.plan.show_notice(Presence.FRESH if event is not None else Presence.EMPTY, self._what_to_do())

    def _show_receipts(self, event: Event | None) -> None:
        self.receipts.set_note(self.matrix.standing() if event is not None else "")
        self.receipts.show_notice(Presence.FRESH if event else Presence.EMPTY, self._desk.say("tasks.matrix.empty"))

    def _what_to_do(self) -> str:
        """Return what an officer does without an event: see to what nobody acknowledged, or open one himself."""
        waiting = self._desk.board.unacknowledged
        code = "command.none_but_alarms" if waiting else "command.none_to_do"
        return self._desk.say(code, count=waiting)

    def _open_timeline(self, _key: str) -> None:
        self.action_was_asked.emit("page.events")

    def _choose(self, at: int) -> None:
        self.laid.choose(at)
        title = self._desk.say(BY_ID[f"command.layout_{at + 1}"].title)
        self._desk.message_came.emit(self._desk.say("command.layout_taken", name=title), False)

    def _reset(self) -> None:
        self.laid.reset()
        self._desk.message_came.emit(self._desk.say("command.layout_reset"), False)

    def _mark_dirty(self) -> None:
        self._is_dirty = True

    def _connect(self) -> None:
        self.map.canvas.setProperty(ABOUT_MAP, True)
        bind_keys(self.map, {action: self.map.doers()[action] for action in MAP_KEYS})
        self.dossier.did_change.connect(self._mark_dirty)
        self._desk.event_focus.did_change.connect(self._mark_dirty)
        self.timeline.mark_was_opened.connect(self._open_timeline)
        bind_keys(self, {f"command.layout_{at + 1}": partial(self._choose, at) for at in range(len(shipped()))})

    def _lay_out(self) -> None:
        for button in self.charts.actions_by_key.values():
            # The range is the layout's: who wants another one looks at F1 or F2.
            button.hide()
        self.timeline.setAccessibleName(self._desk.say("command.timeline"))
        self.plan.set_body(self.runner)
        self.receipts.set_body(_column(self.matrix, self.deeds))
        self.panes = ArrangedPanes(self._desk, self.laid, {
            CommandPane.MAP: self.map, CommandPane.VIDEO: self.video, CommandPane.PLAN: self.plan,
            CommandPane.RECEIPTS: self.receipts, CommandPane.TIMELINE: self.timeline, CommandPane.CHARTS: self.charts,
        }, in_steps=True)  # fmt: skip
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        page.setSpacing(SPACE_PX)
        page.addWidget(self.head)
        page.addWidget(self.panes, 1)


def _panel(desk: Desk, name: str) -> Panel:
    return Panel(desk.theme, desk.say(f"command.{name}"))


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for at, part in enumerate(parts):
        column.addWidget(part, int(at == 0))
    return made


def _holds_focus(widget: QWidget) -> bool:
    keyboard = QApplication.focusWidget()
    return keyboard is not None and (keyboard is widget or widget.isAncestorOf(keyboard))
