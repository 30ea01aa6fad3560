"""The sheet of a consultation (会商, Y5, Y6): who is in, their pictures, what is asked, decided, written down."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.room_deeds import ROOM_ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered, Yielding
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.rooms import rows
from chengyun_console.rooms.area import RoomArea
from chengyun_console.rooms.desk import RoomDesk
from chengyun_console.rooms.invitations import Invitations
from chengyun_console.rooms.shared import SharedPane
from chengyun_console.session.background import Background
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.subjects import subject_of
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason
from chengyun_core.model.room import Member, MemberState, Room, Route
from chengyun_core.model.room_rules import member_of, sharer
from chengyun_core.rtc.conductor import RELAY
from chengyun_core.wire.event_asks import AskEvent, EventFile
from chengyun_core.wire.room_asks import AskRoomLines, AskSuggested, RoomLine, RoomLines, Suggestions
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_lines import TimeLines
from chengyun_widgets.video.grid import VideoGrid
from chengyun_widgets.video.record import PaneRecord, PaneTone, Pixels

_MARGIN_PX = SPACE_PX * 2
MATRIX_PX = 480
PLAN_WIDTH_PX, PLAN_HEIGHT_PX = 880, 480
PICTURES = 1
"""A console is sent one picture at a time (0400); everybody else is in the matrix."""
_ANY_PX = 16_777_215
"""Qt's QWIDGETSIZE_MAX, which PySide6 does not name."""
MOST_LINES = 1000
SPOKEN_LINES = 5
"""The newest of the record, which a screen reader tells."""
_FRAME_S = 2
"""A pane whose newest picture is older shows nothing but words."""


