"""Who gets an order: dispatch's proposal with its reasons, changed by the officer's hand; exactly one leads."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.wording import candidates
from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.dispatch import Unit
from chengyun_core.model.dispatch_call import Need, Proposal
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import Recipient
from chengyun_core.model.places import Post
from chengyun_core.wire.dispatch_asks import AskProposal, Proposed
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

MOST_FOUND = 12


class OrderRecipients(QWidget):
    """Enter on a row: not called → assists → leads → not called. A name typed above finds any unit of the city."""

    did_change = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.chosen: dict[str, Role] = {}
        self.proposal = Proposal()
        self.failed: Reason | None = None
        self._is_waiting = False
        self._touched = False
        self.finding = QLineEdit()
        self.list = FactList(desk.theme)
        self.doubts = Lettered(desk.theme, TypeSize.SMALL)
        self.over_capacity = QLineEdit()
        self._lay_out()
        self.list.row_was_opened.connect(self._turn)
        self.finding.textChanged.connect(lambda _text: self.show_rows())
        self.over_capacity.textEdited.connect(lambda _text: self.did_change.emit())

    def begin(self, event: int | None, needs: tuple[Need, ...], chosen: dict[str, Role]) -> None:
        """Ask dispatch; `chosen` is what a draft had."""
        self.chosen, self._touched = dict(chosen), bool(chosen)
        self.proposal, self.failed, self._is_waiting = Proposal(), None, True
        self.finding.clear()
        self.over_capacity.clear()
        centre = "" if event is not None else self._desk.session.own_centre
        ask = AskProposal(event=event, needs=needs, centre=centre)
        self._desk.session.ask("dispatch.propose", ask, self._take, slot="tasks propose")
        self.show_rows()

    def recipients(self) -> tuple[Recipient, ...]:
        """Return who is chosen, the lead first."""
        full, reason = self.full(), self.over_capacity.text().strip()
        ordered = sorted(self.chosen.items(), key=lambda each: (each[1] is not Role.LEAD, each[0]))
        return tuple(
            Recipient(code=code, role=role, over_capacity_reason=reason if code in full else "")
            for code, role in ordered
        )  # fmt: skip

    def full(self) -> frozenset[str]:
        """Return the chosen units that carry as much as they can already (D4)."""
        judged = (*self.proposal.picks, *self.proposal.rejections)
        return frozenset(each.unit for each in judged if each.unit in self.chosen and each.load >= each.capacity)

    def show_rows(self) -> None:
        """Show everybody as they stand."""
        words = OrderWords(self._desk.figures, self._desk.names)
        rows = candidates.rows(words, self.proposal, self.chosen, self._found())
        self.list.set_rows(rows)
        code = "tasks.compose.waiting" if self._is_waiting else "tasks.compose.none"
        told = self._desk.refusal(self.failed) if self.failed is not None else self._desk.say(code)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, told)
        doubts = [candidates.said(words, doubt) for doubt in self.proposal.doubts]
        self.doubts.setVisible(bool(doubts))
        self.doubts.show_text(self._desk.say("tasks.compose.doubts", doubts=" · ".join(doubts)))
        self._over_row.setVisible(bool(self.full()))

    def _take(self, answer: object) -> None:
        self._is_waiting = False
        if isinstance(answer, Proposed):
            self.proposal = answer.proposal
            if not self._touched:
                self.chosen = {pick.unit: pick.need.role for pick in answer.proposal.picks}
        elif isinstance(answer, Reason):
            self.failed = answer
        self.show_rows()
        self.did_change.emit()

    def _turn(self, key: str) -> None:
        names = self._desk.names
        if names is None or (names.unit(key) is None and names.post(key) is None):
            return
        self._touched = True
        role = self.chosen.get(key)
        if role is None:
            self.chosen[key] = Role.ASSIST if Role.LEAD in self.chosen.values() else Role.LEAD
        elif role is Role.ASSIST:
            self.chosen = dict.fromkeys(self.chosen, Role.ASSIST) | {key: Role.LEAD}
        else:
            del self.chosen[key]
        self.show_rows()
        self.list.select(key)
        self.did_change.emit()

    def _found(self) -> list[Unit | Post]:
        """Return units and posts whose name or code holds what was typed, and the chosen ones nobody weighed."""
        names, text = self._desk.names, self.finding.text().strip()
        if names is None:
            return []
        chosen = [one for code in self.chosen if (one := names.unit(code) or names.post(code)) is not None]
        if not text:
            return chosen
        everybody: list[Unit | Post] = [*names.view.catalogue.units, *names.view.catalogue.posts]
        found = [one for one in everybody if one not in chosen and (text in one.name or text in one.code)]
        return [*chosen, *found[:MOST_FOUND]]

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        self.finding.setPlaceholderText(say("tasks.compose.find"))
        self.finding.setAccessibleName(say("tasks.compose.find"))
        self.finding.setMinimumHeight(TARGET_PX)
        self.list.setAccessibleName(say("tasks.compose.recipients"))
        self.doubts.setWordWrap(True)
        self._over_row = QWidget()
        row = QHBoxLayout(self._over_row)
        row.setContentsMargins(0, 0, 0, 0)
        warned = Lettered(theme, TypeSize.BODY, Colour.TEXT, bold=True, text=say("tasks.compose.over_capacity"))
        self.over_capacity.setAccessibleName(warned.text())
        self.over_capacity.setMinimumHeight(TARGET_PX)
        row.addWidget(warned)
        row.addWidget(self.over_capacity, 1)
        for widget in (self.finding, self.list, self.doubts, self._over_row):
            column.addWidget(widget, 1 if widget is self.list else 0)
