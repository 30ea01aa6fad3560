"""Watches a request of one's own that waits for a second person, and asks for him at this very seat."""

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.sender import Sender
from chengyun_console.second_person import SecondPerson
from chengyun_core.model.approval import Approval
from chengyun_core.model.command import GiveApproval
from chengyun_core.wire.envelope import Done


class RequestWatch(QObject):
    """`expect` after the centre said that a deed waits; `refresh` on frames. `second` is laid out by its owner."""

    def __init__(self, desk: Desk, action: str, sending: Sender, lead: str) -> None:
        """`action`: kind of the command that waits. `lead`: what is asked of the second person, in words."""
        super().__init__(sending)
        self._desk, self._action, self._sending, self._lead = desk, action, sending, lead
        self._is_expected = False
        self._approval: Approval | None = None
        self.second = SecondPerson(desk)
        self.second.was_given.connect(self._on_given)

    def expect(self) -> None:
        """The request is known here in a moment."""
        self._is_expected = True

    def refresh(self) -> None:
        """Ask as soon as the request is known; go when it was decided at another seat."""
        found = self._own()
        if found is None:
            if self._approval is not None:
                self._approval = None
                self.second.done()
            return
        self._approval = found
        if self._is_expected:
            self._is_expected = False
            self.second.ask(self._lead, other_than=found.asked_by)

    def _own(self) -> Approval | None:
        signed_on, waiting = self._desk.session.signed_on, self._desk.session.facts.approvals.values()
        account = signed_on.account if signed_on is not None else ""
        own = [one for one in waiting if one.action == self._action and one.asked_by == account]
        return max(own, key=lambda one: one.number, default=None)

    def _on_given(self, account: str, secret: str) -> None:
        found = self._approval
        if found is None:
            self.second.done()
            return
        made = GiveApproval(
            approval=found.number, version=found.version, account=account, secret=secret, code=self.second.typed_code()
        )  # fmt: skip
        self._sending.send(made, self._lead, self._on_done, self.second.show_refusal)

    def _on_done(self, _done: Done) -> None:
        self._approval = None
        self.second.done()
