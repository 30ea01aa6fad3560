"""The fields of an event's form: words told, title, matter, place, source, time, attributes; as texts and as record."""

import re
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.wording.attributes import attribute_code, attribute_name
from chengyun_console.wording.moments import moment_of
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize

_LINES = ("title", "place", "informant", "source_ref", "source_at", "attributes")
_BOXES = ("matter", "centre", "source")
_NARRATIVE_PX = 74
_LONGEST = {"title": 200, "place": 200, "informant": 200, "source_ref": 100, "source_at": 30, "attributes": 500}
_TITLE_LETTERS = 24
_BETWEEN = re.compile(r"[;\uFF1B\n]+")


class EventFields(QWidget):
    """What the officer wrote himself is never written over; what was suggested is, until he touches it."""

    did_change = Signal()
    narrative_was_left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._own: set[str] = set()
        self._is_putting = False
        self._filled: OpenEvent | None = None
        self.narrative = _Narrative()
        self.lines = {name: QLineEdit() for name in _LINES}
        self.boxes = {name: ChoiceBox(desk.theme) for name in _BOXES}
        self._lay_out()
        self._connect()

    @property
    def own_matter(self) -> str:
        """Return the matter the officer chose himself."""
        return str(self.boxes["matter"].currentData() or "") if "matter" in self._own else ""

    def in_order(self) -> list[QWidget]:
        """Return the fields below the words told, as they are read."""
        return [self.lines[name] if name in self.lines else self.boxes[name] for name in _PLACES]

    def texts(self) -> dict[str, str]:
        """Return every field as a text."""
        found = {name: line.text() for name, line in self.lines.items()}
        chosen = {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        return {"narrative": self.narrative.toPlainText(), **found, **chosen}

    def typed(self) -> dict[str, str]:
        """Return what the officer wrote himself."""
        return {name: text for name, text in self.texts().items() if name in self._own}

    def put(self, texts: dict[str, str]) -> None:
        """Begin with these texts; they count as the officer's own."""
        self._filled = None
        self._offer()
        self._own = {name for name, text in texts.items() if text}
        self._quietly(lambda: self._put_all(texts))

    def fill(self, form: OpenEvent) -> None:
        """Fill in what alarms tell, where the officer wrote nothing."""
        self._filled = form
        told = {"title": form.title, "narrative": form.narrative, "matter": form.matter, "centre": form.centre,
                "place": form.place, "source": form.source.value, "source_ref": form.source_ref,
                "informant": form.informant}  # fmt: skip
        if form.source_at is not None:
            told["source_at"] = self._desk.figures.stamp(form.source_at)
        self._suggest(told)

    def suggest(self, reading: Reading) -> None:
        """Fill in what the words seem to say, where the officer wrote nothing himself."""
        narrative = self.narrative.toPlainText().strip()
        told = {
            "matter": reading.matters[0].matter if reading.matters else "",
            "centre": reading.places[0].centre if reading.places else "",
            "place": reading.addresses[0] if reading.addresses else "",
            "attributes": self._desk.say("events.attributes_between").join(
                f"{attribute_name(self._desk.texts, figure.attribute)}={figure.value}" for figure in reading.figures
            ),
            "title": _title(narrative),
        }
        self._suggest({name: text for name, text in told.items() if text})

    def fault(self) -> str:
        """Return what is in the way of opening the event, in words; nothing when nothing is."""
        texts, say = self.texts(), self._desk.say
        if not texts["title"].strip() and not texts["narrative"].strip():
            return say("events.form.no_title")
        try:
            self._source_at(texts)
        except ValueError as fault:
            return say(str(fault), text=texts["source_at"])
        bad = [part for part in _parts(texts["attributes"]) if "=" not in part]
        return say("events.form.bad_attribute", text=bad[0]) if bad else ""

    def form(self, *, alarms: tuple[int, ...], situation: int | None) -> OpenEvent:
        """Return the command; `fault` has been asked before."""
        texts = self.texts()
        base = self._filled or OpenEvent(source=EventSource(texts["source"]))
        narrative = texts["narrative"].strip()
        return replace(
            base, source=EventSource(texts["source"]), title=texts["title"].strip() or _title(narrative),
            narrative=narrative, matter=texts["matter"], centre=texts["centre"], place=texts["place"].strip(),
            source_ref=texts["source_ref"].strip(), informant=texts["informant"].strip(),
            source_at=self._source_at(texts), alarms=alarms, situation=situation,
            attributes=attributes_of(texts["attributes"], self._desk.texts),
        )  # fmt: skip

    def _source_at(self, texts: dict[str, str]) -> int | None:
        """Return when it happened; the exact time the alarm told, while nobody wrote another one."""
        if self._filled is not None and "source_at" not in self._own:
            return self._filled.source_at
        return moment_of(texts["source_at"], self._desk.figures.moment(self._desk.now_ns()))

    def _suggest(self, told: dict[str, str]) -> None:
        kept = {name: text for name, text in told.items() if name not in self._own}
        self._quietly(lambda: self._put_some(kept))

    def _quietly(self, put: Callable[[], object]) -> None:
        self._is_putting = True
        put()
        self._is_putting = False

    def _put_all(self, texts: dict[str, str]) -> None:
        beginning = {"source": EventSource.MANUAL.value, "centre": self._desk.session.own_centre}
        names = ("narrative", *_LINES, *_BOXES)
        self._put_some({name: texts.get(name, "") or beginning.get(name, "") for name in names})

    def _put_some(self, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            if name == "narrative":
                self.narrative.setPlainText(text)
            elif name in self.lines:
                self.lines[name].setText(text)
                self.lines[name].setCursorPosition(0)
            else:
                box = self.boxes[name]
                self._offer_code(name, text)
                box.setCurrentIndex(max(0, box.findData(text)))

    def _offer(self) -> None:
        """Offer matters, own centre and districts, and sources, as the catalogue has them now."""
        names, own = self._desk.names, self._desk.session.own_centre
        matters = [(row.name, row.code) for row in names.view.catalogue.matters] if names else []
        centres = [(names.place(own), own)] if names else []
        if names:
            centres += [(row.name, row.code) for row in names.view.catalogue.centres if row.parent == own]
        sources = [(self._desk.say(f"event.source.{source.value}"), source.value) for source in EventSource]
        rows = {"matter": [(self._desk.say("events.form.no_matter"), ""), *matters], "centre": centres,
                "source": sources}  # fmt: skip
        self._quietly(lambda: self._offer_rows(rows))

    def _offer_rows(self, rows: dict[str, list[tuple[str, str]]]) -> None:
        for name, offered in rows.items():
            self.boxes[name].clear()
            for title, code in offered:
                self.boxes[name].addItem(title, code)

    def _offer_code(self, name: str, code: str) -> None:
        """Offer a town or street that was found, besides the districts."""
        box = self.boxes[name]
        if name == "centre" and code and box.findData(code) < 0 and self._desk.names is not None:
            box.addItem(self._desk.names.place(code), code)

    def _on_edit(self, name: str) -> None:
        if not self._is_putting:
            self._own.add(name)
            self.did_change.emit()

    def _connect(self) -> None:
        self.narrative.textChanged.connect(lambda: self._on_edit("narrative"))
        self.narrative.was_left.connect(self.narrative_was_left)
        for name, line in self.lines.items():
            line.textEdited.connect(lambda _text, name=name: self._on_edit(name))
        for name, box in self.boxes.items():
            box.currentIndexChanged.connect(lambda _at, name=name: self._on_edit(name))

    def _lay_out(self) -> None:
        say = self._desk.say
        self.narrative.setPlaceholderText(say("events.form.narrative"))
        self.narrative.setAccessibleName(say("events.fact.narrative"))
        self.narrative.setFixedHeight(_NARRATIVE_PX)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_PX * 2)
        grid.setVerticalSpacing(SPACE_PX)
        for name, (row, at) in _PLACES.items():
            widget: QLineEdit | ChoiceBox = self.lines[name] if name in self.lines else self.boxes[name]
            label = Lettered(self._desk.theme, TypeSize.SMALL, text=say(_LABELS.get(name, f"events.form.{name}")))
            widget.setAccessibleName(label.text())
            widget.setMinimumHeight(TARGET_PX)
            if isinstance(widget, QLineEdit):
                widget.setMaxLength(_LONGEST[name])
                widget.setPlaceholderText(say(f"events.form.{name}.hint") if name in _HINTED else "")
            grid.addWidget(label, row, at * 2)
            grid.addWidget(widget, row, at * 2 + 1, 1, 3 if name == "attributes" else 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)


_PLACES = {
    "title": (0, 0), "matter": (0, 1), "centre": (1, 0), "place": (1, 1), "source": (2, 0), "informant": (2, 1),
    "source_ref": (3, 0), "source_at": (3, 1), "attributes": (4, 0),
}  # fmt: skip
"""Field → row and place in it."""
_HINTED = ("source_at", "attributes")
_LABELS = {"title": "events.form.name"}


class _Narrative(QPlainTextEdit):
    """Tab leaves it, as it leaves every field: a tabulator is no word anybody says."""

    was_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.was_left.emit()


def attributes_of(text: str, texts: Texts) -> dict[str, str]:
    """Return `people=200；depth_cm=40`, by codes or by names, as a table; parts without an equals sign are none."""
    pairs = (part.partition("=") for part in _parts(text) if "=" in part)
    return {attribute_code(texts, word.strip()): value.strip() for word, _, value in pairs if word.strip()}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _title(narrative: str) -> str:
    """Return the first clause of what was told: a title until somebody writes a better one."""
    clause = re.split(r"[\uFF0C\u3002\uFF1B\uFF01\uFF1F,.;!?\n]", narrative.strip(), maxsplit=1)[0]
    return clause[:_TITLE_LETTERS]
