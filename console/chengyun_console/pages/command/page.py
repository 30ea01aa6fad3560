"""F6 指挥: the event in command with its charts, timeline, plan and receipts on one screen; the layout of 急时."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.lettered import Lettered, Yielding
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.pages.command.charts import CommandCharts
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.pages.orders.matrix_pane import ReceiptMatrixPane
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_resources.theme.tokens import SEVERITY_TEXT, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_lines import TimeLines

_DEEDS = ("plan.choose", "order.compose", "order.receipts", "event.report", "mode.change")


class CommandPage(Page):
    """Follows the desk's event focus, like F3: single letters are about the event in the head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._marks, self._laid = AlarmMarks(), CommandCharts(desk)
        self._state: tuple[object, ...] = ()
        self._is_dirty = True
        self.dossier = Dossier(desk, slot="command")
        self.events = ChoiceBox(desk.theme)
        self.standing = Yielding(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.later = Lettered(desk.theme, TypeSize.SMALL)
        self.charts = PinnedPanel(desk, self._marks, self._laid, slot="command")
        self.timeline, self.plan = _panel(desk, "timeline"), _panel(desk, "plan")
        self.receipts = _panel(desk, "receipts")
        self.lines, self.runner, self.matrix = TimeLines(desk.theme), RunnerPane(desk), ReceiptMatrixPane(desk)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in _DEEDS})
        self._lay_out()
        self.events.activated.connect(self._on_chosen)
        self.dossier.did_change.connect(self._mark_dirty)
        desk.event_focus.did_change.connect(self._mark_dirty)

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        finish(self.steps(links, now_s))

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        if self._desk.session.signed_on is None:
            return
        self._choose_event()
        self.dossier.tick(self._desk.now_ns())
        self._show()
        yield
        self.charts.refresh(self._desk.session.state, self._desk.now_ns())
        yield
        self.runner.refresh()
        yield
        self.matrix.refresh()

    @override
    def take_catalogue(self, scheme: str) -> None:
        self._laid.look()
        self.charts.take_catalogue()
        self._mark_dirty()

    @override
    def take_facts(self, news: FactNews) -> None:
        self._marks.take(news)
        self.dossier.take_facts(news)
        self._laid.follow()
        if any(fact.kind == "mode" for fact in news.facts):
            self._laid.look()
        self._mark_dirty()

    @override
    def take_preferences(self) -> None:
        self._laid.look()
        self.deeds.show_only(_DEEDS)

    @override
    def subject(self) -> Where:
        return Where.EVENT

    @override
    def focus_front(self) -> None:
        self.runner.list.setFocus()

    @override
    def step_back(self) -> bool:
        return self.runner.step_back()

    def _choose_event(self) -> None:
        """Begin with the event this seat commands, else with the gravest that is commanded, else with the gravest."""
        desk = self._desk
        living = desk.session.facts.events
        if desk.event_focus.number is not None or not living:
            return
        seat = desk.session.signed_on.seat if desk.session.signed_on else ""
        first = min(living.values(), key=lambda row: _rank(row, seat))
        desk.event_focus.select(first.number)

    def _show(self) -> None:
        """Show the head, the timeline and whose plan and receipts these are; does something when something changed."""
        desk, now_ns = self._desk, self._desk.now_ns()
        state = (desk.session.facts.through, now_ns // NS_PER_S, desk.names, desk.event_focus.number)
        if not self._is_dirty and state == self._state:
            return
        self._is_dirty, self._state = False, state
        self._offer()
        case = self.dossier.case()
        event = case.event if case is not None else None
        self._show_head(event, now_ns)
        self.runner.show_event(event.number if event else None, event)
        self.matrix.show_event(event.number if event else None)
        words = TimelineWords(EventWords(desk.figures, desk.names))
        self.lines.show_lines([words.line(line) for line in case.lines] if case is not None else [])
        for panel in (self.timeline, self.receipts):
            panel.setVisible(event is not None)
        self.plan.show_notice(Presence.FRESH if event is not None else Presence.EMPTY, self._what_to_do())
        self.timeline.set_note(desk.say("command.lines", count=len(case.lines)) if case is not None else "")

    def _what_to_do(self) -> str:
        """Return what an officer does without an event: see to what nobody acknowledged, or open one himself."""
        waiting = self._desk.board.unacknowledged
        code = "command.none_but_alarms" if waiting else "command.none_to_do"
        return self._desk.say(code, count=waiting)

    def _show_head(self, event: Event | None, now_ns: int) -> None:
        desk = self._desk
        if event is None:
            self.standing.show_text(desk.say("command.none"))
            self.standing.set_colour(Colour.TEXT_SECOND)
            return
        words = EventWords(desk.figures, desk.names)
        seat = event.command_seat
        told = desk.say(
            "command.standing", grade=words.grade(event), state=desk.say(f"event.state.{event.state.value}"),
            elapsed=desk.figures.duration((now_ns - event.opened_at) / NS_PER_S),
            seat=desk.say("command.seat", seat=seat) if seat else desk.say("command.no_seat"),
        )  # fmt: skip
        self.standing.show_text(told)
        self.standing.set_colour(SEVERITY_TEXT[words.severity(event)])

    def _offer(self) -> None:
        """Offer the living events in the head, the gravest first."""
        desk = self._desk
        rows = sorted(desk.session.facts.events.values(), key=lambda row: _rank(row, ""))
        wanted = [(desk.say("events.named", number=row.code, title=row.title), row.number) for row in rows]
        given = desk.event_focus.record
        if given is not None and given.number not in {number for _text, number in wanted}:
            wanted.insert(0, (desk.say("events.named", number=given.code, title=given.title), given.number))
        if [(self.events.itemText(at), self.events.itemData(at)) for at in range(self.events.count())] != wanted:
            self.events.clear()
            for text, number in wanted:
                self.events.addItem(text, number)
        self.events.setCurrentIndex(self.events.findData(desk.event_focus.number))
        self.events.setVisible(self.events.count() > 0)

    def _on_chosen(self, at: int) -> None:
        number = self.events.itemData(at)
        if isinstance(number, int):
            self._desk.event_focus.select(number)

    def _mark_dirty(self) -> None:
        self._is_dirty = True

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _lay_out(self) -> None:
        desk = self._desk
        self.later.show_text(desk.say("command.later"))
        self.events.setAccessibleName(desk.say("command.event"))
        self.events.setMinimumHeight(TARGET_PX)
        self.events.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lines.setAccessibleName(desk.say("command.timeline"))
        bodies: tuple[tuple[Panel, QWidget], ...] = (
            (self.timeline, self.lines), (self.plan, self.runner), (self.receipts, self.matrix)
        )  # fmt: skip
        for panel, body in bodies:
            panel.set_body(body)
        for button in self.charts.actions_by_key.values():
            # The range is the layout's: who wants another one looks at F1 or F2.
            button.hide()
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(SPACE_PX * 4)
        head.addWidget(self.events, 2)
        head.addWidget(self.standing, 3)
        foot.addWidget(self.deeds, 1)
        foot.addWidget(self.later)
        left = self._split("left", Qt.Orientation.Vertical, (56, 44), self.charts, self.timeline)
        right = self._split("right", Qt.Orientation.Vertical, (54, 46), self.plan, self.receipts)
        whole = self._split("whole", Qt.Orientation.Horizontal, (35, 65), left, right)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX)
        page.setSpacing(SPACE_PX)
        page.addLayout(head)
        page.addWidget(whole, 1)
        page.addLayout(foot)

    def _split(self, name: str, way: Qt.Orientation, shares: tuple[int, ...], *parts: QWidget) -> SplitPanes:
        made = SplitPanes(self._desk, f"command.{name}", way, shares)
        for part in parts:
            made.addWidget(part)
        return made


def _panel(desk: Desk, name: str) -> Panel:
    return Panel(desk.theme, desk.say(f"command.{name}"))


def _rank(event: Event, seat: str) -> tuple[bool, bool, int, int]:
    """Order by who commands, then by grade, then the newest."""
    return not seat or event.command_seat != seat, not event.command_seat, -int(event.grade or 0), -event.number
