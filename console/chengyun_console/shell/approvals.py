"""待双人确认: what waits for a second person; another seat gives or refuses, the asker may take it back."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.approvals import approval_terms, approval_title
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 760, 420


class ApprovalsOverlay(Overlay):
    """Enter asks for the verdict on the row; the list follows the facts while it is open."""

    approval_was_opened = Signal(object)
    """model.approval.Approval."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.approvals.title"), desk.say("console.approvals.hint"), parent)
        self._desk = desk
        self.list = FactList(desk.theme)
        self._waiting: dict[str, Approval] = {}
        self._shown: tuple[object, ...] = ()
        self.set_body(self.list)
        self.show_notice(Presence.FRESH, "")
        self.list.row_was_opened.connect(self._on_opened)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        self._shown = ()
        self.refresh()
        self.list.setFocus()

    def refresh(self) -> None:
        """Follow the facts while it is open."""
        if self.isHidden():
            return
        desk = self._desk
        state = (desk.session.facts.through, desk.now_ns() // NS_PER_S, desk.words)
        if state == self._shown:
            return
        self._shown = state
        self._waiting = {str(row.number): row for row in waiting(desk)}
        self.list.set_rows([self._row(key, row) for key, row in self._waiting.items()])
        if self._waiting and not self.list.current_key():
            self.list.select(next(iter(self._waiting)))
        presence = Presence.FRESH if self._waiting else Presence.EMPTY
        self.list.show_notice(presence, desk.say("console.approvals.empty"))
        self.fit_height(self.list.content_px())

    def _row(self, key: str, approval: Approval) -> FactRow:
        desk = self._desk
        left = desk.figures.short_duration((approval.expires_at - desk.now_ns()) / NS_PER_S)
        own = is_own(desk, approval)
        return FactRow(
            key=key,
            severity=Severity.NONE,
            title=approval_title(desk.texts, desk.names, approval),
            detail=desk.say(
                "console.approvals.asked",
                who=approval.asked_by,
                seat=approval.asked_seat,
                time=desk.figures.clock(approval.asked_at),
                terms=approval_terms(desk.texts, approval),
            ),
            age=desk.say("console.approvals.left", left=left),
            status=desk.say("console.approvals.own" if own else "console.approvals.yours"),
        )

    def _on_opened(self, key: str) -> None:
        if key in self._waiting:
            self.approval_was_opened.emit(self._waiting[key])


def waiting(desk: Desk) -> list[Approval]:
    """Return the requests that wait, the next to expire first."""
    rows = [row for row in desk.session.facts.approvals.values() if row.state is ApprovalState.WAITING]
    return sorted(rows, key=lambda row: (row.expires_at, row.number))


def is_own(desk: Desk, approval: Approval) -> bool:
    """Return whether this session asked for it."""
    signed_on = desk.session.signed_on
    return signed_on is not None and approval.asked_by == signed_on.account
