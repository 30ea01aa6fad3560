"""The cases LAW-AND-STANDARDS tells with their real times, enacted in the reference city by the centre's commands."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm, GiveApproval
from chengyun_core.model.event import EventSource, Hop, ReportKind
from chengyun_core.model.event_commands import NoteEvent, SendReport
from chengyun_core.model.order import Channel, OrderState, ReceiptState, RequestKind, Role, Step
from chengyun_core.model.places import Seat
from chengyun_core.model.plan import RunStepState
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.model.receipt_commands import AskSideRequest, DecideSideRequest
from chengyun_core.model.scales import EventGrade, WarningColour
from chengyun_core.store import chain, journal, keys
from chengyun_resources.reference import plans
from tests.core.centre.room import ADMIN_KEY, SETTINGS, Room
from tests.flows.real_case import CITY_TIME, MINUTE_NS, Case
from tests.support.reference_room import reference_catalogue

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
PRESSURE = "SS01C-500103"
STREET = "500107009"
"""九龙街道, whose office has a seat of its own here: it asks for more time by itself."""
DAY = 24 * 60


class City:
    """The reference city with its plans, and those who are on duty in it."""

    def __init__(self, folder: Path) -> None:
        street = Seat(code="S-STREET", name="九龙街道席", centre=STREET, post=f"{STREET}.unit.1")
        known = reference_catalogue()
        self.room = Room(folder, replace(SETTINGS, session_hours=10**4))
        self.room.adopt(replace(known, seats=(*known.seats, street)))
        self.room.done(ImportPlans(tables=plans.tables(60), origin={}), ADMIN_KEY)
        self.officer = self.room.officer("li", "500000.duty_officer.1", seat="A-03")
        self.checker = self.room.officer("wang", "500000.duty_officer.2", seat="A-04")
        self.chief = self.room.officer("chief", "500000.watch_chief.1", seat="A-01")
        self.street = self.room.officer("jiulong", street.post, seat=street.code)

    def case(self, clock: str) -> Case:
        """Begin a case when the city's clocks next show this."""
        now = datetime.fromtimestamp(self.room.clock.utc_ns() / 1e9, CITY_TIME)
        hour, minute = map(int, clock.split(":"))
        wait_s = (hour * 3600 + minute * 60 - (now.hour * 3600 + now.minute * 60 + now.second)) % 86_400
        began = self.room.clock.utc_ns() + wait_s * 10**9
        made = Case(room=self.room, officer=self.officer, checker=self.checker, began_ns=began)
        made.at(0)
        return made


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = City(tmp_path_factory.mktemp("cases"))
    with made.room:
        yield made


