"""A superior orders a lower centre to switch (H2): followed or refused by it, told upwards in time, never overruled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre import mode_care
from chengyun_core.model.mode import ModeOrder, ModeOrderState, Scope, SwitchState
from chengyun_core.model.mode_commands import DeclareMode, LiftMode, OrderMode, RefuseModeOrder
from chengyun_core.model.scales import Mode
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.mode_asks import AskModes, Modes
from tests.core.centre.mode_room import CITY, SHAPINGBA, WHOLE, YUZHONG, ModeRoom
from tests.core.centre.room import ADMIN_KEY

THERE = Scope(centre=YUZHONG)
ORDER = OrderMode(centre=YUZHONG, mode=Mode.EMERGENCY, scope=THERE, preset="water", reason="上游来水", minutes=5)


@pytest.fixture
def city(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[ModeRoom]:
    """Return a centre with a city's chief and a district's."""
    made = ModeRoom(tmp_path)
    yield made
    made.room.ledger.close()


def order_of(city: ModeRoom, number: int = 1) -> ModeOrder:
    """Return an order as the journal has it."""
    with city.room.ledger.reading() as connection:
        found = mode_care.ORDERS.get(connection, number)
    assert found is not None
    return found


def test_that_an_order_is_followed_by_the_lower_centres_own_switch(city: ModeRoom) -> None:
    city.room.done(ORDER, city.chief)
    held = city.declare(THERE, "water", city.of_yuzhong, order=1)
    assert (held.ordered_by, held.issuer) == (CITY, YUZHONG)
    followed = order_of(city)
    assert (followed.state, followed.declaration, followed.answered_by) == (ModeOrderState.FOLLOWED, held.number, "yz")
    city.confirm_all()
    city.pass_time(400)
    assert order_of(city).state is ModeOrderState.FOLLOWED


def test_that_an_order_whose_switch_was_undone_waits_again(city: ModeRoom) -> None:
    city.room.done(ORDER, city.chief)
    held = city.declare(THERE, "water", city.of_yuzhong, order=1)
    city.confirm(city.of_yuzhong, "Y-01", held, "mode.fault.sound")
    city.turn()
    assert city.of(held.number).state is SwitchState.UNDONE
    assert (order_of(city).state, order_of(city).declaration) == (ModeOrderState.OPEN, None)


def test_that_an_order_to_lift_is_followed_by_the_lower_centres_own_lift(city: ModeRoom) -> None:
    own = city.in_force(THERE, "water", city.of_yuzhong)
    city.room.done(replace(ORDER, mode=Mode.PEACETIME, preset=""), city.chief)
    assert city.of(own.number).state is SwitchState.IN_FORCE, "ordered, not overruled"
    asked = city.ask_to_lift(own.number, city.of_yuzhong, order=1)
    assert city.give(asked, city.of_yuzhong, "yz2").outcome == "done"
    assert order_of(city).state is ModeOrderState.FOLLOWED


def test_that_the_ordered_centre_says_why_not_and_nobody_above_says_it_for_it(city: ModeRoom) -> None:
    city.room.done(ORDER, city.chief)
    no = RefuseModeOrder(order=1, version=1, reason="水位未达")
    assert city.room.do(no, city.chief).code == "mode.order_not_yours"
    assert city.room.do(replace(no, version=9), city.of_yuzhong).code == "mode.order_answered"
    city.room.done(no, city.of_yuzhong)
    refused = order_of(city)
    assert (refused.state, refused.answer, refused.answered_by) == (ModeOrderState.REFUSED, "水位未达", "yz")
    assert city.room.do(replace(no, version=2), city.of_yuzhong).code == "mode.order_answered"
    assert city.ask_for(THERE, "water", city.of_yuzhong, order=1).code == "mode.order_answered"


def test_that_what_is_not_answered_in_time_is_told_once_and_stays_open_also_over_a_restart(city: ModeRoom) -> None:
    city.room.done(ORDER, city.chief)
    city.room.restart()
    city.pass_time(299)
    assert order_of(city).state is ModeOrderState.OPEN
    city.pass_time(2)
    city.pass_time(600)
    assert order_of(city).state is ModeOrderState.LATE
    assert [change.action for change in city.room.published if change.kind == "mode_order"][-1:] == ["mode.order_late"]
    assert sum(change.action == "mode.order_late" for change in city.room.published) == 1
    city.room.done(RefuseModeOrder(order=1, version=2, reason="已晚"), city.of_yuzhong)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"centre": CITY, "scope": WHOLE}, "mode.order_not_above"),
        ({"scope": Scope(centre=SHAPINGBA)}, "mode.order_outside"),
        ({"scope": Scope(centre="999999")}, "mode.scope_unknown"),
        ({"centre": "999999"}, "permission.outside_area"),
        ({"minutes": 0.0}, "mode.order_minutes"),
        ({"preset": "none"}, "mode.preset_unknown"),
        ({"reason": " "}, "text.missing.reason"),
    ],
)
def test_that_an_order_that_cannot_be_meant_is_refused(city: ModeRoom, change: dict[str, object], code: str) -> None:
    assert city.room.do(replace(ORDER, **change), city.chief).code == code  # type: ignore[arg-type]


def test_that_an_officer_orders_nothing_and_a_switch_of_another_kind_follows_no_order(city: ModeRoom) -> None:
    assert city.room.do(ORDER, city.officer).code == "permission.no_post"
    city.room.done(ORDER, city.chief)
    assert city.ask_for(order=1).code == "mode.order_other"
    assert city.ask_for(order=9).code == "mode.order_unknown"
    assert city.room.do(RefuseModeOrder(order=9, version=1, reason="r"), city.of_yuzhong).code == "mode.order_unknown"


def test_that_page_and_snapshot_tell_what_stands_and_what_holds_where(city: ModeRoom) -> None:
    own = city.in_force(THERE, "water", city.of_yuzhong)
    city.room.done(replace(ORDER, centre=SHAPINGBA, scope=Scope(centre=SHAPINGBA)), city.chief)
    wide = city.declare()
    told = codec.unpack(city.room.ask("mode.page", AskModes(), city.officer).body, Modes)
    assert [one.number for one in told.declarations] == [wide.number, own.number]
    assert set(told.in_effect) == {CITY, YUZHONG, SHAPINGBA}
    assert {preset.code for preset in told.presets} == {"bare", "flood", "water"}
    assert ([order.number for order in told.orders], len(told.reports)) == ([1], 1)
    there = codec.unpack(city.room.ask("mode.page", AskModes(centre=SHAPINGBA), city.officer).body, Modes)
    assert [one.number for one in there.declarations] == [wide.number]
    assert city.room.ask("mode.page", AskModes(limit=0), city.officer).code == "mode.page_limit"
    snapshot = codec.unpack(city.room.ask("snapshot", Hello(protocol=1, client="t"), ADMIN_KEY).body, Snapshot)
    kinds = [record.kind for record in snapshot.records]
    assert [kinds.count(kind) for kind in ("mode", "mode_preset", "mode_order", "mode_report")] == [2, 3, 1, 1]


def test_that_an_imposed_declaration_is_the_superiors_own_register(city: ModeRoom) -> None:
    imposed = city.in_force(THERE, "water")
    assert (imposed.issuer, imposed.key) == (CITY, f"{CITY}/{YUZHONG}")
    own = city.in_force(THERE, "bare", city.of_yuzhong)
    city.lift(own.number, city.of_yuzhong)
    city.confirm_all()
    assert city.effect(YUZHONG).mode is Mode.EMERGENCY, "a lower centre never cancels an upper one's"
    lift = LiftMode(declaration=imposed.number, version=city.of(imposed.number).version, reason="r")
    assert city.room.do(lift, city.of_yuzhong).code == "mode.not_yours"
    assert city.room.do(DeclareMode(scope=THERE, mode=Mode.EMERGENCY, preset="", reason="r"), "").code == "session.none"
