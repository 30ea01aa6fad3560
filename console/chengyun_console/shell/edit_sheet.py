"""修改要情: what is told of an event is corrected; only what changed is sent, earlier words stay in the journal."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.shell.event_fields import EventFields, attributes_of
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.attributes import attribute_name
from chengyun_core.model.event import CITIZEN_FIELDS, Event
from chengyun_core.model.event_commands import EditEvent
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 860, 480
_FIXED = ("source", "source_ref", "source_at")
"""What an event was opened with: evidence, not to be written over (突发事件应对法 art. 61, 95)."""
_LONGEST = 500
_REASON = "why"
"""Of the draft: why it is changed; no field of the event has this name."""


class EditSheet(Overlay):
    """Ctrl+Enter sends; the command names the version the officer saw."""

    was_written = Signal(object, str)
    """EditEvent, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.edit.hint"), parent)
        self._desk = desk
        self._event: Event | None = None
        self._kept: dict[str, str] = {}
        self.fields = EventFields(desk)
        self.reason = QLineEdit()
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.confirm = QPushButton(desk.say("events.edit.confirm"))
        self.confirm.setDefault(True)
        self.keeper = DraftKeeper(self._keep, self)
        self._lay_out()
        self.fields.did_change.connect(self._on_edit)
        self.reason.textEdited.connect(lambda _text: self._on_edit())
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def open_for(self, event: Event, area: QRect) -> None:
        """Show what is told of an event, with the changes left there."""
        if self.isVisible():
            self.keeper.now()
        self._event = event
        self._kept = self._texts_of(event)
        left = self._desk.drafts.read(self._draft_name())
        self.reason.setText(left.pop(_REASON, ""))
        self.fields.put(self._kept | left)
        self.told.show_text("")
        self.set_title(self._desk.say("events.edit.title", event=event.code, title=event.title))
        self.open_over(area)
        self.fit_height(self._body.sizeHint().height())
        self.fields.narrative.setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        if self.isVisible() and self._event is not None:
            self.keeper.now()
        return super().close_over()

    @override
    def carried(self) -> object:
        if self._event is None or self.isHidden():
            return None
        self.keeper.now()
        return self._event

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, Event):
            self.open_for(kept, self.window().rect())

    def send(self) -> None:
        """Hand the changes on, or say that there are none."""
        event, changed = self._event, self._changed()
        if event is None or not changed:
            self.told.show_text(self._desk.say("events.edit.nothing"))
            return
        attributes = changed.pop("attributes", None)
        told = None if attributes is None else self._attributes(event, attributes)
        made = EditEvent(
            event=event.number, version=event.version, reason=self.reason.text().strip(), attributes=told,
            title=changed.get("title"), narrative=changed.get("narrative"), matter=changed.get("matter"),
            centre=changed.get("centre"), place=changed.get("place"), informant=changed.get("informant"),
        )  # fmt: skip
        self.close_over()
        self.was_written.emit(made, self._desk.say("events.edit.deed", event=event.code))

    def sent(self, event: int) -> None:
        """Forget the draft: the centre has the changes."""
        self._desk.drafts.drop(f"edit.{event}")

    def _on_edit(self) -> None:
        self.told.show_text("")
        self.keeper.touch()

    def _keep(self) -> None:
        if self._event is not None:
            why = self.reason.text().strip()
            self._desk.drafts.write(self._draft_name(), self._changed() | ({_REASON: why} if why else {}))

    def _changed(self) -> dict[str, str]:
        texts = self.fields.texts()
        return {
            name: text.strip() for name, text in texts.items()
            if name not in _FIXED and text.strip() != self._kept.get(name, "").strip()
        }  # fmt: skip

    def _attributes(self, event: Event, text: str) -> dict[str, str]:
        """Return the attributes as written; one that was taken out is cleared by an empty text."""
        told = attributes_of(text, self._desk.texts)
        gone = {code: "" for code in event.attributes if code not in told and code not in CITIZEN_FIELDS}
        return {**gone, **told}

    def _texts_of(self, event: Event) -> dict[str, str]:
        own = {code: value for code, value in event.attributes.items() if code not in CITIZEN_FIELDS}
        between, texts = self._desk.say("events.attributes_between"), self._desk.texts
        return {
            "title": event.title, "narrative": event.narrative, "matter": event.matter, "centre": event.centre,
            "place": event.place, "source": event.source.value, "source_ref": event.source_ref,
            "informant": event.informant, "source_at": self._desk.figures.stamp(event.source_at),
            "attributes": between.join(f"{attribute_name(texts, code)}={value}" for code, value in own.items()),
        }  # fmt: skip

    def _draft_name(self) -> str:
        return f"edit.{self._event.number}" if self._event is not None else "edit"

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        for name in _FIXED:
            (self.fields.lines.get(name) or self.fields.boxes[name]).setEnabled(False)
        self.reason.setPlaceholderText(self._desk.say("events.edit.reason"))
        self.reason.setAccessibleName(self._desk.say("events.edit.reason"))
        self.reason.setMaxLength(_LONGEST)
        self.reason.setMinimumHeight(TARGET_PX)
        self.confirm.setMinimumHeight(TARGET_PX)
        self.told.setWordWrap(True)
        for widget in (self.fields.narrative, self.fields, self.reason, self.told, self.confirm):
            column.addWidget(widget)
        column.addStretch(1)
        self._body = body
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
