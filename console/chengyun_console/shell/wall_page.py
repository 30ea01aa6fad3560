"""What hangs on the wall: top bar, risk strip and the cockpit of the wall's own layout, without anybody's data."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from chengyun_console.frame_turns import Steps, finish
from chengyun_console.layouts.labels import Label
from chengyun_console.layouts.wall_desk import WallDesk
from chengyun_console.lettered import Lettered
from chengyun_console.mode.standing import mode_here
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.shell import frame_records
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.top_bar import TopBar
from chengyun_console.warnings.banner import WarningBanner
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.tree import Node
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.holding import PostKind
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.painted import Painted

if TYPE_CHECKING:
    from chengyun_console.shell.wall_stage import Staged, WallStage


class WallPage(QWidget):
    """Reads the same mirrors as the officer's window; its selection, layout and words are the wall desk's."""

    mark_did_change = Signal(str)
    """What the watermark says: the window lays it over the page."""
    emergency_did_change = Signal(bool)
    """Whether 急时 holds here: the window frames the page in red."""

    def __init__(self, desk: WallDesk) -> None:
        super().__init__()
        self._desk = desk
        self._second, self._scale = -1, 1.0
        self._scheme = ""
        self.top_bar = TopBar(desk.theme)
        self.strip = RiskStrip(desk)
        self.notice = Lettered(desk.theme, TypeSize.TITLE, Colour.TEXT, bold=True)
        self.cockpit = CockpitPage(desk, post=PostKind.SCREEN.value)
        self.stage: WallStage | None = None
        """What was sent from F5 or F6; made with the first of it."""
        self._middle = QStackedWidget()
        self.banner = WarningBanner(desk, tells_key=False)
        self._lay_out()

    def take_catalogue(self, view: CatalogueView) -> None:
        """Show another version of the catalogue, masked by the labels."""
        self._desk.take_catalogue(view)
        self._scheme = ""
        self._take_scheme()
        self.strip.mark_dirty()

    def take_facts(self, news: FactNews) -> None:
        """Take note of alarms."""
        self._desk.take_facts(news)
        self.cockpit.take_facts(news)
        if self.stage is not None:
            self.stage.take_facts(news)
        self.strip.mark_dirty()

    def take_frame(self) -> None:
        """Values came."""
        self.cockpit.take_frame()

    def refresh(self, links: Links, now_s: float) -> None:
        """Paint what changed since the last frame, all of it at once."""
        finish(self.steps(links, now_s))

    def steps(self, links: Links, now_s: float) -> Steps:
        """Paint what changed since the last frame, pane by pane."""
        self._take_scheme()
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second:
            self._second = second
            self._refresh_frame(links)
            self.strip.mark_dirty()
        self.strip.refresh(links)
        yield
        if self.stage is not None and self._middle.currentWidget() is self.stage:
            yield from self.stage.steps(now_s)
        else:
            yield from self.cockpit.steps(links, now_s)

    def show_staged(self, staged: "Staged") -> str:
        """Show an event's map and cameras in place of the cockpit. Returns what is shown, by name."""
        from chengyun_console.shell.wall_stage import WallStage  # noqa: PLC0415 - most walls never have one

        if self._desk.labels.of_event() is Label.HIDE and staged.event is not None:
            return ""
        if self.stage is None:
            self.stage = WallStage(self._desk)
            self._middle.addWidget(self.stage)
            self._take_scale(self.stage)
        self._middle.setCurrentWidget(self.stage)
        self.stage.show_staged(staged)
        event = self._desk.event_focus.record
        return event.code if event is not None else self._desk.say("maps.title")

    def show_selection(self, node: Node | None, vital: int | None, alarm: int | None) -> str:
        """Show what an officer sends: a place in the tree, a vital first and large, an alarm marked. Returns its name.

        A vital that is hidden here is not shown, nor is it named.
        """
        self._middle.setCurrentWidget(self.cockpit)
        shown = vital if vital is not None and vital not in self._desk.hidden else None
        if alarm is not None:
            self._desk.select_alarm(alarm)
        else:
            self._desk.select_vital(shown)
        self.cockpit.open_node(node)
        self.cockpit.pinned.show_first(shown)
        names = self._desk.names
        named = names.vital(shown) if names and shown is not None else None
        return named.name if named else node.name if node else self._desk.say("console.wall.overview")

    def show_notice(self, text: str) -> None:
        """Say something on the wall itself, such as that it is not on its own screen; empty: nothing."""
        self.notice.show_text(text)
        self.notice.setVisible(bool(text))

    def magnify(self, scale: float) -> None:
        """Let every painted widget make its pictures as fine as they are shown."""
        self._scale = scale
        self._take_scale(self)

    def _take_scale(self, root: QWidget) -> None:
        for painted in root.findChildren(Painted):
            painted.magnification = self._scale
            painted.theme_did_change()

    def _take_scheme(self) -> None:
        scheme = self._desk.scheme()
        if self._desk.names is not None and scheme != self._scheme:
            self._scheme = scheme
            self.cockpit.take_catalogue(scheme)

    def _refresh_frame(self, links: Links) -> None:
        desk, labels = self._desk, self._desk.labels
        record = frame_records.top_bar_record(desk, links)
        is_named = labels.of("person") is Label.NORMAL
        self.top_bar.show_record(record if is_named else replace(record, watch=""))
        self.emergency_did_change.emit(mode_here(desk).is_emergency)
        self.banner.refresh()
        signed_on = desk.session.signed_on
        time = desk.figures.stamp(desk.now_ns())[:-3]
        if labels.of("account") is Label.NORMAL and signed_on is not None:
            self.mark_did_change.emit(frame_records.watermark(desk))
        elif labels.of("seat") is Label.NORMAL and signed_on is not None:
            self.mark_did_change.emit(desk.say("console.wall.watermark_seat", seat=signed_on.seat, time=time))
        else:
            self.mark_did_change.emit(desk.say("console.wall.watermark", time=time))

    def _lay_out(self) -> None:
        self.notice.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, SPACE_PX * 2)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.cockpit.search.hide()
        self.cockpit.alarms.hide_keys()
        for panel in (self.cockpit.pinned, self.cockpit.heat):
            for button in panel.actions_by_key.values():
                button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, self.strip, self.banner, self.notice):
            column.addWidget(widget)
        self._middle.addWidget(self.cockpit)
        column.addWidget(self._middle, 1)
