"""WF2: a burst main from its red reading to five orders and their receipts, at the real windows by keys (issue 5)."""

from pathlib import Path

import pytest

from chengyun_core.model.event import Event, Hop
from chengyun_core.model.order import Order, Receipt, Role, Step
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire import codec
from tests.flows.golden_path import GoldenPath
from tests.flows.ten_minutes import signed_in, stranger
from tests.support import golden_city as golden
from tests.support.living_city import OFFICER, SEAT, living_city

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


def test_that_a_burst_main_leads_from_red_to_five_orders_by_keys_alone(tmp_path: Path) -> None:
    with living_city(tmp_path, catalogue=golden.golden_city()) as city:
        with city.door() as door:
            door.send(golden.golden_plans(), timeout_s=30)
        city.truth = {golden.PRESSURE: golden.WELL}
        city.publish_all()
        with stranger(city, tmp_path, *signed_in(SEAT, tmp_path)) as one:
            path = GoldenPath(one)
            path.is_seated()
            path.burst()
            _to_the_orders(path)
            path.account.tell()
            _is_written(path)
            assert (one.hands.keystrokes, one.hands.clicks) == (8, 0)


def _to_the_orders(path: GoldenPath) -> None:
    """Act steps 2 to 8, but for the cameras; the receipts matrix comes by itself."""
    path.press("2 Ctrl+J", "ctrl+j", until=path.shows(golden.CODE))
    path.press("3 A", "a", until=path.focuses("NoteChooser"))
    path.press("3 1", "1", until=path.has("alarm.acknowledge"))
    path.press("5 E", "e", until=path.focuses("LevelPad", "建议 较大"))
    path.press("6 Enter", "Return", until=path.shows("首报 余", f"较大 {golden.NAME}"))
    path.press("7 P", "p", until=path.shows("城市供水爆管处置", "关阀止水"))
    reviewed = ("下达前复核", "到渝中区关阀止水并抢修管道", "渝中区供水抢修队")
    path.press("7 Enter", "Return", until=path.shows(*reviewed))
    path.press("8 Ctrl+Enter", "ctrl+Return", until=path.has("order.send", len(golden.CALLED)))
    path.one.eyes.kind("MatrixSheet")


def _is_written(path: GoldenPath) -> None:
    """Check every row the journal must have of what was done, by whom and at which seat."""
    for action in ("alarm.acknowledge", "event.open", "event.grade", "plan.start", "plan.send_orders"):
        (row,) = path.rows(action)
        assert (row.account, row.seat) == (OFFICER, SEAT), action
    assert codec.unpack(path.rows("event.grade")[0].record, Event).grade is EventGrade.LARGER
    orders = {order.number: order for order in (codec.unpack(row.record, Order) for row in path.rows("order.send"))}
    receipts = [codec.unpack(row.record, Receipt) for row in path.rows("receipt.send")]
    assert {orders[receipt.order].plan_step: receipt.recipient for receipt in receipts} == golden.CALLED
    leads = [orders[receipt.order].plan_step for receipt in receipts if receipt.role is Role.LEAD]
    assert leads == ["QIANGXIU"], "exactly one leads (条例 art. 34)"
    assert all(receipt.due[Step.SIGNED] - orders[receipt.order].sent_at == 60 * 10**9 for receipt in receipts)
    hops = codec.unpack(path.rows("event.reached.ordered")[-1].record, Event).hops
    wanted = (Hop.SOURCE, Hop.RAISED, Hop.ACKNOWLEDGED, Hop.OPENED, Hop.GRADED, Hop.PLANNED, Hop.ORDERED)
    assert [hops[hop] for hop in wanted] == sorted(hops[hop] for hop in wanted)
