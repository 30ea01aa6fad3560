"""编辑叫应名单 (H8): who is called for which warnings, whom after him, how often; and who would be called now."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import msgspec
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.call_test import CallTest
from chengyun_console.duty_forms.chain_rows import ChainWords, chains_moved, joined, without
from chengyun_console.duty_forms.form_sheet import Fault, FormSheet, Made, fill_box, fill_lines
from chengyun_console.duty_forms.roll_box import RollBox
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.model.callout import CallList
from chengyun_core.model.duty import Person
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning_commands import SaveCallList
from chengyun_core.wire.duty_asks import AskPeople, People
from chengyun_core.wire.warning_asks import AskCallLists, CallLists
from chengyun_resources.bulletins import categories
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

SIZE = (1460, 640)
_LEFT_PX = 320
_NEW = CallList(code="", name="", version=0)
_COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
_LINES = ("code", "name", "tries", "try_minutes", "escalate_minutes")
_FIGURES = ("tries", "try_minutes", "escalate_minutes")


class CallListSheet(FormSheet):
    """Enter calls somebody found as well; Alt+J calls him after the one in focus cannot be reached."""

    fault_fields: ClassVar[Mapping[str, str]] = {
        "call_list.empty": "people", "call_list.long_chain": "people", "call_list.unknown_person": "people",
        "call_list.waits": "tries",
    }  # fmt: skip

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent, hint="console.duty.form.hint", size=SIZE)
        self._base = _NEW
        self._lists: tuple[CallList, ...] = ()
        self._people: tuple[Person, ...] = ()
        self._chains: list[list[str]] = []
        self._kinds: set[str] = set()
        self.which = ChoiceBox(desk.theme)
        self.fields = {name: QLineEdit() for name in _LINES}
        self.kinds = FactList(desk.theme)
        self.kinds.set_markable(is_markable=True)
        self.colours = {colour: QPushButton(desk.say(f"warning.colour.{colour.name.lower()}")) for colour in _COLOURS}
        self.roll = RollBox(desk, find="console.duty.form.find_called", chosen="console.duty.form.called",
                            doers={"roll.join": self.join})  # fmt: skip
        self.test = CallTest(desk)
        self._lay_out()
        self._connect()

    def open_first(self, area: QRect) -> None:
        """Open the first list there is, a new one where there is none."""
        session, own = self._desk.session, self._desk.session.own_centre
        self.open_over(area)
        self._show(self._base)
        session.ask("call_list.page", AskCallLists(), self._on_lists, slot="form.lists")
        session.ask("person.page", AskPeople(centre=own), self._on_people, slot="form.people")
        self.which.setFocus()

    def join(self) -> None:
        """Alt+J: whoever is found is called when nobody of the chain in focus could be reached."""
        code, key = self.roll.found.current_key(), self.roll.chosen.current_key()
        if code and key:
            chain = int(key.partition(".")[0])
            self._take(joined(self._chains, chain, code), f"{chain}.{len(self._chains[chain])}")
            self.roll.field.clear()

    @override
    def draft_name(self) -> str:
        return f"call_list.{self._base.code}"

    @override
    def texts(self) -> dict[str, str]:
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        grades = sorted(int(colour) for colour, button in self.colours.items() if button.isChecked())
        return {**texts, "kinds": " ".join(sorted(self._kinds)), "grades": " ".join(map(str, grades)),
                "chains": json.dumps(self._chains)}  # fmt: skip

    @override
    def put(self, texts: Mapping[str, str]) -> None:
        fill_lines(self.fields, texts)
        self._kinds = set(texts["kinds"].split())
        grades = texts["grades"].split()
        for colour, button in self.colours.items():
            button.setChecked(str(int(colour)) in grades)
        self._chains = msgspec.json.decode(texts["chains"], type=list[list[str]])
        self._show_kinds()
        self._show_chains()

    @override
    def made(self) -> Made | Fault:
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            return wanted
        if not wanted.chains:
            return Fault(field="people", told=self._desk.say("console.duty.form.nobody_called"))
        made = SaveCallList(call_list=wanted, version=self._base.version)
        return Made(command=made, told=self._desk.say("console.duty.form.deed_call_list", name=wanted.name))

    @override
    def look(self) -> None:
        """Ask who would be called now."""
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            self.test.clear(wanted.told)
        else:
            self.test.ask(wanted)

    @override
    def ask_newest(self) -> None:
        self._desk.session.ask("call_list.page", AskCallLists(), self._on_newest, slot="form.lists")

    def _wanted(self) -> CallList | Fault:
        texts, say = self.texts(), self._desk.say
        for name in ("code", "name"):
            if not texts[name]:
                return Fault(field=name, told=say(f"console.duty.form.needs_{name}"))
        figures: dict[str, float] = {}
        for name in _FIGURES:
            figure = _figure(texts[name], whole=name == "tries")
            if figure is None:
                return Fault(field=name, told=say("console.duty.form.not_a_count"))
            figures[name] = figure
        return replace(
            self._base, code=texts["code"], name=texts["name"], matters=tuple(texts["kinds"].split()),
            grades=tuple(int(one) for one in texts["grades"].split()), tries=int(figures["tries"]),
            chains=tuple(tuple(chain) for chain in self._chains), try_minutes=figures["try_minutes"],
            escalate_minutes=figures["escalate_minutes"],
        )  # fmt: skip

    def _texts_of(self, base: CallList) -> dict[str, str]:
        return {
            "code": base.code, "name": base.name, "tries": str(base.tries or ""),
            "try_minutes": f"{base.try_minutes:g}" if base.try_minutes else "",
            "escalate_minutes": f"{base.escalate_minutes:g}" if base.escalate_minutes else "",
            "kinds": " ".join(sorted(base.matters)), "grades": " ".join(map(str, sorted(base.grades))),
            "chains": json.dumps([list(chain) for chain in base.chains]),
        }  # fmt: skip

    def _show(self, base: CallList) -> None:
        self._base = base
        self._show_title()
        self.fill(self._texts_of(base))

    def _show_title(self) -> None:
        known = bool(self._base.version)
        code = "console.duty.form.call_list" if known else "console.duty.form.new_call_list"
        self.set_title(self._desk.say(code, name=self._base.name, version=self._base.version))
        self.fields["code"].setReadOnly(known)
        rows = [(one.name, one.code) for one in self._lists if one.version]
        fill_box(self.which, [*rows, (self._desk.say("console.duty.form.new_list"), "")], self._base.code)

    def _turn(self) -> None:
        """Go to another list; what was typed for this one is kept."""
        self.keeper.now()
        code = str(self.which.currentData() or "")
        self._show(next((one for one in self._lists if one.code == code), _NEW))

    def _take(self, chains: list[list[str]], current: str) -> None:
        self._chains = chains
        self._show_chains()
        if current:
            self.roll.chosen.select(current)
        self.touched()

    def _add(self, code: str) -> None:
        self._take([*self._chains, [code]], f"{len(self._chains)}.0")

    def _move(self, key: str, by: int) -> None:
        chains, at = chains_moved(self._chains, key, by)
        self._take(chains, at)

    def _show_chains(self) -> None:
        words = ChainWords(self._desk, self._people)
        count = len(self._chains)
        self.roll.title.show_text(self._desk.say("console.duty.form.called_count", count=count))
        self.roll.show_chosen(words.rows(self._chains), self._desk.say("console.duty.form.nobody_called"))
        self._show_found()

    def _show_found(self) -> None:
        words = ChainWords(self._desk, self._people)
        self.roll.show_found(words.found(self.roll.field.text(), self._chains),
                             self._desk.say("console.duty.contacts.none"))  # fmt: skip

    def _show_kinds(self) -> None:
        say = self._desk.say
        unknown = [code for code in sorted(self._kinds) if code not in categories()]
        rows = [
            FactRow(key=code, severity=Severity.NONE, title=say(f"warning.category.{code}")
                    if self._desk.texts.has(f"warning.category.{code}") else code, status_colour=Colour.ACCENT,
                    status=say("console.duty.form.kind_chosen") if code in self._kinds else "")
            for code in (*categories(), *unknown)
        ]  # fmt: skip
        self.kinds.set_rows(rows)
        code = "console.duty.form.kinds_all" if not self._kinds else "console.duty.form.kinds_some"
        self.kinds_title.show_text(say(code, count=len(self._kinds)))

    def _turn_kind(self, code: str) -> None:
        self._kinds ^= {code}
        self._show_kinds()
        self.touched()

    def _on_lists(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, CallLists):
            self._lists = told.lists
            if not self.changed():
                self._show(self._lists[0] if self._lists else _NEW)

    def _on_newest(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, CallLists):
            self._lists = told.lists
            code = self._base.code or self.texts()["code"]
            newest = next((one for one in told.lists if one.code == code), None)
            if newest is None:
                self.tell_gone()
                return
            self._base = newest
            self._show_title()
            self.renew(self._texts_of(newest))

    def _on_people(self, told: object) -> None:
        if isinstance(told, People):
            self._people = told.people
            self._show_chains()

    def _connect(self) -> None:
        self.which.activated.connect(lambda _at: self._turn())
        self.kinds.row_was_marked.connect(self._turn_kind)
        self.kinds.row_was_opened.connect(self._turn_kind)
        for button in self.colours.values():
            button.toggled.connect(lambda _on: self.touched())
        self.roll.search_did_change.connect(lambda _text: self._show_found())
        self.roll.was_added.connect(self._add)
        self.roll.was_removed.connect(lambda key: self._take(without(self._chains, key), ""))
        self.roll.was_moved.connect(self._move)
        self.test.was_asked.connect(self.look)

    def _side(self) -> QWidget:
        """Return the fields at the left: which list, its names, how long it waits, what it is for."""
        say, theme = self._desk.say, self._desk.theme
        left, side = QVBoxLayout(), QWidget()
        side.setLayout(left)
        side.setFixedWidth(_LEFT_PX)
        left.setContentsMargins(0, 0, 0, 0)
        self.which.setAccessibleName(say("console.duty.form.which_list"))
        left.addWidget(self.which)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        for row, (name, field) in enumerate(self.fields.items()):
            self.add_line(grid, row, name, field)
            if name in _FIGURES:
                field.setPlaceholderText(say("console.duty.form.as_set"))
        left.addLayout(grid)
        left.addWidget(Lettered(theme, TypeSize.SMALL, text=say("console.duty.form.grades")))
        colours = QHBoxLayout()
        for button in self.colours.values():
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            colours.addWidget(button)
        left.addLayout(colours)
        self.kinds_title = Lettered(theme, TypeSize.SMALL)
        self.kinds.setAccessibleName(say("console.duty.form.kinds"))
        self.kinds.show_notice(Presence.FRESH, "")
        left.addWidget(self.kinds_title)
        left.addWidget(self.kinds, 1)
        return side

    def _lay_out(self) -> None:
        side, body = self._side(), QWidget()
        middle = QVBoxLayout()
        middle.addWidget(self.roll, 1)
        middle.addWidget(self.add_fault("people", self.roll.field))
        row_of = QHBoxLayout()
        row_of.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, 0)
        row_of.setSpacing(SPACE_PX * 4)
        row_of.addWidget(side)
        row_of.addLayout(middle, 3)
        row_of.addWidget(self.test, 2)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of, 1)
        self.lay_foot(column)
        self.set_whole(body)


def _figure(text: str, *, whole: bool) -> float | None:
    """Return a number from 0 on, 0 for nothing typed; None for what is none."""
    if not text:
        return 0.0
    try:
        figure = float(text)
    except ValueError:
        return None
    is_number = 0 <= figure < float("inf")
    return figure if is_number and (not whole or figure.is_integer()) else None
