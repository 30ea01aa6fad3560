"""Rows of orders, receipts and roll calls, every cell: who sends, who signs for his own unit only, who approves."""

import itertools

import pytest

from chengyun_core.model.chain_permissions import ORDER_PERMISSIONS
from chengyun_core.model.holding import MACHINES, Holding, PostKind, Subject
from chengyun_core.model.permission import may
from chengyun_core.model.scales import Level, Mode
from chengyun_core.wire.order_asks import ORDER_ASKS

COMMANDERS = {"duty_officer", "watch_chief"}
PEOPLE = {kind.value for kind in PostKind if kind not in MACHINES}
SIGNERS = PEOPLE - {"audit_admin"}
"""Who audits signs for nobody: he changes nothing (G3)."""
OWN = {
    "receipt.arrive", "receipt.deliver", "receipt.feed_back", "receipt.handle", "receipt.read", "receipt.request",
    "receipt.sign", "receipt.withdraw", "roll_call.answer",
}  # fmt: skip
"""What only the post that signs for the recipient does, whatever kind of post that is."""
CHIEFS = {"order.void", "receipt.decide"}
CITY, DISTRICT = "500000", "500103"
PLACES = {"own": (DISTRICT, CITY), "below": ("500103012", DISTRICT, CITY), "beside": ("500106", CITY), "above": (CITY,)}


def _expected(action: str, kind: PostKind, place: str, *, owner: bool) -> bool:
    if place not in ("own", "below"):
        return False
    if action in OWN:
        return kind.value in SIGNERS and owner
    return kind.value in ({"watch_chief"} if action in CHIEFS else COMMANDERS)


@pytest.mark.parametrize("action", sorted(set(ORDER_PERMISSIONS) - set(ORDER_ASKS)))
def test_that_every_cell_is_as_the_duties_say(action: str) -> None:
    wrong = []
    for kind, level, place, owner, mode in itertools.product(PostKind, Level, PLACES, (True, False), Mode):
        owners = frozenset({"the.post"}) if owner else frozenset()
        holding = Holding(post="the.post", kind=kind, level=level, area=DISTRICT)
        reason = may(action, [holding], Subject(name="x", path=PLACES[place], owners=owners), mode)
        if (reason is None) != _expected(action, kind, place, owner=owner):
            wrong.append((kind.value, level, place, owner, mode.value))
    assert wrong == []


@pytest.mark.parametrize("ask", sorted(ORDER_ASKS))
def test_that_people_read_and_an_idle_screen_does_not(ask: str) -> None:
    def allowed(kind: PostKind) -> bool:
        return may(ask, [Holding(post="p", kind=kind, level=Level.TOWN)], Subject(), Mode.EMERGENCY) is None

    assert {kind.value for kind in PostKind if allowed(kind)} == PEOPLE | {"local_admin"}
