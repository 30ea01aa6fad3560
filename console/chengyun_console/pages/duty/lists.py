"""The lists at the right of F8 beside the log: contacts, hand-overs of the past, call-outs that run."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.callout import CallOut
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Handover, HandoverState, ItemState, Person
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import Handovers, People
from chengyun_core.wire.warning_asks import CallOuts
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence


class ContactsPane(QWidget):
    """Names, units, telephones (for who may call) and certificates; typed words narrow it at once."""

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self.field = SearchField(desk.theme, desk.say("console.duty.contacts.find"))
        self.list = FactList(desk.theme)
        _fill(self, self.field, self.list)
        self.list.setAccessibleName(desk.say("console.duty.side.contacts"))
        self.field.search_did_change.connect(lambda _text: self.refresh())
        self.field.row_was_asked.connect(lambda _by: self.list.setFocus())

    def refresh(self) -> None:
        """Show who is known now."""
        told = self._known.people
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
            return
        people = told.people if isinstance(told, People) else ()
        words = self.field.text().strip().casefold().split()
        chosen = [person for person in people if all(word in self._said(person) for word in words)]
        self.list.set_rows([self._row(person) for person in chosen])
        empty = "console.duty.contacts.none" if people else "console.duty.contacts.nobody"
        self.list.show_notice(Presence.FRESH if chosen else Presence.EMPTY, self._desk.say(empty))

    def _said(self, person: Person) -> str:
        return " ".join((person.code, person.name, person.unit, *person.phones)).casefold()

    def _row(self, person: Person) -> FactRow:
        words, say = DutyWords(self._desk.figures, self._desk.names), self._desk.say
        today = f"{self._desk.figures.moment(self._desk.now_ns()):%Y-%m-%d}"
        expired = [one for one in person.certificates if one.until < today]
        held = [words.role(one.role.value) for one in person.certificates if one.until >= today]
        return FactRow(
            key=person.code, severity=Severity.NONE, title=person.name,
            detail=words.joined(person.unit, say("console.names_between").join(held)),
            status=say("console.duty.phones_between").join(person.phones) or say("console.duty.contacts.no_phone"),
            age=say("console.duty.contacts.expired", date=expired[0].until) if expired else "",
            status_colour=Colour.TEXT if person.phones else Colour.TEXT_SECOND,
        )  # fmt: skip


class HandoversPane(QWidget):
    """Sheets of the past and those that are open; Enter or a double click opens one."""

    handover_was_opened = Signal(int)

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self.list = FactList(desk.theme)
        _fill(self, self.list)
        self.list.setAccessibleName(desk.say("console.duty.side.handovers"))
        self.list.row_was_opened.connect(lambda key: self.handover_was_opened.emit(int(key)))

    def refresh(self) -> None:
        """Show the sheets known now."""
        told = self._known.handovers
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
            return
        sheets = told.handovers if isinstance(told, Handovers) else ()
        self.list.set_rows([self._row(sheet) for sheet in sheets])
        empty = self._desk.say("console.duty.handovers.none")
        self.list.show_notice(Presence.FRESH if sheets else Presence.EMPTY, empty)

    def _row(self, sheet: Handover) -> FactRow:
        words, say = DutyWords(self._desk.figures, self._desk.names), self._desk.say
        refused = sum(item.state is ItemState.REFUSED for item in sheet.items)
        is_open = sheet.state in (HandoverState.OPEN, HandoverState.GIVEN)
        return FactRow(
            key=str(sheet.number), severity=Severity.NONE, title=sheet.code,
            detail=words.joined(
                sheet.seat, say("console.duty.handovers.from_to", giver=words.person(sheet.giver),
                                taker=words.person(sheet.taker) or say("console.handover.nobody")),
                say("console.duty.handovers.items", count=len(sheet.items)),
                say("console.duty.handovers.refused", count=refused) if refused else "",
            ),
            age=self._desk.figures.axis(sheet.opened_at, self._desk.now_ns()),
            status=say(f"console.duty.handovers.{sheet.state.value}"),
            status_colour=Colour.RED_TEXT if is_open and sheet.overdue
            else Colour.TEXT if is_open else Colour.TEXT_SECOND,
        )  # fmt: skip


class CallOutsPane(QWidget):
    """Call-outs that run first: how many confirmed, how many went to the superior."""

    call_out_was_opened = Signal(int)

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self.list = FactList(desk.theme)
        _fill(self, self.list)
        self.list.setAccessibleName(desk.say("console.duty.side.call_outs"))
        self.list.row_was_opened.connect(lambda key: self.call_out_was_opened.emit(int(key)))

    def refresh(self) -> None:
        """Show the call-outs known now."""
        told = self._known.call_outs
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
            return
        rows = told.call_outs if isinstance(told, CallOuts) else ()
        self.list.set_rows([self._row(one) for one in rows])
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.duty.call_outs.none"))

    def _row(self, one: CallOut) -> FactRow:
        say, now = self._desk.say, self._desk.now_ns()
        left = one.addressees - one.confirmed - one.escalated
        took = ((one.ended_at or now) - one.started_at) / NS_PER_S
        code = "console.duty.call_outs.ended" if one.ended_at is not None else "console.duty.call_outs.left"
        escalated = say("console.duty.call_outs.escalated", count=one.escalated) if one.escalated else ""
        confirmed = say("console.duty.call_outs.confirmed", count=one.confirmed, of=one.addressees)
        return FactRow(
            key=str(one.number), severity=Severity.NONE, title=one.title,
            detail=say("events.pieces_between").join(filter(None, (confirmed, escalated, one.words))),
            age=self._desk.figures.short_duration(took), status=say(code, count=left),
            status_colour=Colour.ORANGE_TEXT if one.ended_at is None and left else Colour.TEXT_SECOND,
        )  # fmt: skip


def _fill(pane: QWidget, *widgets: QWidget) -> None:
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_PX)
    for widget in widgets:
        is_field = isinstance(widget, SearchField)
        if is_field:
            row = QVBoxLayout()
            row.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, 0)
            row.addWidget(widget)
            column.addLayout(row)
        else:
            column.addWidget(widget, 1)
