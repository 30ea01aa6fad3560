"""「现在会叫谁」: a list as it is being written, tried on a kind of warning, a level and a place; nobody is called."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.form_sheet import fill_box
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.callout import CallList
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.warning_asks import AskCallListCheck, CallLine, CallListChecked
from chengyun_resources.bulletins import categories
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

_COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)


class CallTest(QWidget):
    """Asks once per state of list and choices; an answer to an earlier one is superseded by its slot."""

    was_asked = Signal()
    """Another kind, level or place is chosen: whoever has the list asks anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.category, self.colour, self.centre = (ChoiceBox(desk.theme) for _ in range(3))
        self.told = Lettered(desk.theme, TypeSize.SMALL)
        self.told.setWordWrap(True)
        self.list = FactList(desk.theme)
        self._offer()
        self._lay_out()
        for box in (self.category, self.colour, self.centre):
            box.activated.connect(lambda _at: self.was_asked.emit())

    def clear(self, why: str) -> None:
        """Show nothing, and say why."""
        self.told.show_text("")
        self.list.set_rows(())
        self.list.show_notice(Presence.EMPTY, why)

    def ask(self, call_list: CallList) -> None:
        """Ask who would be called."""
        ask = AskCallListCheck(
            call_list=call_list, category=str(self.category.currentData() or ""),
            colour=WarningColour(int(self.colour.currentData() or 0)), centre=str(self.centre.currentData() or ""),
        )  # fmt: skip
        self.colour.setEnabled(bool(ask.category))
        self.centre.setEnabled(bool(ask.category))
        self._desk.session.ask("call_list.check", ask, self._take, slot="call_list.check")

    def _take(self, told: object) -> None:
        if isinstance(told, Reason):
            self.list.set_rows(())
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, CallListChecked):
            say = self._desk.say
            self.list.set_rows([self._row(at, one) for at, one in enumerate(told.lines)])
            empty = say("console.duty.form.test_nobody")
            self.list.show_notice(Presence.FRESH if told.lines else Presence.EMPTY, empty)
            parts = [say("console.duty.form.test_count", count=told.count, tries=told.tries,
                         minutes=f"{told.try_minutes:g}", whole=f"{told.escalate_minutes:g}")]  # fmt: skip
            if not told.is_meant:
                parts.append(say("console.duty.form.test_not_meant"))
            if told.unknown:
                between = say("console.names_between")
                parts.append(say("console.duty.form.test_unknown", codes=between.join(told.unknown)))
            self.told.set_colour(Colour.ORANGE_TEXT if told.unknown or not told.is_meant else Colour.TEXT_SECOND)
            self.told.show_text(say("events.pieces_between").join(parts))

    def _row(self, at: int, one: CallLine) -> FactRow:
        say, words = self._desk.say, DutyWords(self._desk.figures, self._desk.names)
        names = self._desk.names
        place = names.place(one.centre) if names is not None else one.centre
        then = say("console.duty.form.test_then", names=say("console.names_between").join(one.then))
        listed = one.listed or say("console.duty.form.test_by_post")
        presence = say(f"console.duty.presence.{one.presence}") if one.presence else ""
        absent = one.presence == "absent" or not one.name or not one.phone
        return FactRow(
            key=f"{at}.{one.code}", severity=Severity.NONE, title=one.name or one.code,
            detail=words.joined(place, one.unit, listed, then if one.then else ""),
            status=words.joined(one.phone or say("console.duty.contacts.no_phone"), presence),
            status_colour=Colour.ORANGE_TEXT if absent else Colour.TEXT_SECOND,
        )  # fmt: skip

    def _offer(self) -> None:
        say, names, own = self._desk.say, self._desk.names, self._desk.session.own_centre
        kinds = [(say(f"warning.category.{code}"), code) for code in categories()
                 if self._desk.texts.has(f"warning.category.{code}")]  # fmt: skip
        fill_box(self.category, [(say("console.duty.form.test_all"), ""), *kinds])
        fill_box(self.colour, [(say(f"warning.colour.{one.name.lower()}"), str(int(one))) for one in _COLOURS])
        places = [(names.place(own), "")] if names is not None else []
        if names is not None:
            places += [(row.name, row.code) for row in names.view.catalogue.centres if row.parent == own]
        fill_box(self.centre, places)

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        column, grid = QVBoxLayout(self), QGridLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(Lettered(theme, TypeSize.BODY, Colour.TEXT, bold=True, text=say("console.duty.form.test")))
        for row, (code, box) in enumerate((("category", self.category), ("colour", self.colour),
                                           ("centre", self.centre))):  # fmt: skip
            title = say(f"console.duty.form.test_{code}")
            box.setAccessibleName(title)
            grid.addWidget(Lettered(theme, TypeSize.SMALL, text=title), row, 0)
            grid.addWidget(box, row, 1)
        grid.setColumnStretch(1, 1)
        self.list.setAccessibleName(say("console.duty.form.test"))
        column.addLayout(grid)
        column.addWidget(self.told)
        column.addWidget(self.list, 1)
