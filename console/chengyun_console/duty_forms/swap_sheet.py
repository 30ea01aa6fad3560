"""换班 (H3): somebody's place goes to somebody else, who gives his own for it or only comes; and what would lack."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.form_sheet import Fault, FormSheet, Made
from chengyun_console.lettered import Lettered
from chengyun_console.wording.roster import RosterWords, found_among
from chengyun_core.model.duty import Assignment, Person, Shift, ShiftState
from chengyun_core.model.duty_commands import SwapDuty
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskPeople, AskShiftCheck, AskShifts, People, ShiftChecked, Shifts
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence

SIZE = (1080, 600)
_DAY_NS = 86_400 * 10**9
_ALIVE = frozenset({ShiftState.PLANNED, ShiftState.RUNNING, ShiftState.HANDING_OVER})
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Other:
    """Somebody with whom to exchange; without a shift he only comes instead."""

    person: Person
    shift: Shift | None = None


class SwapSheet(FormSheet):
    """Whoever is in focus in the list is meant; Ctrl+Enter exchanges. Both are named in the journal."""

    fault_fields: ClassVar[Mapping[str, str]] = {
        "shift.twice": "other",
        "person.unknown": "other",
        "shift.swap_same": "other",
    }

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent, hint="console.duty.form.hint", size=SIZE)
        self._shift: Shift | None = None
        self._person = ""
        self._people: tuple[Person, ...] = ()
        self._shifts: tuple[Shift, ...] = ()
        self._others: dict[str, _Other] = {}
        self.who = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.field = SearchField(desk.theme, desk.say("console.duty.form.find_other"))
        self.list, self.lacks, self.reason = FactList(desk.theme), FactList(desk.theme), QLineEdit()
        self._lay_out()
        self.field.search_did_change.connect(lambda _text: self._show_others())
        self.field.row_was_asked.connect(lambda _by: self.list.setFocus())
        self.list.current_did_change.connect(lambda _key: self.look())
        self.list.row_was_opened.connect(lambda _key: self.reason.setFocus())

    def open_for(self, shift: Shift, person: str, area: QRect) -> None:
        """Ask with whom somebody on a shift changes places."""
        self._shift, self._person = shift, person
        self._shifts = (shift,)
        session = self._desk.session
        session.ask("person.page", AskPeople(centre=shift.centre), self._on_people, slot="form.people")
        self._ask_shifts()
        self.field.clear()
        self.open_over(area)
        self.fill({"reason": ""})
        self._show_others()
        self.field.setFocus()

    @override
    def draft_name(self) -> str:
        return f"swap.{self._shift.number if self._shift else 0}.{self._person}"

    @override
    def texts(self) -> dict[str, str]:
        return {"reason": self.reason.text().strip()}

    @override
    def put(self, texts: Mapping[str, str]) -> None:
        self.reason.setText(texts["reason"])

    @override
    def made(self) -> Made | Fault:
        other, shift, say = self._chosen(), self._shift, self._desk.say
        if other is None or shift is None:
            return Fault(field="other", told=say("console.duty.form.needs_other"))
        if not self.reason.text().strip():
            return Fault(field="reason", told=say("console.duty.form.needs_reason"))
        made = SwapDuty(
            shift=shift.number, version=shift.version, person=self._person, other_person=other.person.code,
            other_shift=other.shift.number if other.shift is not None else 0,
            other_version=other.shift.version if other.shift is not None else 0, reason=self.reason.text().strip(),
        )  # fmt: skip
        names = self._names()
        one = names.get(self._person, self._person)
        return Made(command=made, told=say("console.duty.form.deed_swap", one=one, other=other.person.name))

    @override
    def look(self) -> None:
        """Ask what both shifts would lack."""
        other, shift = self._chosen(), self._shift
        if other is None or shift is None:
            self.lacks.set_rows(())
            self.lacks.show_notice(Presence.EMPTY, self._desk.say("console.duty.form.needs_other"))
            return
        mine, theirs = exchanged(shift, self._person, other.shift, other.person.code)
        ask = AskShiftCheck(shift=mine, others=() if theirs is None else (theirs,))
        self._desk.session.ask("shift.check", ask, self._on_checked, slot="shift.check")

    @override
    def ask_newest(self) -> None:
        self._ask_shifts(renews=True)

    def _ask_shifts(self, *, renews: bool = False) -> None:
        shift = self._shift
        if shift is not None:
            ask = AskShifts(centre=shift.centre, from_ns=shift.begins_at - 7 * _DAY_NS,
                            to_ns=shift.ends_at + 14 * _DAY_NS)  # fmt: skip
            take = self._on_newest if renews else self._on_shifts
            self._desk.session.ask("shift.page", ask, take, slot="form.newest")

    def _chosen(self) -> _Other | None:
        return self._others.get(self.list.current_key())

    def _show_others(self) -> None:
        """List who is on other shifts or in another place of this one, then who is on none of them."""
        held = self.list.current_key()
        self._others = self._found()
        shown = dict(list(self._others.items())[:_SHOWN])
        rows = [self._row(key, other) for key, other in shown.items()]
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.duty.contacts.none"))
        # While somebody types, the best find is meant; who went into the list has chosen himself.
        if rows and not (self.list.hasFocus() and self.list.select(held)):
            self.list.select(rows[0].key)
        self._show_who()
        self.look()

    def _found(self) -> dict[str, _Other]:
        shift = self._shift
        if shift is None:
            return {}
        found: dict[str, _Other] = {}
        people = [one for one in found_among(self._people, self.field.text()) if one.code != self._person]
        own = {one.person for one in shift.assignments}
        for held in self._shifts:
            on = {one.person for one in held.assignments}
            if held.state not in _ALIVE or (held.number != shift.number and self._person in on):
                continue
            for one in people:
                if one.code in on and (held.number == shift.number or one.code not in own):
                    found[f"{held.number}/{one.code}"] = _Other(person=one, shift=held)
        found |= {f"0/{one.code}": _Other(person=one) for one in people if one.code not in own}
        return found

    def _row(self, key: str, other: _Other) -> FactRow:
        words, say = RosterWords(self._desk).duty, self._desk.say
        if other.shift is None:
            return FactRow(key=key, severity=Severity.NONE, title=other.person.name,
                           detail=words.joined(other.person.unit, say("console.duty.form.comes_instead")))  # fmt: skip
        one = _on(other.shift, other.person.code)
        as_what = words.joined(words.role(one.role.value), one.seat) if one is not None else ""
        same = self._shift is not None and other.shift.number == self._shift.number
        detail = say("console.duty.form.same_shift") if same else words.joined(
            other.shift.name, words.shift_time(other.shift))  # fmt: skip
        return FactRow(key=key, severity=Severity.NONE, title=other.person.name, detail=detail, status=as_what)

    def _show_who(self) -> None:
        shift, words = self._shift, RosterWords(self._desk).duty
        if shift is None:
            return
        one, name = _on(shift, self._person), self._names().get(self._person, self._person)
        as_what = words.joined(words.role(one.role.value), one.seat) if one is not None else ""
        self.set_title(self._desk.say("console.duty.form.swap", name=name))
        self.who.show_text(words.joined(name, shift.name, words.shift_time(shift), as_what))

    def _names(self) -> dict[str, str]:
        return {one.code: one.name for one in self._people}

    def _on_people(self, told: object) -> None:
        if isinstance(told, People):
            self._people = told.people
            self._show_others()
        elif isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))

    def _on_shifts(self, told: object) -> None:
        if isinstance(told, Shifts):
            self._shifts = told.shifts
            self._show_others()

    def _on_newest(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, Shifts) and self._shift is not None:
            number = self._shift.number
            newest = next((one for one in told.shifts if one.number == number), None)
            if newest is None or _on(newest, self._person) is None:
                self.tell_gone()
                return
            self._shift, self._shifts = newest, told.shifts
            self.renew({"reason": ""})
            self._show_others()

    def _on_checked(self, told: object) -> None:
        if isinstance(told, Reason):
            self.lacks.set_rows(())
            self.lacks.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, ShiftChecked):
            shifts = {one.number: one for one in self._shifts}
            rows = RosterWords(self._desk).checked(told, self._names(), shifts)
            self.lacks.set_rows(rows)
            self.lacks.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.duty.no_lack"))

    def _lay_out(self) -> None:
        say = self._desk.say
        for widget, code in ((self.list, "others"), (self.lacks, "would_lack")):
            widget.setAccessibleName(say(f"console.duty.form.{code}"))
        fault = self.add_fault("other", self.list)
        left, right, body = QVBoxLayout(), QVBoxLayout(), QWidget()
        left.addWidget(self.field)
        left.addWidget(self.list, 1)
        left.addWidget(fault)
        right.addWidget(self.heading("console.duty.form.would_lack"))
        right.addWidget(self.lacks, 1)
        grid = QGridLayout()
        self.add_line(grid, 0, "reason", self.reason)
        right.addLayout(grid)
        both = QHBoxLayout()
        both.setSpacing(SPACE_PX * 4)
        both.addLayout(left, 3)
        both.addLayout(right, 2)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, SPACE_PX * 2, 0, 0)
        self.who.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 4, 0)
        both.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 4, 0)
        column.addWidget(self.who)
        column.addLayout(both, 1)
        self.lay_foot(column)
        self.set_whole(body)


def exchanged(shift: Shift, person: str, other: Shift | None, comes: str) -> tuple[Shift, Shift | None]:
    """Return both shifts as they would be after an exchange, the second None when the other one only comes."""
    if other is not None and other.number == shift.number:
        one, two = _on(shift, person), _on(shift, comes)
        assert one is not None
        assert two is not None
        became = {person: replace(one, role=two.role, seat=two.seat), comes: replace(two, role=one.role, seat=one.seat)}
        return replace(shift, assignments=tuple(became.get(row.person, row) for row in shift.assignments)), None
    mine = _instead(shift, person, comes)
    return mine, None if other is None else _instead(other, comes, person)


def _instead(shift: Shift, gone: str, comes: str) -> Shift:
    rows = tuple(
        Assignment(person=comes, role=one.role, seat=one.seat) if one.person == gone else one
        for one in shift.assignments
    )
    return replace(shift, assignments=rows)


def _on(shift: Shift, person: str) -> Assignment | None:
    return next((one for one in shift.assignments if one.person == person), None)
