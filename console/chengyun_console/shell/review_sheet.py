"""复盘: causes and lessons of a closed event, and what somebody has to change because of them (art. 87, 92)."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.event_case import Case
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.events.tabs import hop_records
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, ImprovementKind
from chengyun_core.model.event_commands import NewImprovement, ReviewEvent
from chengyun_core.wire.event_asks import AskEvent, Hops
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.hop_fall import HopFall
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1240, 600
ITEMS = 4
"""Items that fit one sheet; a review may be held again and adds to what is there."""
_DAYS = (7, 14, 30, 90)
_DAY_NS = 86_400 * NS_PER_S
_LONGEST = 500
_BOX_PX = 116


class _Item(QWidget):
    """One line: what has to change in words, then of what kind it is, whose, until when."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.kind, self.owner, self.due = ChoiceBox(desk.theme), ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.text = QLineEdit()
        self.text.setMaxLength(_LONGEST)
        self.text.setMinimumHeight(TARGET_PX)
        self.text.setPlaceholderText(desk.say("events.review.item_hint"))
        for kind in ImprovementKind:
            self.kind.addItem(desk.say(f"events.improvement.{kind.value}"), kind)
        for days in _DAYS:
            self.due.addItem(desk.say("events.review.days", days=days), days)
        for widget, code in ((self.kind, "kind"), (self.owner, "owner"), (self.due, "due"), (self.text, "item")):
            widget.setAccessibleName(desk.say(f"events.review.{code}"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX)
        row.addWidget(self.text, 1)
        for box in (self.kind, self.owner, self.due):
            box.setFixedWidth(_BOX_PX)
            row.addWidget(box)

    def offer(self, posts: list[tuple[str, str]]) -> None:
        """Offer the posts that may own it, and begin empty."""
        self.owner.clear()
        for name, code in posts:
            self.owner.addItem(name, code)
        self.put("")

    @property
    def is_begun(self) -> bool:
        """Return whether there is a word in it."""
        return bool(self.text.text().strip())

    def stand(self, *, is_shown: bool) -> None:
        """Show the line; what and whose are asked once there is a word in it."""
        self.setVisible(is_shown)
        for box in (self.kind, self.owner, self.due):
            box.setVisible(self.is_begun)

    def texts(self) -> str:
        """Return the item as one line of a draft; nothing while no word is in it."""
        chosen = (self.kind.currentData(), self.owner.currentData(), self.due.currentData())
        return "\t".join((*map(str, chosen), self.text.text())) if self.text.text().strip() else ""

    def put(self, line: str) -> None:
        """Begin with the line of a draft; a post that is no more gives way to the first."""
        kind, owner, due, text = (line.split("\t", 3) + [""] * 4)[:4]
        for box, value in ((self.kind, kind), (self.owner, owner), (self.due, due)):
            places = [str(box.itemData(at)) for at in range(box.count())]
            box.setCurrentIndex(places.index(value) if value in places else min(0, box.count() - 1))
        self.text.setText(text)
        self.text.setCursorPosition(0)

    def made(self, now_ns: int) -> NewImprovement | None:
        """Return the item, None when nothing was written."""
        text = self.text.text().strip()
        if not text or not self.owner.currentData():
            return None
        due_at = now_ns + int(self.due.currentData()) * _DAY_NS
        kind = ImprovementKind(self.kind.currentData())
        return NewImprovement(kind=kind, text=text, owner_post=str(self.owner.currentData()), due_at=due_at)


class ReviewSheet(Overlay):
    """Ctrl+Enter holds the review; Esc keeps the findings written so far."""

    was_written = Signal(object, str)
    """ReviewEvent, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.review.hint"), parent)
        self._desk = desk
        self._event: Event | None = None
        self.findings = QPlainTextEdit()
        self.items = tuple(_Item(desk) for _ in range(ITEMS))
        self.fall, self.late = HopFall(desk.theme), Lettered(desk.theme, TypeSize.BODY)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.confirm = QPushButton(desk.say("events.review.confirm"))
        self.confirm.setDefault(True)
        self.keeper = DraftKeeper(self._keep, self)
        self._lay_out()
        self.findings.textChanged.connect(self.keeper.touch)
        for item in self.items:
            item.text.textEdited.connect(self.keeper.touch)
            item.text.textChanged.connect(lambda _text: self._show_items())
            for box in (item.kind, item.owner, item.due):
                box.activated.connect(self.keeper.touch)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def open_for(self, event: Event, area: QRect) -> None:
        """Begin with the findings and items left for this event."""
        if self.isVisible():
            self.keeper.now()
        self._event = event
        kept, posts = self._desk.drafts.read(self._draft_name()), self._posts()
        self.findings.setPlainText(kept.get("findings", ""))
        for at, item in enumerate(self.items):
            item.offer(posts)
            item.put(kept.get(f"item.{at}", ""))
        self.told.show_text("")
        self._show_items()
        self._show_hops(None)
        self._desk.session.ask("event.hops", AskEvent(event=event.number), self._on_hops, slot="events.review_hops")
        self.set_title(self._desk.say("events.review.title", event=event.code, title=event.title))
        self.open_over(area)
        self.findings.setFocus()

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
        """Hand the review on, or say what is missing."""
        event, findings = self._event, self.findings.toPlainText().strip()
        if event is None or not findings:
            self.told.show_text(self._desk.say("events.review.no_findings"))
            return
        now_ns = self._desk.now_ns()
        items = tuple(one for item in self.items if (one := item.made(now_ns)) is not None)
        self.close_over()
        made = ReviewEvent(event=event.number, version=event.version, findings=findings, improvements=items)
        self.was_written.emit(made, self._desk.say("events.review.deed", event=event.code))

    def sent(self, event: int) -> None:
        """Forget the draft: the centre has the review."""
        self._desk.drafts.drop(f"review.{event}")

    def _show_items(self) -> None:
        """Show the lines that are begun and one more: empty ones look like something left out."""
        is_shown = True
        for item in self.items:
            item.stand(is_shown=is_shown)
            is_shown = is_shown and item.is_begun

    def _on_hops(self, told: object) -> None:
        if isinstance(told, Hops) and self.isVisible():
            self._show_hops(told)

    def _show_hops(self, hops: Hops | None) -> None:
        """Show where the time went, and in one line where it went over what was allowed (W2)."""
        say, event = self._desk.say, self._event
        records = hop_records(self._desk, Case(event=event, hops=hops)) if event is not None else ()
        self.fall.show_records(records, say("events.tab.hops.none"))
        late = [
            say("events.review.late", hop=say(f"event.hop.{row.hop.value}"),
                time=self._desk.figures.short_duration(row.late_s))
            for row in (hops.rows if hops is not None else ()) if row.late_s > 0
        ]  # fmt: skip
        told = say("console.names_between").join(late) if late else say("events.review.in_time") if hops else ""
        self.late.show_text(told)
        self.late.set_colour(Colour.RED_TEXT if late else Colour.TEXT_SECOND)

    def _keep(self) -> None:
        if self._event is not None:
            items = {f"item.{at}": item.texts() for at, item in enumerate(self.items)}
            self._desk.drafts.write(self._draft_name(), {"findings": self.findings.toPlainText(), **items})

    def _posts(self) -> list[tuple[str, str]]:
        names, own = self._desk.names, self._desk.session.own_centre
        posts = names.view.catalogue.posts if names else ()
        return [(post.name, post.code) for post in posts if post.code.split(".")[0] == own]

    def _draft_name(self) -> str:
        return f"review.{self._event.number}" if self._event is not None else "review"

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        middle, left, right = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        middle.setSpacing(SPACE_PX * 4)
        for part in (left, right):
            part.setSpacing(SPACE_PX * 2)
        self.findings.setTabChangesFocus(True)
        self.findings.setAccessibleName(self._desk.say("events.fact.findings"))
        self.findings.setPlaceholderText(self._desk.say("events.review.findings"))
        self.told.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        left.addWidget(self.findings, 1)
        left.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=self._desk.say("events.review.items")))
        for item in self.items:
            left.addWidget(item)
        right.addWidget(Lettered(self._desk.theme, TypeSize.BODY, Colour.TEXT, bold=True,
                                 text=self._desk.say("events.tab.hops")))  # fmt: skip
        self.late.setWordWrap(True)
        self.fall.setAccessibleName(self._desk.say("events.tab.hops"))
        right.addWidget(self.late)
        right.addWidget(self.fall, 1)
        middle.addLayout(left, 56)
        middle.addLayout(right, 44)
        column.addLayout(middle, 1)
        column.addWidget(self.told)
        column.addWidget(self.confirm)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
