"""The console's window: the frame around every page, and the rooms that fill it put together."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.glass.band import GlassBand
from chengyun_console.mode.keeper import ModeKeeper
from chengyun_console.mode.parts import fault_here
from chengyun_console.mode.red_frame import RedFrame
from chengyun_console.mode.standing import mode_here
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.preferences import PreferenceFile
from chengyun_console.rooms.area import is_in_room
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell import frame_records, keys
from chengyun_console.shell.coming import Coming
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.drills import Drills, under_banner
from chengyun_console.shell.frame import Frame
from chengyun_console.shell.hearing import Hearing
from chengyun_console.shell.layers import Layers
from chengyun_console.shell.layout_deeds import LayoutDeeds
from chengyun_console.shell.order_calls import OrderCalls
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.page_table import PAGES
from chengyun_console.shell.rooms import NEAREST_FIRST, Rooms
from chengyun_console.shell.routes import Routes
from chengyun_console.shell.seat_lock import SeatLock
from chengyun_console.shell.sign_on import SignOnScreen
from chengyun_console.shell.threshold_switch import ThresholdSwitch
from chengyun_console.shell.wall import Wall
from chengyun_console.shell.ways import Ways
from chengyun_console.subjects import subject_of
from chengyun_console.video.area import is_in_video
from chengyun_console.warnings.banner import WarningBanner
from chengyun_core.mirror.links import Links
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.toast import MessageTone
from chengyun_widgets.watermark import Watermark

if TYPE_CHECKING:
    from chengyun_console.pages.sources.page import SourcesPage
    from chengyun_console.pages.vitals.page import VitalsPage
    from chengyun_console.shell.commanding import CommandBar
    from chengyun_console.shell.duty_desk import DutyDesk
    from chengyun_console.shell.event_desk import EventDesk
    from chengyun_console.shell.plan_desk import PlanDesk
    from chengyun_console.shell.task_desk import TaskDesk

BEFORE_SIGN_ON = ("preference.language", "preference.theme", "glass.open", "back")
OF_THE_MATRIX = ("order.receipts",)
"""What opens the matrix of receipts closes it, too."""
COMMAND = "F6"
SOURCES = "sources"
"""The health page: behind the lamp of ingest, without a place on the rail."""
ORDERS = "F4"
GLASS = "glass"
"""The page of broken glasses: behind their lamp, for who may read it."""
NARROW_PX = 1600


class ConsoleWindow(QWidget):
    """One window of one seat. Before sign-on it shows the seats; strip, lights and clock are there from the start.

    Rooms: `frame` (bars and rail), `stack` (pages), `layers` (what lies over them), `routes` (ways), `hearing` (news),
    and in `rooms` what is made when it is first asked for.
    """

    _was_brought = False
    """F6 is in front because 急时 came into force, not because somebody went there."""

    def __init__(self, desk: Desk, tick: FrameTick, *, page: str = "F1", seat: str = "", account: str = "") -> None:
        super().__init__()
        self._desk, self._tick = desk, tick
        self._second, self._now_s = -1, 0.0
        self._is_front_behind = False
        """The page in front was not brought to now since it came there."""
        self.frame = Frame(desk)
        self.top_bar, self.strip = self.frame.top_bar, self.frame.strip
        self.rail, self.status_bar = self.frame.rail, self.frame.status_bar
        self.glass_band, self.banner = GlassBand(desk), WarningBanner(desk)
        self.sign_on = SignOnScreen(desk, seat=seat, account=account)
        self.stack = PageStack(desk, self.sign_on, page)
        self.cockpit = self.stack.of(CockpitPage)
        self._build()
        # The later a widget is made, the nearer it lies.
        self.layers = Layers(desk, self, self.stack, self.strip)
        self._take_layers()
        self.lock = SeatLock(desk, tick, self, self.stack)
        self.red_frame, self.watermark = RedFrame(desk.theme, self), Watermark(desk.theme, self)
        self.deeds = Deeds(desk, self.chooser, self.asker, self.message)
        self.switch = ThresholdSwitch(desk, self.deeds)
        self.rooms = Rooms(desk, self, self, stack=self.stack, layers=self.layers, deeds=self.deeds,
                           sign_on=self.sign_on)  # fmt: skip
        self.routes = Routes(desk, self.stack, self.layers, self.deeds, self.rail, self.rooms)
        ways = Ways(
            vital=self.routes.open_vital, alarm=self.routes.open_alarm, node=self.cockpit.open_node,
            plan=self._search_plans,
        )  # fmt: skip
        self.rooms.lead(ways, self.switch)
        self.drills = Drills(desk, self, self.stack, cockpit=self.cockpit, deeds=self.deeds)
        self.layers.add(NEAREST_FIRST.index("drills"), *self.drills.overlays)
        self.order_calls, self.coming = OrderCalls(desk, self.deeds), self._let_pages_come()
        self.mode = ModeKeeper(desk, self.deeds, self._apply_mode)
        self.shortcuts = keys.bind(self, self.press)
        self.hearing = Hearing(
            desk, self, self.stack, self.strip, sign_on=self.sign_on, deeds=self.deeds, show_frame=self._show_frame
        )
        self._connect()
        self.wall = Wall(desk, tick, self, self.cockpit, in_front=self.stack.page)
        self._show_sign_on()

    @property
    def page(self) -> str:
        """Page in front, or the one that will be after sign-on."""
        return self.stack.wanted

    @property
    def vitals(self) -> "VitalsPage":
        """F2; asking makes it, like everything in `rooms`."""
        return self.rooms.vitals_page

    @property
    def sources(self) -> "SourcesPage":
        """The page of the sources of samples."""
        return self.rooms.sources_page

    @property
    def command_bar(self) -> "CommandBar":
        """The search and the command bar."""
        return self.rooms.bar

    @property
    def event_desk(self) -> "EventDesk":
        """What is done about events."""
        return self.rooms.events

    @property
    def tasks(self) -> "TaskDesk":
        """What is done about orders."""
        return self.rooms.tasks

    @property
    def duty_desk(self) -> "DutyDesk":
        """What is done about duty."""
        return self.rooms.duty

    @property
    def plan_desk(self) -> "PlanDesk":
        """What is done about plans."""
        return self.rooms.plans

    def take_present(self) -> None:
        """Take over what the session knows already: a window may be made while it runs."""
        session = self._desk.session
        if session.catalogue is not None:
            self.hearing.take_catalogue(session.catalogue)
        self.hearing.take_links(session.links())
        if session.signed_on is not None:
            self._enter()
        self.refresh(self._now_s)

    def refresh(self, now_s: float) -> None:
        """Paint what changed since the last frame, all of it at once; tests call it instead of waiting."""
        finish(self.steps(now_s))

    def steps(self, now_s: float) -> Steps:
        """Paint what changed since the last frame, pane by pane: what calls, then what lies in front, then the page."""
        self._now_s = now_s
        self.routes.tick(now_s)
        if self.isMinimized():
            return
        links = self._desk.session.links()
        self._desk.routing.look(self._desk.now_ns())
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second:
            self._second = second
            self._show_frame(links)
            self.strip.mark_dirty()
        self.strip.refresh(links)
        self.glass_band.refresh()
        self.banner.refresh()
        yield
        self.layers.refresh(links, now_s)
        self.rooms.refresh()
        self.order_calls.look(is_shown=self.stack.front == ORDERS)
        self.drills.refresh()
        front = self.stack.front
        yield from self.stack.steps(links, now_s)
        if front == self.stack.front:
            self._is_front_behind = False

    def show_page(self, key: str) -> None:
        """Bring a page to the front; nothing happens before sign-on."""
        self.stack.bring_forward(key)

    def press(self, actions: tuple[Action, ...]) -> None:
        """Do what a key stands for on the page in front."""
        of_room = tuple(action for action in actions if action.where is Where.ROOM)
        if of_room and is_in_room(self.focusWidget()):
            # Letters that mean something anywhere (H, F) mean the consultation here.
            self.do(of_room)
            return
        page = self.stack.page()
        here = page.subject() if page is not None else Where.ALARM
        if keys.is_in_the_matrix(self.focusWidget()) and not any(action.id in OF_THE_MATRIX for action in actions):
            # There C confirms for a unit; on the page below it would take command of the event.
            here = Where.ORDER
        if is_in_video(self.focusWidget()) and any(action.where is Where.VIDEO for action in actions):
            here = Where.VIDEO
        if keys.is_on_a_map(self.focusWidget()) and any(action.where is Where.MAP for action in actions):
            here = Where.MAP
        meant = keys.meant_here(actions, here)
        if meant:
            self.do(meant)

    def do(self, actions: tuple[Action, ...]) -> None:
        """Do the one of these actions that makes sense; they share a key, or a button means the one."""
        if self._desk.session.signed_on is None and actions[0].id not in BEFORE_SIGN_ON:
            return
        page = self.stack.page()
        own = page.doers().get(actions[0].id) if page is not None else None
        doer = own or self._doers().get(actions[0].id) or self.rooms.doer(actions[0].id)
        if doer is not None:
            doer()
        elif actions[0].where in keys.SUBJECTS and self.approvals.isHidden():
            self.deeds.begin(actions, subject_of(self._desk, self.cockpit.alarms.page_alarms()))

    def page_area(self) -> QRect:
        """Return where the page is, in the window's coordinates."""
        return self.layers.area()

    def place_overlays(self) -> None:
        """Put what lies over the page where it belongs in a window of this size."""
        self.layers.place()

    @override
    def event(self, event: QEvent) -> bool:
        # Comes before every key. A letter pressed right after the key of a page is meant for that page, which knows
        # what is in focus there (the first event, the first order) only after its first frame.
        if self._is_front_behind and event.type() is QEvent.Type.ShortcutOverride:
            finish(self._catch_up())
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.watermark.setGeometry(self.rect())
        self.strip.set_narrow(narrow=self.width() < NARROW_PX)
        self.place_overlays()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.keep(self._desk.preferences)
        self.coming.abandon()
        self._tick.stop()
        super().closeEvent(event)

    def _doers(self) -> dict[str, Callable[[], object]]:
        return {
            "threshold.switch_set": self.switch.begin,
            **self.routes.doers(),
            **LayoutDeeds(self._desk, self.deeds, self.cockpit).doers(),
            **self.wall.doers(),
            "session.sign_off": self._desk.session.sign_off,
            "preference.language": lambda: self._desk.choose_next("language"),
            "preference.theme": lambda: self._desk.choose_next("theme"),
            "back": self._back,
            **self.lock.doers(),
            **self.drills.doers(),
            **self.layers.sheets.doers(self.stack.currentWidget, self.layers.overlays),
        }

    def _catch_up(self) -> Steps:
        """Bring the page in front to now before its next frame is due."""
        self._is_front_behind = False
        yield from self.stack.steps(self._desk.session.links(), self._now_s)

    def _may_press(self) -> bool:
        return self._desk.session.signed_on is not None and not self.lock.is_locked

    def _back(self) -> None:
        """Esc: the nearest thing that can be left is left, one per press."""
        if self.deeds.is_asking:
            self.deeds.cancel()
        elif self.layers.close_nearest():
            return
        elif self.message.isVisible():
            self.message.dismiss()
        elif self._desk.scope.clear():
            return
        else:
            self._step_back()

    def _step_back(self) -> None:
        page, row = self.stack.page(), self.stack.row()
        if page is not None and row is not None and not page.step_back() and not row.on_rail:
            self.show_page(PAGES[0].id)

    def _on_sign_on_ended(self, ended: SignOnEnded) -> None:
        if ended.signed_on is None:
            if self.stack.goal:
                self._show_sign_on()
            if ended.failed is not None:
                self.sign_on.refuse(ended.failed)
            return
        self.sign_on.remember(ended.signed_on)
        self._desk.take_seat(PreferenceFile(self._desk.profile, ended.signed_on.seat))
        self._enter()
        if ended.signed_on.incoming:
            self.duty_desk.take_over()

    def _enter(self) -> None:
        self.stack.take_preferences()
        self.mode.look()
        self.rail.show()
        self.place_overlays()
        self.show_page(self.page)
        self._show_frame(self._desk.session.links())
        self.strip.mark_dirty()

    def _show_sign_on(self) -> None:
        self.deeds.cancel()
        self.layers.hide()
        self.drills.hide()
        self.rail.hide()
        self.stack.show_sign_on()
        self._desk.session.ask_seats()

    def _show_frame(self, links: Links) -> None:
        self.frame.show(links)
        self.red_frame.show_emergency(is_emergency=mode_here(self._desk).is_emergency)
        self.watermark.set_text(frame_records.watermark(self._desk))
        self.setWindowTitle(frame_records.title(self._desk, self.stack.goal))

    def _let_pages_come(self) -> Coming:
        made = Coming(self._desk, self._tick, self, stack=self.stack, rooms=self.rooms, first_frame=self._catch_up,
                      may_press=self._may_press)  # fmt: skip
        self.stack.led_by(made)
        return made

    def _take_layers(self) -> None:
        """Name what lies over the page as the window's own: keys, tests and pictures ask for it here."""
        layers = self.layers
        self.unfolded, self.approvals, self.card, self.form = (
            layers.unfolded, layers.approvals, layers.card, layers.form,
        )  # fmt: skip
        self.chooser, self.asker, self.message = layers.chooser, layers.asker, layers.message
        self.sheets = layers.sheets

    def _connect(self) -> None:
        routes = self.routes
        self._desk.session.sign_on_ended.connect(self._on_sign_on_ended)
        self._tick.join(self, self.steps)
        self._tick.strip_ticked.connect(self.strip.tick)
        self.stack.front_will_change.connect(self._on_front)
        self.coming.goal_did_change.connect(self._on_coming)
        self.top_bar.light_was_asked.connect(self._on_light)
        self.mode.came_into_force.connect(self._bring_command_forward)
        self.mode.was_lifted.connect(self._go_back)
        self.top_bar.mode_was_asked.connect(lambda: self.do((BY_ID["mode.change"],)))
        self.status_bar.was_asked.connect(routes.tell_origins)
        self.status_bar.devices_were_asked.connect(lambda: self.do((BY_ID["page.devices"],)))
        for panel in (self.cockpit.heat, self.cockpit.alarms):
            panel.head_was_asked.connect(routes.tell_origins)
        self.rail.page_was_asked.connect(self.show_page)
        self.strip.item_was_opened.connect(routes.open_strip_item)
        self.strip.unfold_was_asked.connect(routes.unfold)
        self.banner.warning_was_asked.connect(self._open_warning)
        self.glass_band.end_was_asked.connect(lambda: self.do((BY_ID["glass.end"],)))
        self.sign_on.glass_was_asked.connect(lambda: self.do((BY_ID["glass.open"],)))
        self.sign_on.phone_was_asked.connect(self._enrol)
        self.unfolded.alarm_was_opened.connect(routes.open_alarm)
        self.unfolded.receipt_was_opened.connect(routes.open_receipt)
        self.cockpit.alarms.alarm_was_opened.connect(routes.open_card)
        self.cockpit.pinned.alarm_was_opened.connect(routes.open_mark)
        self.card.action_was_asked.connect(self.do)
        self.form.was_written.connect(self.deeds.send)
        self.approvals.approval_was_opened.connect(routes.decide)
        self.shortcuts["/"].activated.connect(self._begin_command)
        self.cockpit.search_was_asked.connect(self._open_search)
        self.drills.vital_was_asked.connect(routes.show_vital)
        self.drills.alarm_was_asked.connect(routes.open_alarm)
        for lists in (self.cockpit.corner.in_hand, self.unfolded):
            lists.event_was_opened.connect(routes.open_event)
        self._desk.plan_focus.orders_were_asked.connect(self._review)
        self._desk.message_came.connect(self._on_message)
        self.stack.page_was_made.connect(self._on_page_made)
        for page_id in self.stack.standing:
            self._on_page_made(page_id)

    def _on_page_made(self, page_id: str) -> None:
        page = self.stack.page(page_id)
        if page is not None:
            page.action_was_asked.connect(self._on_page_action)
        if page_id == "F3":
            self.rooms.events_page.deed_was_asked.connect(self.do)
        self.routes.lead_from(page_id)

    # Named, for to connect a room's own method would make the room.

    def _begin_command(self) -> None:
        """The slash that opened the box is its first letter."""
        self.command_bar.search.begin_command()

    def _open_search(self) -> None:
        self.command_bar.open()

    def _search_plans(self, words: str) -> None:
        self.plan_desk.search(words)

    def _review(self, run: int) -> None:
        self.plan_desk.review(run)

    def _open_warning(self, number: int) -> None:
        """The banner is there before anybody signed on; the page is not."""
        if self._desk.session.signed_on is not None:
            self.rooms.warnings.open_warning(number)

    def _enrol(self, account: str) -> None:
        self.rooms.glass.enrol_before(account)

    def _bring_command_forward(self) -> None:
        """急时 brings F6 forward for who only watches; whoever is at work somewhere else stays there."""
        is_watching = self.stack.goal == PAGES[0].id and not self.deeds.is_asking
        if is_watching and not any(sheet.isVisible() for sheet in self.layers.overlays()):
            self.show_page(COMMAND)
            self._was_brought = True

    def _go_back(self) -> None:
        """The exact way back: who was brought to F6 and is there still watches again."""
        if self._was_brought and self.stack.goal == COMMAND:
            self.show_page(PAGES[0].id)
        self._was_brought = False

    def _apply_mode(self) -> str:
        """Bring up layout and sound of the mode in effect; return the code of a fault, empty for none."""
        self.cockpit.laid.look()
        return fault_here(self._desk, self.cockpit.laid)

    def _on_front(self, page_id: str) -> None:
        self._is_front_behind = True
        self.rooms.enter(page_id)
        self._on_coming(page_id)

    def _on_coming(self, page_id: str) -> None:
        self.layers.give_way()
        self.rail.set_current(page_id)

    def _on_page_action(self, action: str) -> None:
        self.do((BY_ID[action],))

    def _on_light(self, place: int, sentence: str) -> None:
        """A lamp was asked: its sentence, and for the first one, ingest's, the page that tells all of it."""
        self.deeds.tell(MessageTone.NOTE, sentence)
        if place == 0:
            self.show_page(SOURCES)
        elif frame_records.is_glass_lamp(self._desk, self._desk.session.links(), place) and (
            "glass.page" in self._desk.allowed()
        ):
            self.show_page(GLASS)

    def _on_message(self, text: str, is_trouble: bool) -> None:
        self.deeds.tell(MessageTone.TROUBLE if is_trouble else MessageTone.NOTE, text)

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(under_banner(self._desk, self.stack), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for widget in (self.top_bar, self.strip, self.glass_band, self.banner):
            whole.addWidget(widget)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status_bar)
        self.setWindowTitle(self._desk.say("console.title"))
        self.setMinimumSize(1024, 640)
