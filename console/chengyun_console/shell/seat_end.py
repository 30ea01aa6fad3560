"""How one's session at a seat ended, read from the journal's changes: to whom the seat went, or what ended it."""

from chengyun_console.desk import Desk
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import Change, SessionRecord
from chengyun_core.model.duty import Handover, HandoverState
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SignedOn

HANDED_OVER = "handed_over"


class SeatEnd:
    """Fed with every change; a signed sheet lives in no mirror any more, so it is kept from the change itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sat: SignedOn | None = desk.session.signed_on
        self._reason = ""
        self._sheet: Handover | None = None

    @property
    def is_handed_over(self) -> bool:
        """Return whether he gave the seat away by signatures."""
        return self._reason == HANDED_OVER

    def remember(self, signed_on: SignedOn) -> None:
        """Begin anew: who sits here from now on."""
        self._sat, self._reason, self._sheet = signed_on, "", None

    def take(self, news: FactNews) -> None:
        """Look for the end of his session, and for the sheet by which he gave the seat away."""
        for change in news.changes if self._sat is not None else ():
            if change.kind == "session" and "reason" in change.params:
                self._take_end(change)
            elif change.kind == "handover":
                self._take_sheet(codec.unpack(change.record, Handover))

    def told(self) -> str:
        """Return the sentence; empty while the journal has told of no end."""
        say, sat, sheet = self._desk.say, self._sat, self._sheet
        if sat is None or not self._reason:
            return ""
        if self.is_handed_over and sheet is not None:
            return say("console.sign_on.handed_over", seat=sat.seat, name=sheet.signatures[-1].name, sheet=sheet.code)
        return say("console.sign_on.ended", seat=sat.seat, reason=say(f"word.session_end.{self._reason}"))

    def _take_end(self, change: Change) -> None:
        left = codec.unpack(change.record, SessionRecord)
        if left.signed_off and self._is_his(left.seat, left.account):
            self._reason = change.params["reason"]

    def _take_sheet(self, sheet: Handover) -> None:
        if sheet.state is HandoverState.SIGNED and sheet.signatures and self._is_his(sheet.seat, sheet.giver):
            self._sheet = sheet

    def _is_his(self, seat: str, account: str) -> bool:
        return self._sat is not None and (seat, account) == (self._sat.seat, self._sat.account)
