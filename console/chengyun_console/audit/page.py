"""审计: rows of the journal found by time, account, action, kind, key and seat; one row before and after; the proof."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.audit.rows import AuditWords
from chengyun_console.audit.verifying import Verifying
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.rights_asks import (
    AskAudit,
    AskAuditHead,
    AskAuditRow,
    AuditHeadTold,
    AuditPage,
    AuditRow,
    AuditRowTold,
)
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

DEEDS = ("audit.verify", "audit.stop", "audit.head")
_FIELDS = ("account", "action", "kind", "key", "seat", "from", "to")
_MORE = "more"
_PAGE = 100
_LONGEST = 120
_TIME = "%Y-%m-%d %H:%M"


class AuditPageView(Page):
    """Nothing is changed here: asking leaves its own row in the journal, where the centre says so."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: tuple[AuditRow, ...] = ()
        self._through, self._tail = 1, 0
        self._is_stale, self._number = True, 0
        self.fields = {name: QLineEdit() for name in _FIELDS}
        self.list, self.sheet = FactList(desk.theme), FactSheet(desk.theme)
        self.found = Panel(desk.theme, desk.say("auditing.title"), desk.say("auditing.hint"))
        self.opened = Panel(desk.theme, desk.say("auditing.section.change"))
        self.told = Lettered(desk.theme, TypeSize.BODY, text=desk.say("auditing.idle"))
        self.verifying = Verifying(desk, self)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in DEEDS})
        self._lay_out()
        self._connect()
        desk.label_watch.did_change.connect(self._forget)

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._is_stale and self._desk.session.signed_on is not None:
            self.ask()

    @override
    def take_preferences(self) -> None:
        self._is_stale = True

    @override
    def subject(self) -> Where:
        return Where.AUDIT

    @override
    def focus_front(self) -> None:
        self.list.setFocus()

    @override
    def doers(self) -> dict[str, Callable[[], object]]:
        return {"audit.verify": self.verify, "audit.stop": self.stop, "audit.head": self.tell_head}

    def _forget(self) -> None:
        """A label changed: rows and the one that is opened are asked for anew."""
        self._rows, self._number, self._is_stale = (), 0, True
        self.list.set_rows([])
        self.sheet.show_sections(())

    def ask(self, before: int = 0) -> None:
        """Ask for the rows that fit; a time that is none is said and nothing is asked."""
        self._is_stale = False
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        times = [self._moment(texts[name]) for name in ("from", "to")]
        if any(moment is None for moment in times):
            self._tell(self._desk.say("auditing.time_wrong"), Colour.ORANGE_TEXT)
            return
        body = AskAudit(
            before=before, limit=_PAGE, account=texts["account"], action=texts["action"], kind=texts["kind"],
            key=texts["key"], seat=texts["seat"], from_ns=times[0] or 0, to_ns=times[1] or 0,
        )  # fmt: skip
        if not self._rows:
            self.list.show_notice(Presence.EMPTY, self._desk.say("auditing.asking"))
        self._desk.session.ask("audit.page", body, partial(self._take, before=before), slot="audit.page")

    def verify(self) -> None:
        """V: verify the whole journal, from its first row to the newest known."""
        self.verifying.begin(max(self._tail, self._desk.session.facts.tail))
        self._show_deeds()

    def stop(self) -> None:
        """Leave the verifying where it is."""
        if self.verifying.is_going:
            self.verifying.stop()
            done = self._desk.figures.count(self.verifying.done)
            self._tell(self._desk.say("auditing.stopped", done=done), Colour.TEXT_SECOND)
            self._show_deeds()

    def tell_head(self) -> None:
        """K: the end of the chain, to be written down outside the machine."""
        self._desk.session.ask("audit.head", AskAuditHead(), self._on_head, slot="audit.head")

    def _take(self, told: object, before: int) -> None:
        if isinstance(told, Reason):
            self.list.set_rows([])
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, AuditPage):
            self._rows = (*(self._rows if before else ()), *told.rows)
            self._through, self._tail = told.through, max(told.tail, self._tail)
            self._show()

    def _show(self) -> None:
        words = AuditWords(self._desk)
        rows = [words.row(row) for row in self._rows]
        if self._through > 1:
            more = self._desk.say("auditing.more", number=self._desk.figures.count(self._through))
            rows.append(FactRow(key=_MORE, severity=Severity.NONE, title=more))
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("auditing.none"))
        if self._rows and not self.list.current_key():
            self.list.select(rows[0].key)

    def _on_current(self, key: str) -> None:
        if key.isdigit() and int(key) != self._number:
            self._number = int(key)
            ask = AskAuditRow(number=self._number)
            self._desk.session.ask("audit.row", ask, self._on_row, slot="audit.row")

    def _on_opened(self, key: str) -> None:
        if key == _MORE:
            self.ask(self._through)
        else:
            self.sheet.setFocus()

    def _on_row(self, told: object) -> None:
        if isinstance(told, Reason):
            self.opened.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, AuditRowTold) and told.row.number == self._number:
            words = AuditWords(self._desk)
            number = self._desk.figures.count(told.row.number)
            action = words.action(told.row.action)
            self.opened.set_title(self._desk.say("auditing.row_of", number=number, action=action))
            self.sheet.show_sections(words.sections(told))
            self.opened.show_notice(Presence.FRESH, "")

    def _on_head(self, told: object) -> None:
        if isinstance(told, Reason):
            self._tell(self._desk.refusal(told), Colour.RED_TEXT)
        elif isinstance(told, AuditHeadTold):
            time = self._desk.figures.stamp(told.at_ns) if told.at_ns else ""
            known = self._desk.say("auditing.head", head=told.head, time=time)
            self._tell(known if told.head else self._desk.say("auditing.head.none"), Colour.TEXT)

    def _on_advance(self, done: int, whole: int) -> None:
        figures = self._desk.figures
        told = self._desk.say(
            "auditing.going", done=figures.count(done), all=figures.count(whole), percent=figures.percent(done / whole)
        )  # fmt: skip
        self._tell(told, Colour.TEXT_SECOND)

    def _on_end(self, number: int, fault: str) -> None:
        say, figures = self._desk.say, self._desk.figures
        if fault:
            self._tell(say("auditing.bad", number=figures.count(number), fault=say(fault)), Colour.RED_TEXT)
        else:
            self._tell(say("auditing.good", all=figures.count(self.verifying.all)), Colour.DONE)
        self._show_deeds()

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._tell(self._desk.refusal(reason), Colour.RED_TEXT)
        self._show_deeds()

    def _moment(self, text: str) -> int | None:
        """Return a time in profile ns, 0 for none given, None for what is no time."""
        if not text:
            return 0
        try:
            read = datetime.strptime(text, _TIME).replace(tzinfo=self._desk.figures.zone)
        except ValueError:
            return None
        return round(read.timestamp()) * NS_PER_S

    def _tell(self, text: str, colour: Colour) -> None:
        self.told.show_text(text)
        self.told.set_colour(colour)

    def _show_deeds(self) -> None:
        self.deeds.show_only(("audit.stop" if self.verifying.is_going else "audit.verify", "audit.head"))

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _connect(self) -> None:
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self._on_opened)
        for field in self.fields.values():
            field.returnPressed.connect(self.ask)
        self.verifying.did_advance.connect(self._on_advance)
        self.verifying.did_end.connect(self._on_end)
        self.verifying.did_fail.connect(self._on_failed)

    def _lay_out(self) -> None:
        say, grid = self._desk.say, QGridLayout()
        grid.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX)
        grid.setSpacing(SPACE_PX * 2)
        for at, (name, field) in enumerate(self.fields.items()):
            field.setPlaceholderText(say(f"auditing.find.{name}"))
            field.setAccessibleName(say(f"auditing.find.{name}"))
            field.setMinimumHeight(TARGET_PX)
            field.setMaxLength(_LONGEST)
            grid.addWidget(field, at // 5, at % 5 * 2 if at < 5 else (at - 5) * 5, 1, 2 if at < 5 else 5)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(grid)
        column.addWidget(self.list, 1)
        self.list.setAccessibleName(say("auditing.title"))
        self.sheet.setAccessibleName(say("auditing.section.change"))
        self.told.setWordWrap(True)
        self.found.set_body(body)
        self.found.show_notice(Presence.FRESH, "")
        self.opened.set_body(self.sheet)
        self.opened.show_notice(Presence.EMPTY, say("auditing.row.none"))
        panes = SplitPanes(self._desk, "audit.whole", Qt.Orientation.Horizontal, (50, 50))
        panes.addWidget(self.found)
        panes.addWidget(self.opened)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX)
        page.setSpacing(SPACE_PX)
        for widget, share in ((panes, 1), (self.told, 0), (self.deeds, 0)):
            page.addWidget(widget, share)
        self._show_deeds()
