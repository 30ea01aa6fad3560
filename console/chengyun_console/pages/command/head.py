"""The head of F6: which event is commanded here, its grade, state, time and seat."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_resources.theme.tokens import SEVERITY_TEXT, SPACE_PX, TARGET_PX, Colour, TypeSize


class CommandHead(QWidget):
    """Offers the living events, the gravest first; what is chosen becomes the desk's event focus."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.events = ChoiceBox(desk.theme)
        self.standing = Yielding(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.events.setAccessibleName(desk.say("command.event"))
        self.events.setMinimumHeight(TARGET_PX)
        self.events.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(self.events, 2)
        row.addWidget(self.standing, 3)
        self.events.activated.connect(self._on_chosen)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, TARGET_PX)

    def choose_first(self) -> None:
        """With nothing in focus take the event this seat commands, else the gravest commanded, else the gravest."""
        desk = self._desk
        living = desk.session.facts.events
        if desk.event_focus.number is not None or not living:
            return
        seat = desk.session.signed_on.seat if desk.session.signed_on else ""
        desk.event_focus.select(min(living.values(), key=lambda row: _rank(row, seat)).number)

    def show_event(self, event: Event | None, now_ns: int) -> None:
        """Show an event, and what could be shown in its place."""
        self._offer()
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


def _rank(event: Event, seat: str) -> tuple[bool, bool, int, int]:
    """Order by who commands, then by grade, then the newest."""
    return not seat or event.command_seat != seat, not event.command_seat, -int(event.grade or 0), -event.number
