"""What the window does about consultations: the sheet, opening one with all who should come, orders from decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.rooms import rows
from chengyun_console.rooms.recordings import Recordings
from chengyun_console.rooms.sheet import RoomSheet
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.order_form import About
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.ways import Window
from chengyun_console.subjects import subject_of
from chengyun_console.wording.shares import share_word
from chengyun_core.model.event import Attachment
from chengyun_core.model.room import Decision, Member, MemberState, Room
from chengyun_core.model.room_commands import OpenRoom
from chengyun_core.model.room_rules import sharer
from chengyun_core.model.room_share import (
    MapSight,
    SharedCamera,
    SharedFile,
    SharedMap,
    SharedPicture,
    SharedTrend,
    read,
)
from chengyun_core.rtc.orders import Recorded
from chengyun_widgets.toast import MessageTone

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultWays:
    """Where a consultation leads."""

    compose: Callable[[About], None]
    """Opens the form of an order."""
    trend: Callable[[SharedTrend], None]
    """Shows lines on the page of vitals."""
    sight: Callable[[MapSight, str], None]
    """Shows the map as somebody else sees it; who shows it, in words."""
    file: Callable[[Attachment], None]
    """Opens a kept file."""


class ConsultRoom(QObject):
    """Made once by the window."""

    def __init__(
        self, desk: Desk, parent: QWidget, window: Window, deeds: Deeds, ways: ConsultWays, *, area: Callable[[], QRect]
    ) -> None:
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._window, self._deeds, self._ways, self._area = desk, window, deeds, ways, area
        self.sheet = RoomSheet(desk, parent, self._press)
        self._known: set[tuple[int, int]] | None = None
        self.recordings = Recordings(desk, deeds, self)
        self.sheet.rooms.was_recorded.connect(self._keep_recording)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return (self.sheet,)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of consultation do that send nothing by themselves, by their ids."""
        return {
            "room.open_for_event": self._open_sheet,
            "room.open": self._open_room,
            "room.find": self.sheet.find_somebody,
            "room.watch": self._watch,
            "room.order": self._draft_newest,
            "room.picture": self._turn_picture,
            "room.look": self._look_at_chosen,
            "heard.write_free": self._write_heard,
        }

    def refresh(self) -> None:
        """Follow the room; called on each frame."""
        self.sheet.refresh()
        self._draft_new()

    def _press(self, action: str) -> None:
        self._window.do((BY_ID[action],))

    def _open_sheet(self) -> None:
        """The consultation on the event in focus; the same key closes it."""
        if self.sheet.close_over():
            return
        event = self._desk.event_focus.record
        if event is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("events.none_in_focus"))
        else:
            self.sheet.open_for(event, self._area())

    def _write_heard(self) -> None:
        """A line of the radio and phone log that is about no event; it stands in the shift log."""
        self._deeds.begin((BY_ID["heard.write_free"],), subject_of(self._desk))

    def _open_room(self) -> None:
        """O: open it and ask all who are suggested, in one key."""
        event = self._desk.rooms.focus.event
        if event is None or not self._deeds.may(BY_ID["room.open"]):
            return
        invited = self.sheet.invitations.ticked(None)
        told = self._desk.say("rooms.deed.open", count=len(invited))
        self._deeds.send(OpenRoom(event=event, invited=invited), told)

    def _draft_new(self) -> None:
        """A decision one recorded oneself becomes a draft of an order at once."""
        room, signed_on = self._desk.rooms.focus.room(), self._desk.session.signed_on
        made = self._desk.session.facts.rooms.decisions
        keys = {(one.room, one.number) for one in made.values()}
        before, self._known = self._known, keys
        if before is None or room is None or signed_on is None or self.sheet.isHidden():
            return
        for decision in self._desk.session.facts.rooms.decisions_of(room.number):
            key = (decision.room, decision.number)
            if key not in before and decision.decided_seat == signed_on.seat and not decision.orders:
                self._draft(decision)

    def _draft_newest(self) -> None:
        room = self._desk.rooms.focus.room()
        made = self._desk.session.facts.rooms.decisions_of(room.number) if room is not None else ()
        if made:
            self._draft(made[-1])
        else:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rooms.no_decision"))

    def _draft(self, decision: Decision) -> None:
        """Open the form of an order, filled from a decision; when it is sent, the decision names it."""
        title = " ".join(decision.text.split())[:LONGEST_TITLE]
        self._ways.compose(
            About(
                event=decision.event, title=title, text=decision.text, decision=(decision.room, decision.number)
            )
        )  # fmt: skip

    def _turn_picture(self) -> None:
        own = self.sheet.rooms.own_in(self._desk.rooms.focus.room())
        if own is None or own.state is not MemberState.JOINED:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rooms.not_in"))
            return
        self.sheet.rooms.turn_picture()
        code = "rooms.picture.on" if self.sheet.rooms.shows_picture else "rooms.picture.off"
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code))

    def _look_at_chosen(self) -> None:
        chosen = self.sheet.chosen()
        if chosen is not None:
            self.sheet.rooms.choose(chosen.code)

    def _watch(self) -> None:
        """W: what is shown to all, as large as it goes: on the map, on the page of vitals, on the sheet of files."""
        room = self._desk.rooms.focus.room()
        shown = sharer(room) if room is not None else None
        if room is None or shown is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rooms.nothing_shared"))
            return
        match read(shown.shares):
            case SharedMap() as share:
                self._watch_map(room, shown, share.sight)
            case SharedTrend() as share:
                self.sheet.close_over()
                self._ways.trend(share)
            case SharedFile():
                self._watch_file()
            case SharedPicture():
                self.sheet.rooms.choose(shown.code)
            case SharedCamera():
                self.sheet.turn_large()
            case None:
                self._deeds.tell(MessageTone.NOTE, share_word(self._desk, shown.shares))

    def _watch_map(self, room: Room, shown: Member, sight: MapSight | None) -> None:
        self.sheet.close_over()
        self._desk.event_focus.select(room.event)
        if sight is None:
            self._window.do((BY_ID["event.map"],))
        else:
            self._ways.sight(sight, rows.who(self._desk, shown))

    def _watch_file(self) -> None:
        """Open the file over the room; one that is not here stays where it is said why."""
        file = self.sheet.shared.file
        if file is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rooms.file.not_here"))
        else:
            self._ways.file(file)

    def _keep_recording(self, room: Room, recorded: Recorded) -> None:
        """A recording that is complete goes to its event as evidence."""
        self.recordings.keep(room.event, room.title, Path(recorded.path))
