"""下达指令: what is to be done at the left, who does it at the right with dispatch's reasons; Ctrl+Enter sends (T1)."""

import json
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.shell.order_recipients import OrderRecipients
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model import order_texts
from chengyun_core.model.dispatch_call import Need
from chengyun_core.model.event import Event
from chengyun_core.model.order import Role, Step
from chengyun_core.model.order_commands import OrderDraft, SendOrders
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.order_asks import AskOrderTemplates, OrderTemplates
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1180, 640
CRITICALS = ("", "evacuation", "closure", "red_warning")
_LONGEST_TITLE, _LONGEST_PLACE = 120, 200
_LEFT_PX = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an order is written for."""

    event: int | None = None
    plan_run: int | None = None
    plan_step: str = ""
    needs: tuple[Need, ...] = ()
    title: str = ""
    text: str = ""
    instead_of: str = ""
    """Key of the returned receipt it replaces."""
    decision: tuple[int, int] | None = None
    """Room and number of the decision it is sent upon."""

    @property
    def draft(self) -> str:
        """Return the name of its draft."""
        upon = "" if self.decision is None else f".{self.decision[0]}.{self.decision[1]}"
        return f"order.{self.event or 0}.{self.plan_run or 0}.{self.plan_step}{upon}"


class OrderForm(Overlay):
    """Nothing waits for the centre: the sheet closes at once, and comes back with the reason if it was refused."""

    was_written = Signal(object, object)
    """SendOrders, and the About it was written for."""
    was_collected = Signal(object, object)
    """OrderDraft to be sent with others, and the About it was written for."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("tasks.compose.title"), desk.say("tasks.compose.hint"), parent)
        self._desk = desk
        self._about = About()
        self._templates = OrderTemplates()
        self.name, self.place, self.text = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.template, self.deadlines = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.critical, self.hold = ChoiceBox(desk.theme), QCheckBox(desk.say("tasks.compose.hold"))
        self.recipients = OrderRecipients(desk)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self.send_button = QPushButton(desk.say("tasks.compose.send"))
        self.send_button.setDefault(True)
        self.collect_button = QPushButton(desk.say("tasks.compose.collect"))
        self.keeper = DraftKeeper(self.keep, self)
        self._lay_out()
        self._connect()

    def open_for(self, about: About, area: QRect) -> None:
        """Begin an order, or go on with the draft that was left for the same thing."""
        self._about = about
        kept = self._desk.drafts.read(about.draft)
        event = self._event()
        self._offer()
        self.name.setText(kept.get("title", about.title))
        self.text.setPlainText(kept.get("text", about.text))
        self.place.setText(kept.get("place", event.place if event is not None else ""))
        self.critical.setCurrentIndex(max(0, self.critical.findData(kept.get("critical", ""))))
        self.hold.setChecked(kept.get("hold", "") == "1")
        self.recipients.begin(about.event, about.needs, _roles(kept.get("recipients", "")))
        self.set_title(self._heading(event))
        self._desk.session.ask(
            "order.templates", AskOrderTemplates(language=self._desk.texts.language), self._take_templates,
            slot="tasks templates",
        )  # fmt: skip
        self.open_over(area)
        self.show_notice(Presence.FRESH, "")
        self.name.setFocus()
        self._tell()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        if self.isVisible():
            self.keeper.now()
        return super().close_over()

    @override
    def carried(self) -> object:
        if self.isHidden():
            return None
        self.keeper.now()
        return self._about

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, About):
            self.open_for(kept, self.window().rect())

    def show_refusal(self, about: About, text: str, area: QRect) -> None:
        """Open again with what was written, and say why it was not sent."""
        self.open_for(about, area)
        self.told.show_text(text)

    def send(self) -> None:
        """Hand the order on, or say what is missing."""
        draft = self._written()
        if draft is None:
            return
        # The draft stays until the centre has it: a kill between Ctrl+Enter and the answer loses no word.
        self.close_over()
        self.was_written.emit(SendOrders(drafts=(draft,), hold=self.hold.isChecked()), self._about)

    def collect(self) -> None:
        """Ctrl+Shift+Enter: put the order to the batch that is sent together, or say what is missing."""
        draft = self._written()
        if draft is not None:
            self.close_over()
            self.was_collected.emit(draft, self._about)

    def _written(self) -> OrderDraft | None:
        """Return the order as written; None when something is missing, which is told."""
        fault = self.fault()
        if fault:
            self.told.show_text(fault)
            return None
        return OrderDraft(
            event=self._about.event, plan_run=self._about.plan_run, plan_step=self._about.plan_step,
            title=self.name.text().strip(), text=self.text.toPlainText().strip(), place=self.place.text().strip(),
            centre="" if self._about.event is not None else self._desk.session.own_centre,
            critical=str(self.critical.currentData() or ""), template=str(self.deadlines.currentData() or ""),
            recipients=self.recipients.recipients(), instead_of=self._about.instead_of,
        )  # fmt: skip

    def fault(self) -> str:
        """Return the first thing in the way of sending, in words; nothing when nothing is."""
        say, roles = self._desk.say, list(self.recipients.chosen.values())
        if not self.name.text().strip():
            return say("tasks.compose.no_title")
        if not self.text.toPlainText().strip():
            return say("tasks.compose.no_text")
        if not roles:
            return say("tasks.compose.no_recipient")
        if self._about.event is not None and self._about.plan_run is None and roles.count(Role.LEAD) != 1:
            return say("tasks.compose.one_lead")
        if self.recipients.full() and not self.recipients.over_capacity.text().strip():
            return say("tasks.compose.no_over_capacity")
        return ""

    def keep(self) -> None:
        """Keep the draft in the seat's folder (E10)."""
        roles = {code: role.value for code, role in self.recipients.chosen.items()}
        written = self.name.text().strip() or self.text.toPlainText().strip()
        self._desk.drafts.write(self._about.draft, {
            "title": self.name.text(), "text": self.text.toPlainText(), "place": self.place.text(),
            "critical": str(self.critical.currentData() or ""), "hold": "1" if self.hold.isChecked() else "",
            "recipients": json.dumps(roles),
        } if written else {})  # fmt: skip

    def _event(self) -> Event | None:
        focus = self._desk.event_focus.record
        number = self._about.event
        if number is None:
            return None
        return self._desk.session.facts.events.get(number) or (focus if focus and focus.number == number else None)

    def _heading(self, event: Event | None) -> str:
        if event is None:
            return self._desk.say("tasks.compose.title")
        return self._desk.say("tasks.compose.title_of", number=event.code, title=event.title)

    def _tell(self) -> None:
        """Say what will happen on sending: two persons, how many units, or what is missing."""
        event, say = self._event(), self._desk.say
        grave = event is not None and event.grade is EventGrade.EXTRAORDINARY
        counts = say("tasks.compose.counts", count=len(self.recipients.chosen))
        two = say("tasks.compose.two_persons") if grave or self.critical.currentData() else ""
        self.told.show_text("  ".join(part for part in (counts, two, self.fault()) if part))

    def _on_edit(self) -> None:
        self._tell()
        if self.isVisible():
            # What comes after it was sent (a proposal of dispatch) is no draft of anybody's.
            self.keeper.touch()

    def _take_templates(self, answer: object) -> None:
        if isinstance(answer, OrderTemplates):
            self._templates = answer
            self._offer()

    def _offer(self) -> None:
        say = self._desk.say
        self._fill(self.template, [(say("tasks.compose.own_words"), "")] + [
            (each.title, each.name) for each in self._templates.texts
        ])  # fmt: skip
        self._fill(self.deadlines, [(say("tasks.compose.house_deadlines"), "")] + [
            (f"{each.name}  {self._minutes(each.minutes)}", each.name) for each in self._templates.deadlines
        ])  # fmt: skip
        self._fill(self.critical, [
            (say(f"order.critical.{each}") if each else say("tasks.compose.not_critical"), each) for each in CRITICALS
        ])  # fmt: skip

    def _minutes(self, minutes: dict[Step, float]) -> str:
        parts = (
            f"{self._desk.say(f'receipt.step.{step}')} {figure:g}′" for step, figure in minutes.items()
        )  # fmt: skip
        return " ".join(parts)

    def _fill(self, box: ChoiceBox, rows: list[tuple[str, str]]) -> None:
        before = box.currentData()
        box.blockSignals(True)
        box.clear()
        for title, key in rows:
            box.addItem(title, key)
        box.setCurrentIndex(max(0, box.findData(before)))
        box.blockSignals(False)

    def _use_template(self) -> None:
        chosen = self.template.currentData()
        found = next((each for each in self._templates.texts if each.name == chosen), None)
        if found is None:
            return
        event = self._event()
        values = {"place": self.place.text(), "event": event.title if event is not None else ""}
        values |= event.attributes if event is not None else {}
        self.name.setText(order_texts.filled(found.title, values)[:_LONGEST_TITLE])
        self.text.setPlainText(order_texts.filled(found.text, values))
        self._on_edit()

    def _connect(self) -> None:
        for sequence, do in (
            ("Ctrl+Return", self.send), ("Ctrl+Enter", self.send),
            ("Ctrl+Shift+Return", self.collect), ("Ctrl+Shift+Enter", self.collect),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        self.collect_button.clicked.connect(lambda _checked=False: self.collect())
        self.send_button.clicked.connect(lambda _checked=False: self.send())
        for line in (self.name, self.place):
            line.textEdited.connect(lambda _text: self._on_edit())
        self.text.textChanged.connect(self._on_edit)
        self.critical.currentIndexChanged.connect(lambda _at: self._on_edit())
        self.template.currentIndexChanged.connect(lambda _at: self._use_template())
        self.recipients.did_change.connect(self._on_edit)

    def _lay_out(self) -> None:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        row.setSpacing(SPACE_PX * 4)
        left = QVBoxLayout()
        left.setSpacing(SPACE_PX)
        self.name.setMaxLength(_LONGEST_TITLE)
        self.place.setMaxLength(_LONGEST_PLACE)
        self.text.setTabChangesFocus(True)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("tasks.compose.template", self.template), ("tasks.compose.name", self.name),
            ("tasks.compose.text", self.text), ("tasks.compose.place", self.place),
            ("tasks.compose.deadlines", self.deadlines), ("tasks.compose.critical", self.critical),
        )  # fmt: skip
        for code, widget in fields:
            left.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=self._desk.say(code)))
            widget.setAccessibleName(self._desk.say(code))
            widget.setMinimumHeight(TARGET_PX)
            left.addWidget(widget, 1 if widget is self.text else 0)
        self.hold.setMinimumHeight(TARGET_PX)
        left.addWidget(self.hold)
        panel = QWidget()
        panel.setLayout(left)
        panel.setFixedWidth(_LEFT_PX)
        left.setContentsMargins(0, 0, 0, 0)
        right = QVBoxLayout()
        right.setSpacing(SPACE_PX * 2)
        right.addWidget(self.recipients, 1)
        self.told.setWordWrap(True)
        right.addWidget(self.told)
        buttons = QHBoxLayout()
        for button in (self.collect_button, self.send_button):
            button.setMinimumHeight(TARGET_PX)
            buttons.addWidget(button, 2 if button is self.send_button else 1)
        right.addLayout(buttons)
        row.addWidget(panel)
        row.addLayout(right, 1)
        self.set_body(body)


def _roles(text: str) -> dict[str, Role]:
    """Return the recipients of a draft; none of one that cannot be read."""
    try:
        told = json.loads(text) if text else {}
        return {str(code): Role(role) for code, role in told.items()}
    except (ValueError, AttributeError):
        return {}
