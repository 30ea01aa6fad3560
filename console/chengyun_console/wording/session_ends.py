"""Why one sits at a seat no longer, in words: to whom it went, or what ended the log-in."""

from chengyun_console.desk import Desk
from chengyun_core.model.duty import Handover, HandoverState
from chengyun_core.wire.envelope import SignedOn

HANDED_OVER = "handed_over"


def told(desk: Desk, sat: SignedOn, ended: str) -> str:
    """Return the sentence for who sat there; `ended`: the reason the journal gives for `session.end`."""
    sheet = _handed(desk, sat) if ended == HANDED_OVER else None
    if sheet is not None:
        return desk.say(
            "console.sign_on.handed_over", seat=sat.seat, name=sheet.signatures[-1].name, sheet=sheet.code
        )  # fmt: skip
    return desk.say("console.sign_on.ended", seat=sat.seat, reason=desk.say(f"word.session_end.{ended}"))


def _handed(desk: Desk, sat: SignedOn) -> Handover | None:
    """Return the newest signed sheet by which he gave this seat away."""
    own = (
        sheet for sheet in desk.session.facts.duty.handovers.values()
        if sheet.state is HandoverState.SIGNED and sheet.signatures
        and (sheet.seat, sheet.giver) == (sat.seat, sat.account)
    )  # fmt: skip
    return max(own, key=lambda sheet: sheet.number, default=None)