def test_that_the_burst_main_of_jiaxi_is_repaired_in_three_hours_with_every_hop(city: City) -> None:
    """People.cn 2024-09-08 and WF2: five orders by the tier below 500 mm; one unit is silent for three minutes."""
    case, room = city.case("10:00"), city.room
    number = next(vital.number for vital in room.desk.city.vitals.values() if vital.code == PRESSURE)
    room.observe(number, WarningColour.RED)
    alarm = room.living()[number]
    case.at(0.1)
    seen = AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING)
    room.done(seen, city.officer)
    case.at(16 / 60)
    case.opened(source=EventSource.ALARM, alarms=(alarm.number,), matter="SS-BAOGUAN")
    case.at(20 / 60)
    case.verified("画面可见路面涌水", Channel.VIDEO)
    case.at(24 / 60)
    case.graded(2, 3, 2, 2)
    assert case.event().grade is EventGrade.LARGER
    assert case.event().report_due_at == case.event().opened_at + 60 * MINUTE_NS, "条例 art. 28: from when it was known"
    case.at(32 / 60)
    assert case.started("SS-BAOGUAN").tiers.in_force == ("T1",)
    case.at(1)
    orders = case.ordered()
    assert {order.plan_step for order in orders} == {"QIANGXIU", "SHUDAO", "GUANXIAN", "SONGSHUI", "GAOZHI"}

    quick = ("QIANGXIU", "SHUDAO", "SONGSHUI", "GAOZHI")
    _climb(case, quick, {1.5: Step.SIGNED})
    case.at(3.2)
    case.told("GUANXIAN", Step.SIGNED, "收到，马上通知各管线单位")
    _climb(case, (*quick, "GUANXIAN"), {5.5: Step.ARRIVED})
    case.at(14)
    event = case.event()
    report = SendReport(
        event=event.number, version=event.version, kind=ReportKind.FIRST, text="嘉西村供水爆管，正在抢修"
    )
    room.done(report, city.officer)
    assert case.event().report_due_at is None
    _climb(case, (*quick, "GUANXIAN"), {30: Step.HANDLING})
    # The residents are told within the plan's own half hour; feedback later than that would be reminded of.
    _climb(case, ("GAOZHI",), {30.5: Step.FED_BACK})
    case.at(178)
    room.observe(number, WarningColour.NONE, before=WarningColour.RED)
    _climb(case, (*quick[:-1], "GUANXIAN"), {180: Step.FED_BACK})
    assert case.run().steps[5].state is RunStepState.DONE, "the pressure is back"
    (road,) = case.ordered()
    assert road.plan_step == "LUMIAN"
    _climb(case, ("LUMIAN",), {180.5: Step.SIGNED, 185: Step.ARRIVED, 200: Step.FED_BACK})
    case.at(210)
    case.checked_and_closed()

    assert set(case.event().hops) == set(Hop) - {Hop.REVIEWED}, "thirteen hops; the review is held by people later"
    assert (case.hop(Hop.ORDERED), case.hop(Hop.FED_BACK)) == (1, 180)
    rows = case.rows()
    assert rows >= _counted(
        {
            "alarm.raise": 1, "alarm.acknowledge": 1, "event.open": 1, "event.verify": 1, "event.grade": 1,
            "plan.start": 1, "plan.send_orders": 2, "order.send": 6, "receipt.send": 6, "event.report": 1,
            "event.check": 1, "event.close": 1,
        }
    ), rows  # fmt: skip
    assert _reminded(case, "GUANXIAN") == ["remind", "remind_again", "call"]
    assert [_reminded(case, step) for step in quick] == [[]] * 4


def test_that_the_landslide_of_yunan_keeps_one_five_thirty(city: City) -> None:
    """云安镇 «1530»: accepted within 1 minute, the place controlled within 5, all parties assembled within 30."""
    case = city.case("14:00")
    case.opened(title="云安镇山体滑坡", matter="YJ-HUAPO", centre="500235136", risk_point="FX-YUNAN")
    case.graded(2, 2, 2, 1)
    best = case.started("YJ-HUAPO")
    assert (best.risk_point, best.tiers.in_force) == ("FX-YUNAN", ("T1",)), "地质灾害Ⅳ级: below ten households"
    orders = case.ordered()
    assert {order.plan_step for order in orders} == {"JIEBAO", "GUANKONG", "JIJIE"}
    three = ("JIEBAO", "GUANKONG", "JIJIE")
    _climb(case, three, {0.9: Step.SIGNED, 4.8: Step.ARRIVED, 29: Step.HANDLING})
    assert (case.hop(Hop.SIGNED), case.hop(Hop.ARRIVED)) == pytest.approx((0.9, 4.8))
    steps = {step.action.code: step for step in case.run().steps}
    assert all(steps[code].state is RunStepState.DONE for code in three)
    assert [_reminded(case, step) for step in three] == [[], [], []], "who keeps 1-5-30 is never reminded"
    assert case.rows()["plan.step_overdue"] == 0
    (watch,) = case.ordered()
    assert watch.plan_step == "JIANCE", "the survey waits until all are assembled"
    _climb(case, ("JIANCE",), {29.5: Step.SIGNED, 33: Step.ARRIVED, 85: Step.FED_BACK})
    _climb(case, three, {90: Step.FED_BACK})
    case.at(100)
    case.checked_and_closed()
    assert case.rows()["plan.step_reached"] == 4


