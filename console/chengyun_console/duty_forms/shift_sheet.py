"""编排班次 (H3): when, who as what at which seat, what it must have by mode; what would lack as one types."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import msgspec
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.demand_grid import DemandGrid
from chengyun_console.duty_forms.form_sheet import Fault, FormSheet, Made, fill_box, fill_lines
from chengyun_console.duty_forms.roll_box import RollBox
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.wording.moments import stamp_of
from chengyun_console.wording.roster import RosterWords, found_among, ordered
from chengyun_core.model.duty import Assignment, DutyRole, Person, Shift, ShiftState
from chengyun_core.model.duty_commands import BeginShift, SaveShift
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskPeople, AskShiftCheck, AskShifts, People, ShiftChecked, Shifts
from chengyun_core.wire.envelope import Done
from chengyun_resources.theme.tokens import SPACE_PX, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

SIZE = (1240, 632)
_LEFT_PX = 352
_TIME = "%Y-%m-%d %H:%M"
_DAY_NS = 86_400 * 10**9
_NEW = Shift(number=0, centre="", name="", begins_at=0, ends_at=0, version=0)
_FOUND = 200


class ShiftSheet(FormSheet):
    """Enter puts somebody on as what the box says; another role or seat chosen there is that of who is in focus."""

    fault_fields: ClassVar[Mapping[str, str]] = {
        "shift.times": "ends", "shift.twice": "people", "person.unknown": "people", "session.seat_unknown": "people",
    }  # fmt: skip

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent, hint="console.duty.form.hint", size=SIZE, doers={"duty.begin": self.begin})
        self._base, self._rows = _NEW, [*_NEW.assignments]
        self._people: tuple[Person, ...] = ()
        self._shifts: dict[int, Shift] = {}
        self.name, self.begins, self.ends, self.reason = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.demands = DemandGrid(desk)
        self.role, self.at_seat = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.roll = RollBox(desk, find="console.duty.form.find_person", chosen="console.duty.form.people")
        self.lacks = FactList(desk.theme)
        self._lay_out()
        self._connect()

    def open_for(self, shift: Shift | None, area: QRect, known: tuple[Shift, ...] = ()) -> None:
        """Edit a shift; None: a new one. `known`: shifts around it, by whose names gaps beside it are told."""
        self._base = shift or replace(_NEW, centre=self._desk.session.own_centre)
        self._shifts = {one.number: one for one in known}
        self._desk.session.ask("person.page", AskPeople(centre=self._base.centre), self._on_people, slot="form.people")
        self._offer()
        self._show_title()
        self.open_over(area)
        self.fill(self._texts_of(self._base))
        self.name.setFocus()

    def begin(self) -> None:
        """Alt+G: let the planned shift run now, as it is on the roster."""
        if self._base.state is ShiftState.PLANNED and self._base.number and not self.sending.is_busy:
            told = self._desk.say("console.deed", action=self._desk.say("console.duty.action.begin"),
                                  alarm=self._base.name)  # fmt: skip
            made = BeginShift(shift=self._base.number, version=self._base.version)
            self.sending.send(made, told, self._on_begun)

    @override
    def draft_name(self) -> str:
        return f"shift.{self._base.number}"

    @override
    def texts(self) -> dict[str, str]:
        rows = [[one.person, one.role.value, one.seat] for one in self._rows]
        return {
            "name": self.name.text().strip(), "begins": self.begins.text().strip(), "ends": self.ends.text().strip(),
            "reason": self.reason.text().strip(), "demands": self.demands.text(),
            "people": msgspec.json.encode(rows).decode(),
        }  # fmt: skip

    @override
    def put(self, texts: Mapping[str, str]) -> None:
        own = {"name": self.name, "begins": self.begins, "ends": self.ends, "reason": self.reason}
        fill_lines(own, texts)
        self.demands.show_demands(self._base.demands)
        self.demands.put_text(texts["demands"])
        known = {one.person: one for one in self._base.assignments}
        rows = msgspec.json.decode(texts["people"], type=list[tuple[str, DutyRole, str]])
        self._rows = [
            replace(known[person], role=role, seat=seat) if person in known
            else Assignment(person=person, role=role, seat=seat)
            for person, role, seat in rows
        ]  # fmt: skip
        self._show_people()

    @override
    def made(self) -> Made | Fault:
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            return wanted
        reason = self.reason.text().strip()
        if self._runs() and not reason:
            return Fault(field="reason", told=self._desk.say("console.duty.form.needs_reason"))
        made = SaveShift(
            number=wanted.number, version=self._base.version, centre=wanted.centre, name=wanted.name,
            begins_at=wanted.begins_at, ends_at=wanted.ends_at, assignments=wanted.assignments,
            demands=wanted.demands, reason=reason,
        )  # fmt: skip
        return Made(command=made, told=self._desk.say("console.duty.form.deed_shift", name=wanted.name))

    @override
    def look(self) -> None:
        """Ask what would lack, when there is a shift to be asked about."""
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            self.lacks.set_rows(())
            self.lacks.show_notice(Presence.EMPTY, wanted.told)
            return
        self._shifts[wanted.number] = wanted
        self._desk.session.ask("shift.check", AskShiftCheck(shift=wanted), self._on_checked, slot="shift.check")

    @override
    def ask_newest(self) -> None:
        base = self._base
        ask = AskShifts(centre=base.centre, from_ns=base.begins_at - _DAY_NS, to_ns=base.ends_at + _DAY_NS)
        self._desk.session.ask("shift.page", ask, self._on_newest, slot="form.newest")

    @override
    def possible(self) -> set[str]:
        planned = self._base.state is ShiftState.PLANNED and self._base.number
        return {"duty.begin"} if planned and not self.changed() else set()

    def _wanted(self) -> Shift | Fault:
        """Return the shift as it is filled in, or what cannot be read in it."""
        say, figures, base = self._desk.say, self._desk.figures, self._base
        if not self.name.text().strip():
            return Fault(field="name", told=say("console.duty.form.needs_name"))
        day = figures.moment(base.begins_at or self._desk.now_ns())
        try:
            begins = stamp_of(self.begins.text(), day)
        except ValueError as fault:
            return Fault(field="begins", told=say(str(fault), text=self.begins.text()))
        try:
            ends = stamp_of(self.ends.text(), figures.moment(begins))
        except ValueError as fault:
            return Fault(field="ends", told=say(str(fault), text=self.ends.text()))
        if ends <= begins and len(self.ends.text().strip()) <= len("00:00:00"):
            # A night shift's end is written as the clock tells it.
            ends += _DAY_NS
        if ends <= begins:
            return Fault(field="ends", told=say("console.duty.form.ends_first"))
        demands = self.demands.demands()
        if demands is None:
            return Fault(field="demands", told=say("console.duty.form.not_a_count"))
        return replace(base, name=self.name.text().strip(), begins_at=begins, ends_at=ends, demands=demands,
                       assignments=tuple(ordered(self._rows)))  # fmt: skip

    def _texts_of(self, base: Shift) -> dict[str, str]:
        moment = self._desk.figures.moment
        rows = [[one.person, one.role.value, one.seat] for one in ordered(base.assignments)]
        self.demands.show_demands(base.demands)
        return {
            "name": base.name, "begins": f"{moment(base.begins_at):{_TIME}}" if base.begins_at else "",
            "ends": f"{moment(base.ends_at):{_TIME}}" if base.ends_at else "", "reason": "",
            "demands": self.demands.text(), "people": msgspec.json.encode(rows).decode(),
        }  # fmt: skip

    def _runs(self) -> bool:
        return self._base.state in (ShiftState.RUNNING, ShiftState.HANDING_OVER)

    def _show_title(self) -> None:
        code = "console.duty.form.shift" if self._base.number else "console.duty.form.new_shift"
        self.set_title(self._desk.say(code, name=self._base.name, version=self._base.version))
        self.begins.setReadOnly(self._runs())
        self.reason.setVisible(self._runs())
        self._reason_title.setVisible(self._runs())

    def _offer(self) -> None:
        say, names = self._desk.say, self._desk.names
        fill_box(self.role, [(say(f"console.duty.role.{role.value}"), role.value) for role in DutyRole],
                 DutyRole.OFFICER.value)  # fmt: skip
        seats = names.view.catalogue.seats if names is not None else ()
        here = [(say("console.duty.form.seat_named", seat=one.code, name=one.name), one.code) for one in seats
                if one.centre == self._base.centre]  # fmt: skip
        fill_box(self.at_seat, [(say("console.duty.form.no_seat"), ""), *here])

    def _add(self, code: str) -> None:
        role = DutyRole(self.role.currentData())
        seat = str(self.at_seat.currentData() or "") if role is DutyRole.OFFICER else ""
        if all(one.person != code for one in self._rows):
            self._rows.append(Assignment(person=code, role=role, seat=seat))
            self._changed_people(code)

    def _remove(self, code: str) -> None:
        self._rows = [one for one in self._rows if one.person != code]
        self._changed_people("")

    def _move(self, code: str, by: int) -> None:
        """Change places with the neighbour of the same role: the order in which they are listed and printed."""
        rows = ordered(self._rows)
        at = next((place for place, one in enumerate(rows) if one.person == code), -1)
        to = at + by
        if at >= 0 and 0 <= to < len(rows) and rows[to].role is rows[at].role:
            rows[at], rows[to] = rows[to], rows[at]
            self._rows = rows
            self._changed_people(code)

    def _on_box(self) -> None:
        """Another role or seat is chosen: it is that of who is in focus, and of who is put on next."""
        code = self.roll.chosen.current_key()
        role = DutyRole(self.role.currentData())
        seat = str(self.at_seat.currentData() or "") if role is DutyRole.OFFICER else ""
        self._rows = [replace(one, role=role, seat=seat) if one.person == code else one for one in self._rows]
        self._changed_people(code)
        self._show_found()

    def _on_current(self, code: str) -> None:
        """The boxes say as what he is on, who is in focus."""
        one = next((row for row in self._rows if row.person == code), None)
        if one is not None and self.roll.chosen.hasFocus():
            for box, key in ((self.role, one.role.value), (self.at_seat, one.seat)):
                box.blockSignals(True)
                box.setCurrentIndex(max(0, box.findData(key)))
                box.blockSignals(False)

    def _changed_people(self, code: str) -> None:
        self._show_people()
        if code:
            self.roll.chosen.select(code)
        self.touched()

    def _show_people(self) -> None:
        words, names = RosterWords(self._desk), self._names()
        rows = [words.assigned(one, names) for one in ordered(self._rows)]
        self.roll.show_chosen(rows, self._desk.say("console.duty.form.nobody_on"))
        self._show_found()

    def _show_found(self) -> None:
        words, on = RosterWords(self._desk), {one.person for one in self._rows}
        role = DutyRole(self.role.currentData())
        ends = self._base.ends_at or self._desk.now_ns()
        free = [one for one in found_among(self._people, self.roll.field.text()) if one.code not in on]
        self.roll.show_found([words.candidate(one, role, ends) for one in free[:_FOUND]],
                             self._desk.say("console.duty.contacts.none"))  # fmt: skip

    def _names(self) -> dict[str, str]:
        return {one.code: one.name for one in self._people}

    def _on_people(self, told: object) -> None:
        if isinstance(told, People):
            self._people = told.people
            self._show_people()
        elif isinstance(told, Reason):
            self.roll.show_found((), self._desk.refusal(told))

    def _on_checked(self, told: object) -> None:
        if isinstance(told, Reason):
            self.lacks.set_rows(())
            self.lacks.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, ShiftChecked):
            rows = RosterWords(self._desk).checked(told, self._names(), self._shifts)
            self.lacks.set_rows(rows)
            self.lacks.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.duty.no_lack"))

    def _on_newest(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, Shifts):
            newest = next((one for one in told.shifts if one.number == self._base.number), None)
            if newest is None:
                self.tell_gone()
                return
            self._base = newest
            self._show_title()
            self.renew(self._texts_of(newest))

    def _on_begun(self, done: Done) -> None:
        self.close_over()
        self.was_saved.emit(done.key)

    def _connect(self) -> None:
        self.demands.did_change.connect(self.touched)
        self.roll.search_did_change.connect(lambda _text: self._show_found())
        self.roll.was_added.connect(self._add)
        self.roll.was_removed.connect(self._remove)
        self.roll.was_moved.connect(self._move)
        self.roll.current_did_change.connect(self._on_current)
        for box in (self.role, self.at_seat):
            box.activated.connect(lambda _at: self._on_box())

    def _as_what(self) -> QHBoxLayout:
        """Return the row in which one says as what, and at which seat."""
        row = QHBoxLayout()
        for code, box in (("role", self.role), ("seat", self.at_seat)):
            title = self._desk.say(f"console.duty.form.{code}")
            box.setAccessibleName(title)
            row.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=title))
            row.addWidget(box, 1)
        return row

    def _lay_out(self) -> None:
        left, right, body = QVBoxLayout(), QVBoxLayout(), QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        for row, (name, field) in enumerate((("name", self.name), ("begins", self.begins), ("ends", self.ends))):
            self.add_line(grid, row, name, field)
        self.add_line(grid, 3, "reason", self.reason)
        item = grid.itemAtPosition(6, 0)
        self._reason_title = item.widget() if item is not None else QWidget()
        left.addLayout(grid)
        left.addWidget(self.heading("console.duty.form.demands"))
        left.addWidget(self.demands)
        left.addWidget(self.add_fault("demands", self.demands))
        left.addStretch(1)
        right.addLayout(self._as_what())
        right.addWidget(self.roll, 5)
        right.addWidget(self.add_fault("people", self.roll.chosen))
        right.addWidget(self.heading("console.duty.form.would_lack"))
        self.lacks.setAccessibleName(self._desk.say("console.duty.form.would_lack"))
        right.addWidget(self.lacks, 2)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(_LEFT_PX)
        left.setContentsMargins(0, 0, 0, 0)
        both = QHBoxLayout()
        both.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, 0)
        both.setSpacing(SPACE_PX * 4)
        both.addWidget(side)
        both.addLayout(right, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(both, 1)
        self.lay_foot(column)
        self.set_whole(body)
