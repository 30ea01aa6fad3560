"""The console's window: the frame around every page, and what came handed to whom it concerns."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.dialogue import LONGEST_TEXT
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.sources.page import SourcesPage
from chengyun_console.pages.vitals.page import VitalsPage
from chengyun_console.preferences import PreferenceFile
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell import frame_records, keys
from chengyun_console.shell.alarm_card import WIDTH_PX as CARD_PX
from chengyun_console.shell.alarm_card import AlarmCard
from chengyun_console.shell.approvals import ApprovalsOverlay, is_own
from chengyun_console.shell.commanding import CommandBar, Ways
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.drills import Drills, under_banner
from chengyun_console.shell.layout_deeds import LayoutDeeds
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.seat_lock import SeatLock
from chengyun_console.shell.sheets import Sheets
from chengyun_console.shell.sign_on import SeatRow, SignOnScreen
from chengyun_console.shell.status_bar import StatusBar
from chengyun_console.shell.threshold_form import ThresholdForm
from chengyun_console.shell.threshold_switch import ThresholdSwitch
from chengyun_console.shell.top_bar import TopBar
from chengyun_console.shell.unfolded import UnfoldedStrip
from chengyun_console.shell.wall import Wall
from chengyun_console.subjects import subject_of
from chengyun_console.wording.approvals import approval_title
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.envelope import Seats
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.rail import Rail, RailPage
from chengyun_widgets.text_asker import TextAsker
from chengyun_widgets.toast import MessageLine, MessageTone
from chengyun_widgets.watermark import Watermark

PAGES = ("F1", "F2")
"""Pages that are built; nothing else is shown."""
BEFORE_SIGN_ON = ("preference.language", "preference.theme")
SOURCES = "sources"
"""The health page: behind the lamp of ingest, without a place on the rail."""
CHOOSER_PX = 720
NARROW_PX = 1600


class ConsoleWindow(QWidget):
    """One window of one seat. Before sign-on it shows the seats; strip, lights and clock are there from the start."""

    def __init__(self, desk: Desk, tick: FrameTick, *, page: str = "F1", seat: str = "", account: str = "") -> None:
        super().__init__()
        self._desk, self._tick = desk, tick
        self._first_page, self._page = page, ""
        self._scheme = ""
        self._second = -1
        self._reaches: tuple[Reach, Reach] | None = None
        self._now_s = 0.0
        self.top_bar = TopBar(desk.theme)
        self.strip = RiskStrip(desk)
        self.rail = Rail(desk.theme)
        self.rail.setAccessibleName(desk.say("console.rail"))
        self.status_bar = StatusBar(desk.theme)
        self.sign_on = SignOnScreen(desk, seat=seat, account=account)
        self.cockpit = CockpitPage(desk)
        self.vitals = VitalsPage(desk)
        self.sources = SourcesPage(desk)
        self.stack = QStackedWidget()
        self._build()
        self.unfolded = UnfoldedStrip(desk, self.strip, self)
        self.approvals = ApprovalsOverlay(desk, self)
        self.card = AlarmCard(desk, self)
        self.form = ThresholdForm(desk, self)
        self.chooser = NoteChooser(desk.theme, self)
        self.asker = TextAsker(desk.theme, LONGEST_TEXT, self)
        self.message = MessageLine(desk.theme, self)
        self.sheets = Sheets(desk, self, self.page_area)
        self.lock = SeatLock(desk, tick, self, self.stack)
        self.watermark = Watermark(desk.theme, self)
        self.chooser.hide()
        self.deeds = Deeds(desk, self.chooser, self.asker, self.message)
        self.switch = ThresholdSwitch(desk, self.deeds)
        ways = Ways(vital=self._open_vital, alarm=self._open_alarm, node=self.cockpit.open_node)
        self.command_bar = CommandBar(desk, self, self, self.switch, ways)
        self.drills = Drills(desk, self, self.stack, cockpit=self.cockpit, deeds=self.deeds)
        self.shortcuts = keys.bind(self, self.do)
        self._connect()
        self.wall = Wall(desk, tick, self, self.cockpit)
        self._show_sign_on()

    @property
    def page(self) -> str:
        """Page in front, or the one that will be after sign-on."""
        return self._page or self._first_page

    def take_present(self) -> None:
        """Take over what the session knows already: a window may be made while it runs."""
        session = self._desk.session
        if session.catalogue is not None:
            self._on_catalogue(session.catalogue)
        self._on_links(session.links())
        if session.signed_on is not None:
            self._enter()
        self.refresh(self._now_s)

    def refresh(self, now_s: float) -> None:
        """Paint what changed since the last frame; called by the tick, and by tests instead of waiting."""
        self._now_s = now_s
        if self.isMinimized():
            return
        links = self._desk.session.links()
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second:
            self._second = second
            self._refresh_frame(links)
            self.strip.mark_dirty()
        self.strip.refresh(links)
        self.message.tick(now_s)
        self.unfolded.refresh(links, now_s)
        self.approvals.refresh()
        self.card.refresh()
        self.command_bar.card.refresh()
        self.drills.refresh()
        match self._page:
            case "F1":
                self.cockpit.refresh(links, now_s)
            case "F2":
                self.vitals.refresh(now_s)
            case "sources":
                self.sources.refresh(links)

    def show_page(self, key: str) -> None:
        """Bring a page to the front; nothing happens before sign-on."""
        if self._desk.session.signed_on is None or key not in (*PAGES, SOURCES):
            return
        if key != self._page:
            self.card.close_over()
        self._page = key
        pages = {"F1": self.cockpit, "F2": self.vitals, SOURCES: self.sources}
        self.stack.setCurrentWidget(pages[key])
        self.rail.set_current(key)
        focus = {
            "F1": self.cockpit.focus_front,
            "F2": self.vitals.table.setFocus,
            SOURCES: self.sources.focus_list,
        }
        focus[key]()

    def do(self, actions: tuple[Action, ...]) -> None:
        """Do what a key stands for."""
        if self._desk.session.signed_on is None and actions[0].id not in BEFORE_SIGN_ON:
            return
        doer = self._doers().get(actions[0].id)
        if doer is not None:
            doer()
        elif actions[0].where is Where.ALARM and self.approvals.isHidden():
            self.deeds.begin(actions, subject_of(self._desk, self.cockpit.alarms.page_alarms()))

    def page_area(self) -> QRect:
        """Return where the page is, in the window's coordinates."""
        return QRect(self.stack.mapTo(self, self.stack.rect().topLeft()), self.stack.size())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.watermark.setGeometry(self.rect())
        self.strip.set_narrow(narrow=self.width() < NARROW_PX)
        self.place_overlays()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.keep(self._desk.preferences)
        self._tick.stop()
        super().closeEvent(event)

    def _doers(self) -> dict[str, Callable[[], object]]:
        return {
            "page.cockpit": lambda: self.show_page("F1"),
            "page.vitals": lambda: self.show_page("F2"),
            "page.sources": lambda: self.show_page(SOURCES),
            "search.open": self.command_bar.open,
            "alarm.next": self._next_alarm,
            "strip.unfold": self._unfold,
            "approvals.open": self._open_approvals,
            "alarm.locate": self._locate,
            "threshold.propose": self._propose,
            "threshold.switch_set": self.switch.begin,
            **LayoutDeeds(self._desk, self.deeds, self.cockpit).doers(),
            **self.wall.doers(),
            "session.sign_off": self._desk.session.sign_off,
            "preference.language": lambda: self._desk.choose_next("language"),
            "preference.theme": lambda: self._desk.choose_next("theme"),
            "back": self._back,
            **self.lock.doers(),
            **self.drills.doers(),
            **self.sheets.doers(self.stack.currentWidget, self._overlays),
        }

    def _back(self) -> None:
        """Esc: the nearest thing that can be left is left, one per press."""
        if self.deeds.is_asking:
            self.deeds.cancel()
        elif any(overlay.close_over() for overlay in self._overlays()):
            return
        elif self.message.isVisible():
            self.message.dismiss()
        elif self._desk.scope.clear():
            return
        elif self._page == SOURCES:
            self.show_page("F1")
        elif self._page == "F1":
            self.cockpit.go_up()
        elif self._page == "F2":
            self.vitals.trend.view.drop_cursor()

    def _unfold(self) -> None:
        if not self.unfolded.close_over():
            self.unfolded.open_over(self.page_area())

    def _overlays(self) -> tuple[Overlay, ...]:
        """Return what can lie over the page, the nearest first."""
        sheets = (*self.sheets.overlays, *self.command_bar.overlays, *self.drills.overlays)
        return *sheets, self.form, self.approvals, self.card, self.unfolded

    def _open_card(self, number: int) -> None:
        """Enter on an alarm: everything about it, beside the list that keeps the keyboard."""
        self._desk.select_alarm(number)
        self.card.open_over(self._card_area())

    def _card_area(self) -> QRect:
        """Return where the card lies: left of the alarm list on the cockpit, at the right elsewhere."""
        area = self.page_area()
        right = area.right() - SPACE_PX * 3
        if self._page == "F1":
            right = self.cockpit.alarms.mapTo(self, self.cockpit.alarms.rect().topLeft()).x() - SPACE_PX * 2
        width = min(CARD_PX, right - area.left() - SPACE_PX * 3)
        return QRect(right - width, area.top() + SPACE_PX * 3, width, area.height() - SPACE_PX * 6)

    def _show_vital(self, number: int) -> None:
        self.show_page("F1")
        self.cockpit.show_vital(number)

    def _locate(self) -> None:
        """Go to the sub-track of the alarm in focus, where its vital stands among its neighbours."""
        if self._desk.alarm() is None:
            self.deeds.tell(MessageTone.NOTE, self._desk.say("console.no_alarm"))
            return
        self.card.close_over()
        self.show_page("F1")
        self.cockpit.locate_alarm()

    def _propose(self) -> None:
        """T: open the form for the vital in focus; say so when this seat may not ask for a change."""
        action = BY_ID["threshold.propose"]
        if action.permission not in self._desk.allowed():
            told = self._desk.say("console.not_allowed", action=self._desk.say(action.title))
            self.deeds.tell(MessageTone.REFUSED, told)
        elif self._desk.vital is None:
            self.deeds.tell(MessageTone.NOTE, self._desk.say("console.no_alarm"))
        else:
            self.form.open_for(self._desk.vital, self.page_area())

    def _open_approvals(self) -> None:
        if not self.approvals.close_over():
            self.approvals.open_over(self.page_area())

    def _on_approval(self, approval: Approval) -> None:
        self.deeds.begin((BY_ID["approval.decide"],), subject_of(self._desk, approval=approval))

    def _tell_approvals(self, news: FactNews) -> None:
        """Say once that somebody asks for a second person; the list and the status bar go on saying it."""
        for fact in news.facts:
            approval = fact.record
            if isinstance(approval, Approval) and approval.state is ApprovalState.WAITING and approval.version == 1:
                code = "console.approvals.sent" if is_own(self._desk, approval) else "console.approvals.came"
                title = approval_title(self._desk.texts, self._desk.names, approval)
                told = self._desk.say(code, deed=title, seat=approval.asked_seat)
                self.deeds.tell(MessageTone.NOTE, told)

    def _next_alarm(self) -> None:
        current = self._desk.alarm()
        board = self._desk.session.facts.board
        alarm = board.next_unacknowledged(current.number if current else None)
        if alarm is None:
            self.deeds.tell(MessageTone.NOTE, self._desk.say("console.no_unacknowledged"))
        else:
            self._open_alarm(alarm.number)

    def _open_alarm(self, number: int) -> None:
        self.show_page("F1")
        self.cockpit.open_alarm(number)

    def _open_strip_item(self, key: str) -> None:
        kind, _, number = key.partition(".")[0].rpartition(":")
        if kind == "vital":
            self._open_vital(int(number))
        else:
            self._open_alarm(int(number))

    def _open_vital(self, number: int) -> None:
        self.show_page("F2")
        if self._page == "F2":
            self.vitals.refresh(self._now_s)
            self.vitals.open_vital(number)

    def _on_search_action(self, action: str) -> None:
        self._doers()[action]()

    def _on_catalogue(self, view: CatalogueView) -> None:
        self._desk.take_catalogue(view)
        if not self._page:
            self._desk.session.ask_seats()
        self._scheme = ""
        self._take_scheme()
        self.strip.mark_dirty()

    def _take_scheme(self) -> None:
        """Show the sectors of the own centre's scheme."""
        scheme = self._desk.scheme()
        if self._desk.names is not None and scheme != self._scheme:
            self._scheme = scheme
            self.cockpit.take_catalogue(scheme)
            self.vitals.take_catalogue(scheme)

    def _on_facts(self, news: FactNews) -> None:
        self._desk.take_facts(news)
        self._tell_approvals(news)
        self.cockpit.take_facts(news)
        self.vitals.take_facts(news)
        self.strip.mark_dirty()

    def _on_frame(self, _rows: object) -> None:
        self.cockpit.take_frame()
        self.vitals.take_frame()

    def _on_links(self, links: Links) -> None:
        self._take_scheme()
        reaches = (links.ingest.reach, links.centre.reach)
        if reaches == self._reaches:
            return
        before, self._reaches = self._reaches, reaches
        self._tell_losses(links, before)
        self._refresh_frame(links)
        self.cockpit.take_frame()
        self.vitals.take_frame()
        self.strip.mark_dirty()

    def _tell_losses(self, links: Links, before: tuple[Reach, Reach] | None) -> None:
        """Say once which daemon was lost and what still works; its lamp goes on saying it."""
        for at, link in enumerate((links.ingest, links.centre)):
            if before is not None and link.reach is Reach.LOST and before[at] is not Reach.LOST:
                since = self._desk.figures.clock(link.since_ns)
                self.deeds.tell(MessageTone.NOTE, self._desk.say(f"console.light.lost_{link.daemon}", time=since))

    def _on_seats(self, seats: Seats) -> None:
        rows = tuple(SeatRow(code=code, name=name, holder=holder) for code, name, holder in seats.seats)
        own = tuple(row for row in rows if self._is_own_seat(row.code))
        self.sign_on.take_seats(own or rows)

    def _is_own_seat(self, code: str) -> bool:
        """Seats of the centres below are taken at their own consoles."""
        names = self._desk.names
        seat = names.view.seat(code) if names else None
        return seat is None or seat.centre == self._desk.session.own_centre

    def _on_sign_on_ended(self, ended: SignOnEnded) -> None:
        if ended.signed_on is None:
            if self._page:
                self._show_sign_on()
            if ended.failed is not None:
                self.sign_on.show_refusal(self._desk.refusal(ended.failed))
            return
        self._desk.take_seat(PreferenceFile(self._desk.profile, ended.signed_on.seat))
        self._enter()

    def _enter(self) -> None:
        for page in (self.cockpit, self.vitals):
            page.take_preferences()
        self.rail.show()
        self.place_overlays()
        self.show_page(self.page)
        self._refresh_frame(self._desk.session.links())
        self.strip.mark_dirty()

    def _show_sign_on(self) -> None:
        self._page = ""
        self.deeds.cancel()
        self.command_bar.hide()
        self.unfolded.hide()
        self.approvals.hide()
        self.card.hide()
        self.form.hide()
        self.sheets.hide()
        self.drills.hide()
        self.rail.hide()
        self.stack.setCurrentWidget(self.sign_on)
        self._desk.session.ask_seats()

    def _refresh_frame(self, links: Links) -> None:
        self.top_bar.show_record(frame_records.top_bar_record(self._desk, links))
        self.status_bar.show_record(frame_records.status_record(self._desk, links))
        self.watermark.set_text(frame_records.watermark(self._desk))
        waiting = self._desk.session.facts.board.unacknowledged
        self.rail.show_pages([self._rail_page(key, waiting if key == "F1" else 0) for key in PAGES])
        self.setWindowTitle(frame_records.title(self._desk, self._page))

    def _rail_page(self, key: str, waiting: int) -> RailPage:
        badge = "" if not waiting else str(waiting) if waiting < 10 else "9+"
        return RailPage(key=key, text=self._desk.say(f"console.page.{key}"), hint=key, badge=badge)

    def place_overlays(self) -> None:
        """Put what lies over the page where it belongs in a window of this size."""
        area = self.page_area()
        width = min(CHOOSER_PX, area.width() - SPACE_PX * 6)
        height = self.chooser.sizeHint().height()
        self.chooser.setGeometry(
            area.right() - width - SPACE_PX * 3, area.bottom() - height - SPACE_PX * 3, width, height
        )
        line = max(self.message.sizeHint().height(), 36)
        self.message.setGeometry(area.left() + SPACE_PX * 3, area.bottom() - line - SPACE_PX * 3, width, line)
        asker = self.asker.sizeHint().height()
        self.asker.setGeometry(area.right() - width - SPACE_PX * 3, area.bottom() - asker - SPACE_PX * 3, width, asker)
        for overlay in self._overlays():
            if overlay.isVisible():
                overlay.open_over(self._card_area() if overlay is self.card else area)

    def _connect(self) -> None:
        session = self._desk.session
        session.frame_came.connect(self._on_frame)
        session.facts_came.connect(self._on_facts)
        session.links_came.connect(self._on_links)
        session.catalogue_came.connect(self._on_catalogue)
        session.seats_came.connect(self._on_seats)
        session.sign_on_ended.connect(self._on_sign_on_ended)
        self._tick.page_ticked.connect(self.refresh)
        self._tick.strip_ticked.connect(self.strip.tick)
        self.top_bar.light_was_asked.connect(self._on_light)
        self.rail.page_was_asked.connect(self.show_page)
        self.strip.item_was_opened.connect(self._open_strip_item)
        self.strip.unfold_was_asked.connect(self._unfold)
        self.unfolded.alarm_was_opened.connect(self._open_alarm)
        self.cockpit.alarms.alarm_was_opened.connect(self._open_card)
        self.card.action_was_asked.connect(self.do)
        self.form.was_written.connect(self.deeds.send)
        self.approvals.approval_was_opened.connect(self._on_approval)
        self.command_bar.connect_to(self.shortcuts["/"], self.deeds)
        self.cockpit.search_was_asked.connect(self.command_bar.open)
        self.cockpit.action_was_asked.connect(self._on_search_action)
        self.drills.vital_was_asked.connect(self._show_vital)
        self.drills.alarm_was_asked.connect(self._open_alarm)
        self._desk.message_came.connect(self._on_message)

    def _on_light(self, place: int, sentence: str) -> None:
        """A lamp was asked: its sentence, and for the first one, ingest's, the page that tells all of it."""
        self.deeds.tell(MessageTone.NOTE, sentence)
        if place == 0:
            self.show_page(SOURCES)

    def _on_message(self, text: str, is_trouble: bool) -> None:
        self.deeds.tell(MessageTone.TROUBLE if is_trouble else MessageTone.NOTE, text)

    def _build(self) -> None:
        for page in (self.sign_on, self.cockpit, self.vitals, self.sources):
            self.stack.addWidget(page)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(under_banner(self._desk, self.stack), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for widget in (self.top_bar, self.strip):
            whole.addWidget(widget)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status_bar)
        self.setWindowTitle(self._desk.say("console.title"))
        self.setMinimumSize(1024, 640)