def test_that_the_fallen_tree_of_taiyuan_is_cleared_at_seventeen_past_three_to_three_past_five(city: City) -> None:
    """太原镇: told at 15:16, work began at 15:23, done at 17:03; the arrival was a minute late and was reminded of."""
    case = city.case("15:16")
    case.opened(title="大风倒树拦断公路", matter="YJ-DASHU", centre="500243115", risk_point="FX-TAIYUAN")
    case.graded(1, 1, 1, 1)
    assert case.event().grade is EventGrade.GENERAL
    assert case.event().report_due_at is None, "一般 owes no report within the hour"
    case.started("YJ-DASHU")
    case.at(1)
    assert {order.plan_step for order in case.ordered()} == {"QINGZHANG", "SHUDAO", "XIANLU"}
    all_three = ("QINGZHANG", "SHUDAO", "XIANLU")
    _climb(case, all_three, {1.5: Step.SIGNED})
    _climb(case, ("SHUDAO", "XIANLU"), {5.5: Step.ARRIVED})
    case.at(7)
    case.told("QINGZHANG", Step.ARRIVED, "到了，带油锯")
    case.told("QINGZHANG", Step.HANDLING, "开始锯了")
    _climb(case, ("SHUDAO", "XIANLU"), {8: Step.HANDLING, 100: Step.FED_BACK})
    case.at(107)
    case.told("QINGZHANG", Step.FED_BACK, "清完通车")
    case.at(112)
    case.checked_and_closed()
    assert (case.clock_of(Hop.OPENED), case.clock_of(Hop.ARRIVED), case.clock_of(Hop.FED_BACK)) == (
        "15:16", "15:21", "17:03",
    )  # fmt: skip
    assert case.minutes("QINGZHANG") == {
        Step.SIGNED: 0.5, Step.ARRIVED: 6, Step.HANDLING: 6, Step.FED_BACK: 106, Step.CHECKED: 111,
    }, "the check of the event speaks for its receipts (0255)"  # fmt: skip
    assert _reminded(case, "QINGZHANG") == ["remind"]
    assert _reminded(case, "SHUDAO") == []


def test_that_the_muck_truck_goes_to_two_bureaus_and_a_street_that_is_given_three_days(city: City) -> None:
    """九龙坡: 横向分拨 to two bureaus, 纵向交办 to the street, which asks a chief for three days."""
    case, room = city.case("09:00"), city.room
    case.opened(title="渣土车抛洒", matter="ST-ZHATU", centre=STREET, risk_point="FX-JIULONG")
    case.graded(1, 1, 1, 1)
    case.started("ST-ZHATU")
    case.ordered()
    kinds = {
        step: room.desk.city.units[case.receipt(step).recipient].kind for step in ("CHACHU", "JIAOGUAN", "SHUYUAN")
    }
    assert kinds["SHUYUAN"] == "street"
    assert "street" not in (kinds["CHACHU"], kinds["JIAOGUAN"])
    assert [step for step in kinds if case.receipt(step).role is Role.LEAD] == ["CHACHU"]
    _climb(case, tuple(kinds), {0.5: Step.SIGNED, 4: Step.ARRIVED, 20: Step.HANDLING})
    _climb(case, ("CHACHU", "JIAOGUAN"), {110: Step.FED_BACK})

    case.at(120)
    street, until = case.receipt("SHUYUAN"), case.began_ns + 3 * DAY * MINUTE_NS
    wish = AskSideRequest(
        order=street.order, place=street.place, version=street.version, kind=RequestKind.EXTEND, until=until,
        reason="源头工地需逐家整改",
    )  # fmt: skip
    asked_for = int(room.done(wish, city.street).key)
    give = DecideSideRequest(request=asked_for, version=1, given=True)
    assert room.do(give, city.street).outcome == "refused", "nobody approves his own extension"
    room.done(give, city.chief)
    assert case.receipt("SHUYUAN").due[Step.FED_BACK] == until
    case.at(3 * DAY - 60)
    assert _reminded(case, "SHUYUAN") == [], "three days are three days"
    case.told("SHUYUAN", Step.FED_BACK, "三家工地都整改了")
    (wash,) = case.ordered()
    assert wash.plan_step == "QINGSAO"
    _climb(case, ("QINGSAO",), {3 * DAY - 59.5: Step.SIGNED, 3 * DAY - 56: Step.ARRIVED, 3 * DAY - 10: Step.FED_BACK})
    case.at(3 * DAY)
    case.checked_and_closed()
    assert case.hop(Hop.CLOSED) == 3 * DAY
    assert (case.rows()["side_request.ask"], case.rows()["side_request.give"]) == (1, 1)