class RoomSheet(Overlay):
    """`V` twice on an event. Letters act while the keyboard is in it; Esc leaves the sheet, not the room."""

    def __init__(self, desk: Desk, parent: QWidget, press: Callable[[str], None]) -> None:
        """`press` does what a key of the table stands for."""
        super().__init__(desk.theme, desk.say("rooms.title"), "", parent)
        self._desk = desk
        self.rooms: RoomDesk = desk.rooms.of(desk)
        self.invitations = Invitations(desk, Background(self))
        self._is_finding = False
        """Whether it shows who may be asked besides the members of an open room."""
        self.lines: list[RoomLine] = []
        self._through, self._of, self._second = 0, 0, -1
        self._files_of: tuple[int, ...] = ()
        """Event, count and numbers of the files that were asked for last."""
        self._state: tuple[object, ...] = ()
        self.grid, self.shared = VideoGrid(desk.theme, self._pixels), SharedPane(desk)
        self.finding = QLineEdit()
        self.matrix, self.record = FactList(desk.theme), TimeLines(desk.theme)
        self.agenda = Yielding(desk.theme, TypeSize.BODY, Colour.TEXT_SECOND)
        self.poll = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.votes = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT_SECOND)
        self.decision = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.lacks = Lettered(desk.theme, TypeSize.BODY, Colour.YELLOW_TEXT)
        self.left, self.side = QWidget(), QWidget()
        self._area = QRect()
        self.buttons = KeyedButtons(desk, {action.id: _pressing(press, action.id) for action in _ON_SHEET})
        self._lay_out()
        self._bind(press)
        self.cover()
        self.grid.show_count(PICTURES)
        self.matrix.set_markable(is_markable=True)
        self.matrix.current_did_change.connect(self._choose)
        self.matrix.row_was_marked.connect(self._turn)
        self.matrix.row_was_opened.connect(self._turn)
        self.finding.textChanged.connect(self._forget_state)
        self.finding.returnPressed.connect(self._tick_found)
        self.rooms.did_change.connect(self._forget_state)
        desk.session.facts_came.connect(self._on_facts)
        desk.session.sign_on_ended.connect(self._on_seat)

    def open_for(self, event: Event, area: QRect) -> None:
        """Show the event's consultation; none is open: who should come to one."""
        focus = self._desk.rooms.focus
        if focus.event != event.number:
            focus.event, focus.ticked, focus.chosen = event.number, (), ""
            self.lines, self._through, self._of = [], 0, 0
            focus.files, self._files_of = {}, ()
            self.invitations.forget()
            self._end_finding()
        self.set_title(self._desk.say("rooms.title_of", title=event.title))
        ask = AskSuggested(event=event.number)
        self._desk.session.ask("room.suggest", ask, self._take_suggested, slot="room suggest")
        self.open_over(area)
        self._state = ()
        self.refresh()
        self.matrix.setFocus()

    def refresh(self) -> None:
        """Follow the room; called on each frame."""
        self.rooms.look()
        if self.isHidden():
            return
        room, second = self._desk.rooms.focus.room(), self._desk.now_ns() // NS_PER_S
        self._show_pictures(room)
        state = (room, second, len(self.lines), self._desk.session.facts.through)
        if state == self._state:
            return
        self._state = state
        self._desk.rooms.focus.ticked = self.invitations.ticked(room)
        if room is None:
            self._show_plan()
        else:
            self._ask_lines(room)
            self._ask_files(room)
            self._show_room(room)
        self._show_keys()

    def chosen(self) -> Member | None:
        """Return the member whose row is current."""
        room = self._desk.rooms.focus.room()
        return None if room is None else member_of(room, self._desk.rooms.focus.chosen)

    def find_somebody(self) -> None:
        """F: look for somebody to ask by name, initials or code; Enter ticks the first one found."""
        self.invitations.spell()
        self._is_finding, self._state = True, ()
        self.finding.show()
        self.finding.setFocus()
        self.refresh()

    def turn_large(self) -> None:
        """Give the shared camera all the room of the pictures, or half of it again."""
        self.grid.setVisible(self.grid.isHidden())

    @override
    def close_over(self) -> bool:
        if self.isVisible() and self._is_finding:
            self._end_finding()
            self.refresh()
            self.matrix.setFocus()
            return True
        self.shared.let_go()
        return super().close_over()

    @override
    def give_way(self) -> None:
        """An open room covers the page: its sheet goes with another page, and one is in it still."""
        if self.isVisible() and self._desk.rooms.focus.room() is not None:
            self._end_finding()
            self.close_over()

    @override
    def open_over(self, area: QRect) -> None:
        self._area = area
        super().open_over(area)
        self._show_side(is_open=self._desk.rooms.focus.room() is not None)

    @override
    def carried(self) -> object:
        return self._desk.rooms.focus.event if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        event = self._desk.session.facts.events.get(kept) if isinstance(kept, int) else None
        if event is not None:
            self.open_for(event, self.window().rect())

    def _show_plan(self) -> None:
        """No room is open: who would be asked to one; there are no pictures, and no room is left for any."""
        self._show_side(is_open=False)
        found = self._offered(None)
        self.matrix.set_rows(found)
        self.matrix.show_notice(Presence.FRESH if found else Presence.EMPTY, self._desk.say("rooms.nobody"))
        self.set_note(self._desk.say("rooms.not_open", count=len(self._desk.rooms.focus.ticked)))
        for label in (self.agenda, self.poll, self.votes, self.decision):
            label.hide()
        self.record.show_lines([])
        self._show_lacks()

    def _show_room(self, room: Room) -> None:
        desk = self._desk
        self._show_side(is_open=True)
        self.set_note(rows.head(desk, room))
        # A relayed room has no lines between two: what is left of one says nothing any more.
        peers = self.rooms.peers if room.route is Route.DIRECT else {}
        members = [rows.member_row(desk, room, one, peers.get(one.code)) for one in room.members]
        self.matrix.set_rows([*(self._offered(room) if self._is_finding else ()), *members])
        self.matrix.show_notice(Presence.FRESH, "")
        agenda = desk.say("console.names_between").join(f"{n} {point}" for n, point in enumerate(room.agenda, 1))
        _tell(self.agenda, desk.say("rooms.agenda", points=agenda) if agenda else "")
        self._show_questions(room)
        lines = [rows.line_of(desk, line) for line in self.lines]
        self.record.show_lines(lines)
        spoken = desk.say("console.names_between").join(line.text for line in lines[-SPOKEN_LINES:])
        self.record.setAccessibleDescription(spoken)
        self._show_lacks()

    def _offered(self, room: Room | None) -> list[FactRow]:
        """Return the rows of who may be asked: what is looked for first, ticks as they stand."""
        ticked = self.invitations.is_ticked
        offered = self.invitations.offered(room, self.finding.text())
        return [rows.suggested_row(self._desk, one, is_asked=ticked(one.code)) for one in offered]

    def _turn(self, code: str) -> None:
        """Enter or Space on somebody who may be asked: tick him, or take the tick away."""
        room, text = self._desk.rooms.focus.room(), self.finding.text()
        if any(one.code == code for one in self.invitations.offered(room, text)):
            self.invitations.turn(code, text)
            self._state = ()
            self.refresh()
            self.matrix.select(code)

    def _tick_found(self) -> None:
        """Enter beside a name: tick whom it finds first, and go to the list."""
        found = self.invitations.offered(self._desk.rooms.focus.room(), self.finding.text())
        if found and self.finding.text().strip() and not self.invitations.is_ticked(found[0].code):
            self._turn(found[0].code)
        self.finding.clear()
        self.refresh()
        self.matrix.setFocus()
        if found:
            self.matrix.select(found[0].code)

    def _end_finding(self) -> None:
        self._is_finding, self._state = False, ()
        self.finding.clear()
        self.finding.hide()

    def _show_side(self, *, is_open: bool) -> None:
        """A room takes the whole page; who should come to one, a sheet of a list's size."""
        self.left.setVisible(is_open)
        self.record.setVisible(is_open)
        self.side.setMaximumWidth(MATRIX_PX if is_open else _ANY_PX)
        margin = _MARGIN_PX
        whole = self._area.adjusted(margin, margin, -margin, -margin)
        wanted = whole if is_open else centred(self._area, PLAN_WIDTH_PX, PLAN_HEIGHT_PX)
        if wanted != self.geometry():
            self.setGeometry(wanted)

    def _show_questions(self, room: Room) -> None:
        desk, held = self._desk, self._desk.session.facts.rooms
        polls, decisions = held.polls_of(room.number), held.decisions_of(room.number)
        _tell(self.poll, rows.poll_words(desk, polls[-1]) if polls else "")
        _tell(self.votes, rows.voters(desk, room, polls[-1]) if polls else "")
        last = decisions[-1] if decisions else None
        orders = held_orders(desk, last.orders) if last is not None else ""
        code = "rooms.decision_ordered" if orders else "rooms.decision"
        _tell(self.decision, desk.say(code, text=last.text, orders=orders) if last is not None else "")

    def _show_lacks(self) -> None:
        reasons = [*self.rooms.lacks, *([self.rooms.fault] if self.rooms.fault is not None else [])]
        _tell(self.lacks, self._desk.say("console.names_between").join(self._desk.refusal(one) for one in reasons))

    def _show_keys(self) -> None:
        subject = subject_of(self._desk)
        self.buttons.show_only([action.id for action in _ON_SHEET if action.why_not(subject) is None])

    def _show_pictures(self, room: Room | None) -> None:
        own = self.rooms.own_in(room)
        is_in = room is not None and own is not None and own.state is MemberState.JOINED
        self.shared.follow(sharer(room) if room is not None and is_in else None)
        if self.shared.isHidden() and self.grid.isHidden():
            self.grid.show()
        self.grid.show_records([self._pane(room, member) for member in self._pictured(room)])
        for at in range(PICTURES):
            self.grid.panes[at].update()

    def _pane(self, room: Room | None, member: Member) -> PaneRecord:
        assert room is not None
        desk, peer = self._desk, self.rooms.peers.get(member.code) or self.rooms.peers.get(RELAY)
        title = desk.say("rooms.pane", who=rows.who(desk, member))
        if member.state is MemberState.DROPPED:
            notice = desk.say("rooms.pane.dropped", time=rows.away(desk, member))
            return PaneRecord(title=title, tone=PaneTone.LOST, notice=notice)
        foot, is_seen = rows.foot(desk, room, peer), self._seen(member.code) is not None
        code = "rooms.pane.sound" if peer is not None and peer.state == "connected" else "rooms.pane.waiting"
        notice = "" if is_seen else desk.say(code)
        spoken = desk.say("panes.spoken", title=title, state=notice or desk.say("panes.live"), foot=foot)
        tone = PaneTone.LIVE if is_seen else PaneTone.WAITING
        return PaneRecord(title=title, tone=tone, notice=notice, foot=foot, spoken=spoken)

    def _pictured(self, room: Room | None) -> list[Member]:
        """Return whose pane is shown: of two the other one, of a relayed room the one whose picture is sent here."""
        own = self.rooms.own_in(room)
        if room is None or own is None or own.state is not MemberState.JOINED:
            return []
        others = [one for one in room.members if one.code != own.code and one.state in _PICTURED]
        looked = [one for one in others if self.rooms.looks_at(one.code)]
        return (looked or others)[:PICTURES]

    def _pixels(self, at: int) -> Pixels | None:
        pictured = self._pictured(self._desk.rooms.focus.room()) if self.isVisible() else []
        return self._seen(pictured[at].code) if at < len(pictured) else None

    def _seen(self, code: str) -> Pixels | None:
        """Return a member's newest picture; one that does not move any more is none."""
        peer, media = self.rooms.peers.get(code), self.rooms.media
        if peer is None and self.rooms.looks_at(code):
            peer = self.rooms.peers.get(RELAY)
        if peer is None or media is None or peer.pane < 0 or peer.pictures_s <= 0:
            return None
        seen, pane = media.seen(peer.pane), peer.pane
        if seen.frame is None:
            return None
        return Pixels(
            data=seen.frame, width=seen.width, height=seen.height, stride=seen.stride,
            is_whole=lambda: media.is_whole(pane, seen.sequence),
        )  # fmt: skip

    def _ask_lines(self, room: Room) -> None:
        if self._of != room.number:
            self._of, self._through, self.lines = room.number, 0, []
        if self._through < self._desk.session.facts.through:
            ask = AskRoomLines(room=room.number, after=self._through)
            self._desk.session.ask("room.lines", ask, self._take_lines, slot="room lines")

    def _take_lines(self, answer: object) -> None:
        if isinstance(answer, RoomLines):
            new = [line for line in answer.lines if line.number > self._through]
            self.lines = [*self.lines, *new][-MOST_LINES:]
            self._through = max(self._through, answer.through)

    def _ask_files(self, room: Room) -> None:
        """Ask which files the event has, once and whenever it has others: one of them may be shown to all."""
        event = self._desk.session.facts.events.get(room.event)
        asked = (event.number, event.attachments, *event.attachment_numbers) if event is not None else ()
        if event is not None and event.attachments and asked != self._files_of:
            self._files_of = asked
            self._desk.session.ask("event.get", AskEvent(event=event.number), self._take_files, slot="room files")

    def _take_files(self, answer: object) -> None:
        if isinstance(answer, EventFile) and answer.event.number == self._desk.rooms.focus.event:
            self._desk.rooms.focus.files = {file.number: file for file in answer.attachments}
            self._state = ()
        elif isinstance(answer, Reason) and answer.code.startswith("session."):
            # Nobody answered: asked again with the next second. What a rule refuses is asked when there are others.
            self._files_of = ()

    def _on_seat(self, _ended: object) -> None:
        """Another one sits here, or nobody: what his predecessor saw and was told of is not his to show."""
        focus = self._desk.rooms.focus
        focus.files, focus.sight, focus.trend, self._files_of = {}, None, None, ()

    def _on_facts(self, news: FactNews) -> None:
        """A label changed: what was told of files before it is forgotten, and asked anew."""
        if news.relabelled:
            self._desk.rooms.focus.files, self._files_of, self._state = {}, (), ()

    def _take_suggested(self, answer: object) -> None:
        if isinstance(answer, Suggestions):
            self.invitations.suggest(answer.people)
            self._state = ()
        elif isinstance(answer, Reason):
            self.show_notice(Presence.REFUSED, self._desk.refusal(answer))

    def _choose(self, code: str) -> None:
        self._desk.rooms.focus.chosen = code
        self._state = ()

    def _forget_state(self, _text: str = "") -> None:
        self._state = ()

    def _bind(self, press: Callable[[str], None]) -> None:
        """Digits and Enter mean something else everywhere else: they are bound here, not in the window."""
        for key, action in (("1", "room.agree"), ("2", "room.reserve"), ("3", "room.oppose")):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(_pressing(press, action))

    def _lay_out(self) -> None:
        say = self._desk.say
        body = RoomArea()
        column = QVBoxLayout(body)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(SPACE_PX)
        row, left, right = QHBoxLayout(), QVBoxLayout(self.left), QVBoxLayout(self.side)
        left.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_MARGIN_PX)
        for label in (self.poll, self.votes, self.decision, self.lacks):
            label.setWordWrap(True)
        self.matrix.setAccessibleName(say("rooms.matrix"))
        self.record.setAccessibleName(say("rooms.record"))
        self.grid.setAccessibleName(say("rooms.pictures"))
        self.finding.setPlaceholderText(say("rooms.find"))
        self.finding.setAccessibleName(say("rooms.find"))
        self.finding.setMinimumHeight(TARGET_PX)
        self.finding.hide()
        left.addWidget(self.shared, 3)
        left.addWidget(self.grid, 1)
        left.addWidget(self.agenda)
        self.side.setMinimumWidth(MATRIX_PX)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(SPACE_PX)
        right.addWidget(self.finding)
        right.addWidget(self.matrix, 3)
        for label in (self.poll, self.votes, self.decision):
            right.addWidget(label)
        right.addWidget(self.record, 2)
        row.addWidget(self.left, 2)
        row.addWidget(self.side, 1)
        column.addLayout(row, 1)
        column.addWidget(self.lacks)
        column.addWidget(self.buttons)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


_ON_SHEET = tuple(action for action in ROOM_ACTIONS if action.where is Where.ROOM)
_PICTURED = (MemberState.JOINED, MemberState.DROPPED)


def held_orders(desk: Desk, numbers: tuple[int, ...]) -> str:
    """Return orders by the codes people know, their numbers where they have ended."""
    known = desk.session.facts.orders
    return desk.say("console.names_between").join(known[n].code if n in known else str(n) for n in numbers)


def _pressing(press: Callable[[str], None], action: str) -> Callable[[], None]:
    return lambda: press(action)


def _tell(label: Lettered, text: str) -> None:
    label.show_text(text)
    label.setVisible(bool(text))
