"""发布预警: the eight fields of 突发事件应对法 art. 64, each checked in place, and who may publish which level."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode.standing import seat_place
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.sender import WAITS, Sender, status_line
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.warnings.second import RequestWatch
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Level, WarningColour
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.model.warning_commands import IssueWarning
from chengyun_core.wire.envelope import Done
from chengyun_resources.bulletins import categories
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 960, 640
_LONGEST = 200
_HOURS = (1, 2, 3, 6, 12, 24, 48)
_COLOURS = (WarningColour.BLUE, WarningColour.YELLOW, WarningColour.ORANGE, WarningColour.RED)
_OF_CITY = frozenset({WarningColour.ORANGE, WarningColour.RED})
"""一级 and 二级 are published by a city, 三级 and 四级 by a district too (issue 6; 突发事件应对法 art. 64)."""
_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """What the fields hold, and which of the eight are missing, by their codes."""

    command: IssueWarning | None
    missing: tuple[str, ...]
    wrong: str = ""
    """Sentence about a field that holds something that cannot be; empty: none does."""


class IssueForm(Overlay):
    """Ctrl+Enter publishes; what is missing is said while one types, and nothing is sent before it is there."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("warnings.form.title"), desk.say("warnings.form.hint"), parent)
        self._desk = desk
        self._updates: OfficialWarning | None = None
        self.category, self.colour, self.hours = ChoiceBox(desk.theme), ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.centre = ChoiceBox(desk.theme)
        self.lines = {name: QLineEdit() for name in ("headline", "starts", "area")}
        self.texts = {name: QPlainTextEdit() for name in ("notice", "measures")}
        self._drafted: dict[str, str] = {}
        """Usual words that were filled in, by field."""
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.request = RequestWatch(desk, "warning.issue", self.sending, desk.say("warnings.form.second"))
        self.confirm = QPushButton(desk.say("warnings.form.send"))
        self._lay_out()
        self._connect()

    def open_for(self, updates: OfficialWarning | None, area: QRect) -> None:
        """Open the form empty, or with what the warning that is updated says."""
        if updates != self._updates:
            self._clear()
        self._updates = updates
        say = self._desk.say
        if updates is None:
            self.set_title(say("warnings.form.title"))
        else:
            self.set_title(say("warnings.form.title_update", title=updates.headline or updates.code))
            self._put(updates)
        if not self.lines["starts"].text():
            self.lines["starts"].setText(f"{self._desk.figures.moment(self._desk.now_ns()):{_TIME}}")
        self.open_over(area)
        self.category.setFocus()
        self._look()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        return self.request.second.close_over() or super().close_over()

    def refresh(self) -> None:
        """Look for the request that waits for a second person; called on each frame."""
        if self.isVisible():
            self.request.refresh()

    def send(self) -> None:
        """Publish, or say what is missing."""
        checked = self._checked()
        if checked.command is None or self.sending.is_busy or self.request.second.isVisible():
            self._look()
            self._focus_missing(checked)
            return
        title = checked.command.headline
        self.sending.send(checked.command, self._desk.say("warnings.deed.issue", title=title), self._on_sent)

    def _on_sent(self, done: Done) -> None:
        if WAITS in done.warnings:
            self.request.expect()
            return
        self._clear()
        self.close_over()

    def _checked(self) -> _Checked:
        """Return the command the fields make, or what is missing of the eight."""
        start, hours = self._moment(), int(self.hours.currentData() or _HOURS[3])
        values = {name: " ".join(line.text().split()) for name, line in self.lines.items()}
        values |= {name: field.toPlainText().strip() for name, field in self.texts.items()}
        area = values["area"]
        needed = {
            "category": str(self.category.currentData() or ""), "colour": self.colour.currentText(), "area": area,
            "starts": values["starts"], "notice": values["notice"], "measures": values["measures"],
            "headline": values["headline"], "centre": str(self.centre.currentData() or ""),
        }  # fmt: skip
        missing = tuple(name for name, text in needed.items() if not text)
        wrong = self._wrong(start)
        if missing or wrong or start is None:
            return _Checked(command=None, missing=missing, wrong=wrong)
        updated = self._updates
        made = IssueWarning(
            centre=seat_place(self._desk), category=needed["category"], colour=self._colour(),
            headline=values["headline"], starts_at=start, expires_at=start + hours * 3600 * NS_PER_S, area_text=area,
            polygons=updated.area.polygons if updated is not None else (), centres=(needed["centre"],),
            notice=values["notice"], measures=values["measures"],
            updates=updated.number if updated is not None else None, version=updated.version if updated else 0,
        )  # fmt: skip
        return _Checked(command=made, missing=())

    def _wrong(self, start: int | None) -> str:
        say, colour = self._desk.say, self._colour()
        if self.lines["starts"].text().strip() and start is None:
            return say("warnings.form.time_wrong")
        if colour in _OF_CITY and self._level() is not Level.CITY:
            return say(
                "warnings.form.authority", level=say(f"warnings.level.{int(colour)}"), who=say("warnings.form.city"),
                may=say("console.names_between").join(say(f"warnings.level.{int(one)}") for one in _COLOURS[:2]),
            )  # fmt: skip
        return ""

    def _level(self) -> Level:
        names = self._desk.names
        row = names.view.centre(seat_place(self._desk)) if names is not None else None
        return row.level if row is not None else Level.CITY

    def _colour(self) -> WarningColour:
        return WarningColour(int(self.colour.currentData() or 0))

    def _moment(self) -> int | None:
        """Return the beginning in profile ns, None for what is no time."""
        try:
            read = datetime.strptime(self.lines["starts"].text().strip(), _TIME).replace(tzinfo=self._desk.figures.zone)
        except ValueError:
            return None
        return round(read.timestamp()) * NS_PER_S

    def _look(self) -> None:
        """Say how many of the eight are there, and what is missing or wrong."""
        checked, say = self._checked(), self._desk.say
        named = say("console.names_between").join(say(f"warnings.form.{name}") for name in checked.missing)
        eight = say("warnings.form.eight", done=8 - len(checked.missing))
        problem = checked.wrong or (say("warnings.form.missing", fields=named) if checked.missing else "")
        good = say("warnings.form.red_two" if self._colour() is WarningColour.RED else "warnings.form.complete")
        self.told.show_text(say("events.pieces_between").join((eight, problem or good)))
        self.told.set_colour(Colour.ORANGE_TEXT if problem else Colour.DONE)

    def _focus_missing(self, checked: _Checked) -> None:
        fields: dict[str, QWidget] = {**self.lines, **self.texts}
        first = next((fields[name] for name in checked.missing if name in fields), None)
        if first is not None:
            first.setFocus()
        elif checked.wrong:
            (self.colour if self._moment() is not None else self.lines["starts"]).setFocus()

    def _draft(self) -> None:
        """Fill in the usual words of a kind where nothing, or another kind's usual words, stand."""
        for name, field in self.texts.items():
            code = f"warning.{name}.{self.category.currentData()}"
            text = self._desk.say(code) if self._desk.texts.has(code) else ""
            if field.toPlainText().strip() in ("", self._drafted.get(name, "")):
                field.setPlainText(text)
                self._drafted[name] = text

    def _put(self, one: OfficialWarning) -> None:
        """Begin with what the earlier warning says; only empty fields are filled."""
        for box, key in ((self.category, one.category), (self.colour, int(one.colour))):
            box.setCurrentIndex(max(0, box.findData(key)))
        given = {"headline": one.headline, "area": one.area.text}
        for name, text in given.items():
            if not self.lines[name].text():
                self.lines[name].setText(text)
        for name, text in {"notice": one.notice, "measures": one.measures}.items():
            if not self.texts[name].toPlainText():
                self.texts[name].setPlainText(text)

    def _clear(self) -> None:
        for line in self.lines.values():
            line.clear()
        for text in self.texts.values():
            text.clear()

    def _fill(self) -> None:
        """Offer kinds, levels, hours and the places one's warning may be about."""
        words, names, place = WarningWords(self._desk), self._desk.names, seat_place(self._desk)
        if self.category.count() == 0:
            for code in categories():
                self.category.addItem(words.category(code), code)
            for colour in _COLOURS:
                level = self._desk.say(f"warnings.level.{int(colour)}")
                told = self._desk.say("warnings.doc.colour_told", level=level, colour=words.colour(colour))
                self.colour.addItem(told, int(colour))
            for hours in _HOURS:
                self.hours.addItem(str(hours), hours)
            self.hours.setCurrentIndex(3)
        self.centre.clear()
        below = [row.code for row in names.view.catalogue.centres if row.parent == place] if names is not None else []
        for code in (place, *below):
            self.centre.addItem(words.place(code), code)

    @override
    def showEvent(self, event: object) -> None:
        self._fill()

    def _connect(self) -> None:
        for box in (self.category, self.colour, self.hours, self.centre):
            box.currentIndexChanged.connect(lambda _at: self._look())
        self.category.activated.connect(lambda _at: self._draft())
        for line in self.lines.values():
            line.textChanged.connect(lambda _text: self._look())
        for text in self.texts.values():
            text.textChanged.connect(self._look)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def _lay_out(self) -> None:
        say, body, form = self._desk.say, QWidget(), QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(SPACE_PX * 2)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("category", self.category), ("colour", self.colour), ("headline", self.lines["headline"]),
            ("starts", self.lines["starts"]), ("hours", self.hours), ("area", self.lines["area"]),
            ("centres", self.centre), ("notice", self.texts["notice"]), ("measures", self.texts["measures"]),
        )  # fmt: skip
        for code, field in rows:
            field.setAccessibleName(say(f"warnings.form.{code}"))
            field.setMinimumHeight(TARGET_PX)
            form.addRow(Lettered(self._desk.theme, TypeSize.BODY, text=say(f"warnings.form.{code}")), field)
        for text in self.texts.values():
            text.setTabChangesFocus(True)
            text.setMinimumHeight(TARGET_PX * 2)
        for line in self.lines.values():
            line.setMaxLength(_LONGEST)
        self.told.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        self.confirm.setDefault(True)
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        column.addLayout(form, 1)
        for widget in (self.told, self.status, self.request.second, self.confirm):
            column.addWidget(widget)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