def test_that_a_crowded_bridge_at_guanyinqiao_is_surveyed_limited_and_its_people_led(city: City) -> None:
    """观音桥: people crowd on the footbridge; whether to close it waits for the deflection nobody has measured yet."""
    case = city.case("19:30")
    case.opened(title="人行天桥桥面拥挤", matter="SS-QIAO", centre="500105006", risk_point="FX-GUANYINQIAO")
    case.graded(2, 2, 2, 1)
    best = case.started("SS-QIAO")
    assert (best.tiers.in_force, best.missing) == (("T1",), ("deflection_mm",))
    assert {order.plan_step for order in case.ordered()} == {"JIANCE", "XIANLIU", "RENLIU"}
    _climb(case, ("JIANCE", "XIANLIU", "RENLIU"), {0.8: Step.SIGNED, 4.5: Step.ARRIVED, 12: Step.HANDLING})
    _climb(case, ("JIANCE", "XIANLIU", "RENLIU"), {50: Step.FED_BACK})
    case.at(55)
    case.checked_and_closed()
    assert case.rows()["plan.step_reached"] == 3
    assert all(order.critical == "" for order in case.orders()), "nothing was closed on a guess"


def test_that_the_crowd_of_jiefangbei_calls_six_departments_and_eighty_police_within_a_quarter(city: City) -> None:
    """解放碑: the plan goes to six departments, eighty police are there in 15 minutes; a chief gives the closure."""
    case, room = city.case("21:00"), city.room
    case.opened(title="步行街人员密集", matter="SH-RENQUN", centre="500103003", risk_point="FX-JIEFANGBEI")
    case.graded(3, 3, 2, 2)
    assert case.started("SH-RENQUN").tiers.in_force == ("T1", "T2")
    case.at(0.5)
    case.ordered()
    called = {case.receipt(order.plan_step).recipient for order in case.orders()}
    assert len(called) == 6, called
    assert case.receipt("XIETIAO").recipient == "500103-YJ"

    closure = next(order for order in case.orders() if order.critical == "closure")
    assert (closure.state, case.receipt("XIANLIU").state) == (OrderState.WAITING, ReceiptState.KEPT)
    give = GiveApproval(approval=closure.approval, version=1)
    assert room.do(give, city.officer).outcome == "refused", "who asked is not the second person"
    case.at(1)
    room.done(give, city.chief)
    assert case.receipt("XIANLIU").state is ReceiptState.OPEN

    steps = ("FENLIU", "GUANGBO", "JIAOTONG", "XIANLIU", "SHUSAN", "XIETIAO", "DAIMING")
    _climb(case, steps, {1.4: Step.SIGNED, 5.4: Step.ARRIVED})
    case.at(15)
    heard = NoteEvent(event=case.event_number, text="80 名警力已到位", channel=Channel.RADIO, said_by="500103-GA")
    room.done(heard, city.officer)
    _climb(case, steps, {15.1: Step.HANDLING, 29: Step.FED_BACK})
    case.at(35)
    case.checked_and_closed()
    rows = case.rows()
    assert rows >= _counted({"order.send": 6, "order.wait": 1, "event.note": 1, "event.close": 1}), rows
    assert case.hop(Hop.SIGNED) == pytest.approx(1.4)


def test_that_the_journal_of_all_cases_is_one_whole_chain(city: City) -> None:
    public = keys.signer(city.room.folder / "keys").public()
    with city.room.ledger.reading() as connection:
        held = journal.head(connection)
        assert held.number > 200
        assert chain.verify(connection, public, 1, held.number).fault == ""


def _climb(case: Case, steps: tuple[str, ...], at: dict[float, Step]) -> None:
    """Have units say over the telephone what they reached, at these minutes of the case."""
    for minute, step in at.items():
        case.at(minute)
        for code in steps:
            case.told(code, step, {Step.SIGNED: "收到", Step.ARRIVED: "到了"}.get(step, "在办"))


def _reminded(case: Case, step: str) -> list[str]:
    """Return by which rungs a step's unit was called by the clock, softly first."""
    receipt = case.receipt(step)
    key = f"{receipt.order}.{receipt.place}"
    return [row.params["rung"] for row in case.written() if row.action == "receipt.remind" and row.key == key]


def _counted(rows: dict[str, int]) -> Counter[str]:
    return Counter(rows)
