"""破窗记录: who broke the glass and what was done in it, reviewed within a day; and the sealed envelopes."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.audit.rows import AuditWords
from chengyun_console.desk import Desk
from chengyun_console.glass.wording import CODE_KEY, GlassWords
from chengyun_console.lettered import Lettered
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links
from chengyun_core.model.failure import Reason
from chengyun_core.model.glass_codes import CodeState
from chengyun_core.model.rights import BreakGlass
from chengyun_core.model.rights_commands import EndGlass, LoseGlassCode, ReviewGlass
from chengyun_core.wire.rights_asks import (
    AskGlass,
    AskGlassCodes,
    AskGlassDeeds,
    AuditPage,
    CodeRow,
    GlassCodes,
    GlassPage,
)
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

DEEDS = ("glass.review", "glass.stop", "glass.lose")
_LONGEST = 500
_AGAIN_S = 30.0
"""How often the list is asked for while the page is in front: another console may break the glass meanwhile."""


class GlassPageView(Page):
    """Administrators read and review; an auditor reads; anybody else is refused by the centre, in words."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._glasses: dict[str, BreakGlass] = {}
        self._codes: dict[str, CodeRow] = {}
        self._asked_at: float | None = None
        self._key = ""
        self.list, self.sheet, self.deeds_list = FactList(desk.theme), FactSheet(desk.theme), FactList(desk.theme)
        self.found = Panel(desk.theme, desk.say("glass.page.title"), desk.say("glass.page.hint"))
        self.opened = Panel(desk.theme, desk.say("glass.page.section"))
        self.done = Panel(desk.theme, desk.say("glass.page.done"))
        self.field, self.label = QLineEdit(), Lettered(desk.theme, TypeSize.BODY)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.buttons = KeyedButtons(desk, {action: self._asker(action) for action in DEEDS})
        self._lay_out()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        is_due = self._asked_at is None or now_s - self._asked_at >= _AGAIN_S
        if is_due and self._desk.session.signed_on is not None:
            self._asked_at = now_s
            self.ask()

    @override
    def take_preferences(self) -> None:
        self._asked_at = None

    @override
    def subject(self) -> Where:
        return Where.GLASS

    @override
    def focus_front(self) -> None:
        self.list.setFocus()

    @override
    def doers(self) -> dict[str, Callable[[], object]]:
        return {"glass.review": self.review, "glass.stop": self.stop, "glass.lose": self.lose}

    def ask(self) -> None:
        """Ask for what the list shows."""
        session = self._desk.session
        session.ask("glass.page", AskGlass(), self._on_glasses, slot="glass.page")
        session.ask("glass.codes", AskGlassCodes(), self._on_codes, slot="glass.codes")

    def review(self) -> None:
        """R: say what was found; without words the field is where they are wanted."""
        glass, finding = self._glasses.get(self._key), self._words()
        if glass is None or "glass.review" not in self._possible():
            return
        if self._expects(finding, "glass.page.no_finding"):
            made = ReviewGlass(glass=glass.number, version=glass.version, finding=finding)
            self._send(made, self._desk.say("glass.page.review_of", glass=glass.number))

    def stop(self) -> None:
        """Q: end it now, whatever the two are about."""
        glass = self._glasses.get(self._key)
        if glass is not None and glass.ended_at is None:
            self._send(
                EndGlass(glass=glass.number, reason=self._words()),
                self._desk.say("glass.page.stop_of", glass=glass.number),
            )

    def lose(self) -> None:
        """L: an envelope is lost or was found open."""
        code, reason = self._codes.get(self._key), self._words()
        if code is None or code.state is not CodeState.SEALED:
            return
        if self._expects(reason, "glass.page.no_loss_reason"):
            made = LoseGlassCode(code=code.number, reason=reason)
            self._send(made, self._desk.say("glass.page.loss_of", number=code.number))

    def _words(self) -> str:
        return " ".join(self.field.text().split())

    def _expects(self, words: str, code: str) -> bool:
        if not words:
            self.sending.tell(self._desk.say(code), is_trouble=True)
            self.field.setFocus()
        return bool(words)

    def _send(self, command: object, told: str) -> None:
        if not self.sending.is_busy:
            self.sending.send(command, told, lambda _done: self._on_done())

    def _on_done(self) -> None:
        self.field.clear()
        self.ask()

    def _on_glasses(self, told: object) -> None:
        if isinstance(told, Reason):
            self.list.set_rows([])
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, GlassPage):
            self._glasses = {str(glass.number): glass for glass in told.rows}
            self._show()

    def _on_codes(self, told: object) -> None:
        if isinstance(told, GlassCodes):
            self._codes = {f"{CODE_KEY}{code.number}": code for code in told.rows}
            self._show()

    def _show(self) -> None:
        words = GlassWords(self._desk)
        order = sorted(self._glasses.values(), key=lambda one: (one.reviewed_at is not None, -one.number))
        rows = [*(words.row(one) for one in order), *(words.code_row(code) for code in self._codes.values())]
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("glass.page.none"))
        if rows and self.list.current_key() not in {row.key for row in rows}:
            self.list.select(rows[0].key)
        self._show_chosen()

    def _on_current(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.field.clear()
            self.sending.tell("")
            self.deeds_list.set_rows([])
            self._ask_deeds()
        self._show_chosen()

    def _ask_deeds(self) -> None:
        glass = self._glasses.get(self._key)
        if glass is None:
            self.done.show_notice(Presence.EMPTY, self._desk.say("glass.page.no_deeds"))
            return
        ask = AskGlassDeeds(glass=glass.number)
        self._desk.session.ask("glass.deeds", ask, partial(self._on_deeds, glass.number), slot="glass.deeds")

    def _on_deeds(self, number: int, told: object) -> None:
        if str(number) != self._key:
            return
        if isinstance(told, Reason):
            self.done.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, AuditPage):
            words = AuditWords(self._desk)
            self.deeds_list.set_rows([words.row(row) for row in told.rows])
            presence = Presence.FRESH if told.rows else Presence.EMPTY
            self.done.show_notice(presence, self._desk.say("glass.page.no_deeds"))
            count = self._desk.figures.count(len(told.rows))
            self.done.set_note(self._desk.say("glass.page.count", count=count) if told.rows else "")

    def _show_chosen(self) -> None:
        say, words = self._desk.say, GlassWords(self._desk)
        glass, code = self._glasses.get(self._key), self._codes.get(self._key)
        self.buttons.show_only(self._possible())
        self.field.setEnabled(bool(self._possible()))
        named = say("glass.page.loss_field" if code is not None else "glass.page.finding_field")
        self.label.show_text(named)
        self.field.setAccessibleName(named)
        if glass is None and code is None:
            self.opened.show_notice(Presence.EMPTY, say("glass.page.choose"))
            return
        self.sheet.show_sections(
            words.sections(glass) if glass is not None else words.code_sections(code) if code else ()
        )
        number = glass.number if glass is not None else code.number if code is not None else 0
        self.opened.set_title(say("glass.page.of_glass" if glass is not None else "glass.page.of_code", number=number))
        self.opened.show_notice(Presence.FRESH, "")

    def _possible(self) -> tuple[str, ...]:
        glass, code = self._glasses.get(self._key), self._codes.get(self._key)
        if code is not None:
            return ("glass.lose",) if code.state is CodeState.SEALED else ()
        if glass is None:
            return ()
        return ("glass.stop",) if glass.ended_at is None else () if glass.reviewed_at is not None else ("glass.review",)

    def _submit(self) -> None:
        """Ctrl+Enter, and Enter in the field: the one thing that is possible."""
        possible = self._possible()
        if possible:
            self.doers()[possible[0]]()

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _connect(self) -> None:
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda _key: self.field.setFocus())
        self.field.returnPressed.connect(self._submit)
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._submit)

    def _lay_out(self) -> None:
        say = self._desk.say
        for panel, body, name in (
            (self.found, self.list, "glass.page.title"), (self.opened, self.sheet, "glass.page.section"),
            (self.done, self.deeds_list, "glass.page.done"),
        ):  # fmt: skip
            body.setAccessibleName(say(name))
            panel.set_body(body)
        self.found.show_notice(Presence.FRESH, "")
        self.opened.show_notice(Presence.EMPTY, say("glass.page.choose"))
        self.done.show_notice(Presence.EMPTY, say("glass.page.no_deeds"))
        right = SplitPanes(self._desk, "glass.right", Qt.Orientation.Vertical, (50, 50))
        right.addWidget(self.opened)
        right.addWidget(self.done)
        panes = SplitPanes(self._desk, "glass.whole", Qt.Orientation.Horizontal, (50, 50))
        panes.addWidget(self.found)
        panes.addWidget(right)
        self.field.setMinimumHeight(TARGET_PX)
        self.field.setMaxLength(_LONGEST)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX)
        page.setSpacing(SPACE_PX)
        widgets: tuple[tuple[QWidget, int], ...] = (
            (panes, 1), (self.label, 0), (self.field, 0), (self.status, 0), (self.buttons, 0),
        )  # fmt: skip
        for widget, share in widgets:
            page.addWidget(widget, share)
        self.label.set_colour(Colour.TEXT_SECOND)
        self._show_chosen()
