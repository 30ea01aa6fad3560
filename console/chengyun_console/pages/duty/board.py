"""Three shifts side by side: who is on each as what and where he is, and in red the places nobody will fill."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.duty import Assignment, DutyRole, Gap, Presence, Shift, ShiftState
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence as Shown
from chengyun_widgets.shift_board import BoardColumn, BoardRow, ShiftBoard
from chengyun_widgets.step_list import Sign

_SIGNS = {
    Presence.PRESENT: Sign.TAKEN, Presence.ON_CALL: Sign.READY, Presence.PLANNED: Sign.WAITING,
    Presence.ABSENT: Sign.CROSSED, Presence.RELIEVED: Sign.DONE,
}  # fmt: skip
_ROLES = tuple(DutyRole)


class BoardPanel(Panel):
    """A function of what is known; the person in focus stays."""

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__(desk.theme, desk.say("console.duty.board"))
        self._desk, self._known = desk, known
        self.board = ShiftBoard(desk.theme)
        body = QWidget()
        self._under = QVBoxLayout(body)
        self._under.setContentsMargins(0, 0, 0, 0)
        self._under.setSpacing(0)
        self.none = Lettered(desk.theme, TypeSize.BODY, text=desk.say("console.duty.no_shifts"))
        self.none.setContentsMargins(SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 2)
        self.none.setWordWrap(True)
        self.none.hide()
        self._under.addWidget(self.none)
        self._under.addWidget(self.board, 1)
        self.set_body(body)
        self.show_notice(Shown.EMPTY, desk.say("console.duty.asking"))

    def lay_under(self, *widgets: QWidget) -> None:
        """Lay what is done about it at its foot."""
        for widget in widgets:
            self._under.addWidget(widget)

    @property
    def chosen(self) -> tuple[Shift, Assignment | None] | None:
        """Return the shift, and whoever is in focus on it."""
        column, row = self.board.chosen
        shift = self._known.shift(int(column)) if column.isdecimal() else None
        if shift is None:
            shift = next(iter(self._known.shown_shifts()), None)
            return None if shift is None else (shift, None)
        return shift, self._known.assignment(shift.number, row)

    def refresh(self, *, is_stale: bool) -> None:
        """Show the board as it is known now."""
        told = self._known.shifts
        if isinstance(told, Reason):
            self.show_notice(Shown.REFUSED, self._desk.refusal(told))
            return
        if told is None:
            return
        shown = self._known.shown_shifts()
        gaps = told.gaps
        numbers = {shift.number for shift in shown}
        lacking = sum(gap.shift in numbers for gap in gaps)
        code = "console.duty.lacking" if lacking else "console.duty.no_lack"
        note = self._desk.say(code, count=lacking) if shown else ""
        as_of = self._desk.say("console.duty.as_of", time=self._desk.figures.clock(self._known.told_ns))
        self.set_note(self._words().joined(note, as_of if is_stale and self._known.told_ns else ""))
        self.board.show_columns(
            tuple(self._column(shift, gaps) for shift in shown), self._desk.say("console.duty.board")
        )  # fmt: skip
        # Without any shift the panel is not empty: what brings the first one stands at its foot, with its keys.
        self.none.setVisible(not shown)
        self.show_notice(Shown.FRESH, "")

    def _column(self, shift: Shift, gaps: tuple[Gap, ...]) -> BoardColumn:
        words, now = self._words(), self._desk.now_ns()
        own = tuple(gap for gap in gaps if gap.shift == shift.number)
        is_late = shift.state is not ShiftState.PLANNED and shift.ends_at < now
        is_waiting = shift.state is ShiftState.PLANNED and shift.begins_at < now
        return BoardColumn(
            key=str(shift.number), title=shift.name, note=words.shift_time(shift),
            status=words.shift_state(shift, now),
            colour=Colour.RED_TEXT if is_late or is_waiting else Colour.TEXT_SECOND,
            is_now=shift.state in (ShiftState.RUNNING, ShiftState.HANDING_OVER),
            rows=(*self._lacks(shift, own), *self._rows(shift)),
        )  # fmt: skip

    def _lacks(self, shift: Shift, gaps: tuple[Gap, ...]) -> tuple[BoardRow, ...]:
        words, names, now = self._words(), self._known.names(), self._desk.now_ns()
        return tuple(
            BoardRow(
                key=f"gap:{at}", title=words.gap(gap, names, shift, now), is_lack=True,
                colour=Colour.RED_TEXT if gap.missing else Colour.ORANGE_TEXT,
            )
            for at, gap in enumerate(gaps)
        )  # fmt: skip

    def _rows(self, shift: Shift) -> tuple[BoardRow, ...]:
        words, names, now = self._words(), self._known.names(), self._desk.now_ns()
        ordered = sorted(shift.assignments, key=lambda one: (_ROLES.index(one.role), one.seat, one.person))
        made, before = [], None
        for one in ordered:
            absent = one.presence is Presence.ABSENT
            stands = self._desk.say("console.duty.stands_in", name=names.get(one.stands_in_for, one.stands_in_for))
            made.append(BoardRow(
                key=one.person, title=names.get(one.person, one.person), sign=_SIGNS[one.presence],
                label=words.role(one.role.value) if one.role is not before else "",
                note=words.joined(one.seat, stands if one.stands_in_for else "", one.reason if absent else ""),
                status=self._desk.say(f"console.duty.presence.{one.presence.value}"),
                more=self._since(one, now), colour=Colour.RED_TEXT if absent else Colour.TEXT_SECOND,
            ))  # fmt: skip
            before = one.role
        return tuple(made)

    def _since(self, one: Assignment, now_ns: int) -> str:
        told = one.since is not None and one.presence not in (Presence.PLANNED, Presence.RELIEVED)
        return self._desk.figures.axis(one.since or 0, now_ns) if told else ""

    def _words(self) -> DutyWords:
        return DutyWords(self._desk.figures, self._desk.names)
