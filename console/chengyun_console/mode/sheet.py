"""平急转换 (H1, H2): choose, see all that would change, say why, have a second person agree, watch it take effect."""

from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode import acts
from chengyun_console.mode.acts import Act, Chosen
from chengyun_console.mode.fields import ModeFields
from chengyun_console.mode.preview import PreviewPane
from chengyun_console.mode.standing import mode_here, seat_place
from chengyun_console.mode.wording import ModeWords
from chengyun_console.pages.plans.sender import WAITS, Sender, status_line
from chengyun_console.second_person import SecondPerson
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.mirror.links import Reach
from chengyun_core.model.approval import Approval
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Declaration, SwitchState
from chengyun_core.wire.envelope import Done
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1080, 580
_FIELDS_PX = 380
_ACTIONS = ("mode.declare", "mode.lift")
_CHANGED = "mode.preview_changed"
_TOLD_FOR_NS = 600 * NS_PER_S
"""A switch that was undone is told on the sheet so long."""


class ModeSheet(Overlay):
    """Ctrl+Enter sends; the second person's account and password are asked for at the foot, at this very seat."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("mode.sheet.title"), desk.say("mode.sheet.hint"), parent)
        self._desk = desk
        self._state: tuple[object, ...] = ()
        self._waits_for_second = False
        self._approval: Approval | None = None
        self.fields = ModeFields(desk)
        self.preview = PreviewPane(desk)
        self.standing = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.second = SecondPerson(desk)
        self.confirm = QPushButton(desk.say("mode.sheet.send"))
        self._lay_out()
        self._connect()

    @override
    def open_over(self, area: QRect) -> None:
        is_new = self.isHidden()
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if is_new:
            self._state = ()
            self.refresh()
            self.fields.choose_usual()
            self._look()
            self.fields.act.setFocus()

    def suggest(self, *, scope: str = "", preset: str = "", evidence: str = "", reason: str = "") -> None:
        """Choose beforehand what a warning or event suggests; the officer looks, and sends."""
        self.fields.put(act="declare.", scope=scope, preset=preset, evidence=evidence, reason=reason)
        self.fields.reason.setFocus()

    def choose_lift(self) -> None:
        """Choose the newest declaration that this seat may lift; nothing happens where there is none."""
        self.fields.choose_kind(acts.ActKind.LIFT)
        self.fields.reason.setFocus()

    def refresh(self) -> None:
        """Follow the facts while it is open."""
        if self.isHidden():
            return
        desk = self._desk
        now_ns, switching = desk.now_ns(), bool(mode_here(desk).switching)
        # While a switch is being applied its tenths of a second run; otherwise the sheet follows facts and seconds.
        tick = now_ns // (NS_PER_S // 10) if switching else now_ns // NS_PER_S
        state = (desk.session.facts.through, tick, desk.names, desk.session.links().centre.reach)
        if state == self._state:
            return
        self._state = state
        self.fields.refill()
        self._show_standing(now_ns)
        self._show_possible()
        self._look_for_approval(now_ns)

    def send(self) -> None:
        """Send what was chosen, or say in place what is missing."""
        act = self.fields.chosen_act()
        if act is None or self.sending.is_busy or self.second.isVisible():
            return
        chosen = self.fields.chosen(self.preview.digest, self.preview.alarms)
        missing = self._missing(act, chosen)
        if missing:
            self.sending.tell(self._desk.say(missing, count=self.preview.faults), is_trouble=True)
            (self.fields.reason if missing == "mode.sheet.needs_reason" else self.preview.list).setFocus()
            return
        made, told = acts.command_of(act, chosen), acts.deed(self._desk, act, chosen)
        self.sending.send(made, told, self._on_sent, self._on_failed)

    @override
    def close_over(self) -> bool:
        """Leave the second person's fields first; what was chosen stays for the next time."""
        return self.second.close_over() or super().close_over()

    def _missing(self, act: Act, chosen: Chosen) -> str:
        if not chosen.reason:
            return "mode.sheet.needs_reason"
        if act.chooses_preset and not chosen.preset:
            return "mode.sheet.no_preset"
        if not act.is_previewed:
            return ""
        if not self.preview.digest:
            return "mode.sheet.previewing"
        return "mode.sheet.faulty" if self.preview.faults else ""

    def _look(self) -> None:
        """Ask what would change by what is chosen now."""
        act = self.fields.chosen_act()
        if act is None or not act.is_previewed:
            self.preview.clear(self._desk.say("mode.sheet.no_preview"))
            return
        self.preview.ask(act, self.fields.chosen(""))

    def _on_warned(self) -> None:
        """Offer whom the preview warns of; who was left out and is warned of no more is waited for again."""
        self.fields.warn_of(self.preview.warned)
        self._show_left_out()

    def _show_left_out(self) -> None:
        self.preview.show_left_out(str(self.fields.without.currentData() or ""))

    def _on_sent(self, done: Done) -> None:
        if WAITS in done.warnings:
            self._waits_for_second = True
            self._state = ()
        else:
            self.fields.reason.clear()

    def _on_failed(self, reason: Reason) -> None:
        if reason.code == _CHANGED:
            self._look()
            self.sending.tell(self._desk.say("mode.sheet.changed"), is_trouble=True)

    def _look_for_approval(self, now_ns: int) -> None:
        """Ask for the second person as soon as the request is known here; leave it when it was decided elsewhere."""
        found = self._own_request()
        if found is None:
            if self._approval is not None:
                self._approval, self._waits_for_second = None, False
                self.second.done()
                self.fields.reason.clear()
            return
        self._approval = found
        left = self._desk.figures.short_duration((found.expires_at - now_ns) / NS_PER_S)
        if self._waits_for_second:
            self._waits_for_second = False
            self.second.ask(self._desk.say("mode.sheet.second", left=left), other_than=found.asked_by)

    def _own_request(self) -> Approval | None:
        signed_on = self._desk.session.signed_on
        account = signed_on.account if signed_on is not None else ""
        waiting = self._desk.session.facts.approvals.values()
        own = [one for one in waiting if one.action in _ACTIONS and one.asked_by == account]
        return max(own, key=lambda one: one.number, default=None)

    def _on_second(self, account: str, secret: str) -> None:
        found = self._approval
        if found is None:
            self.second.done()
            return
        made = GiveApproval(
            approval=found.number, version=found.version, account=account, secret=secret, code=self.second.typed_code()
        )  # fmt: skip
        told = self._desk.say("console.approvals.sent", deed=self._desk.say("mode.sheet.title"))
        self.sending.send(made, told, self._on_given, self.second.show_refusal)

    def _on_given(self, _done: Done) -> None:
        self._approval = None
        self.second.done()
        self.fields.reason.clear()

    def _show_standing(self, now_ns: int) -> None:
        """Say what holds here, what is being switched, what was undone, and what a superior orders."""
        words, here = ModeWords(self._desk), mode_here(self._desk)
        told = [words.state(one, now_ns) for one in (*here.switching, *here.held, *here.below) if _is_told(one)]
        told += [words.state(one, now_ns) for one in self._undone(now_ns)]
        place = seat_place(self._desk)
        orders = self._desk.session.facts.mode.orders.values()
        told += [words.order(one, now_ns) for one in orders if one.centre == place]
        distinct = list(dict.fromkeys(told)) or [self._desk.say("mode.state.peacetime")]
        self.standing.show_text("\n".join(distinct))
        is_calling = bool(here.is_emergency or self._undone(now_ns))
        self.standing.set_colour(Colour.RED_TEXT if is_calling else Colour.TEXT)

    def _undone(self, now_ns: int) -> list[Declaration]:
        declarations = self._desk.session.facts.mode.declarations.values()
        return [
            one for one in declarations
            if one.state is SwitchState.UNDONE and now_ns - (one.ended_at or one.declared_at) < _TOLD_FOR_NS
        ]  # fmt: skip

    def _show_possible(self) -> None:
        """Say at once why nothing can be sent: no right, or no link."""
        is_linked = self._desk.session.links().centre.reach is Reach.LIVE
        may = self.fields.chosen_act() is not None
        self.confirm.setEnabled(is_linked and may)
        if not may or not is_linked:
            code = "mode.sheet.not_allowed" if not may else "mode.sheet.offline"
            self.sending.tell(self._desk.say(code), is_trouble=True)
        elif self.status.text() == self._desk.say("mode.sheet.offline"):
            self.sending.tell("")

    def _connect(self) -> None:
        self.fields.did_change.connect(self._look)
        self.preview.did_warn.connect(self._on_warned)
        self.preview.was_left_out.connect(self.fields.leave_out)
        self.fields.without.currentIndexChanged.connect(lambda _at: self._show_left_out())
        self.second.was_given.connect(self._on_second)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.send))

    def _lay_out(self) -> None:
        body, left = QWidget(), QWidget()
        self.standing.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        self.confirm.setDefault(True)
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(SPACE_PX * 3)
        for widget in (self.fields, self.confirm, self.standing):
            side.addWidget(widget)
        side.addStretch(1)
        left.setFixedWidth(_FIELDS_PX)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2)
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(left)
        row.addWidget(self.preview, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        column.addWidget(self.second)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _is_told(declaration: Declaration) -> bool:
    return declaration.state in (SwitchState.APPLYING, SwitchState.IN_FORCE)
