"""Duty as a centre would tell it on the day of the drawing: three shifts, five seats, a log, a sheet of fifteen."""

from dataclasses import replace

from chengyun_core.model.callout import CallOut
from chengyun_core.model.duty import (
    Assignment,
    Certificate,
    Check,
    Demand,
    DutyRole,
    Gap,
    Handover,
    HandoverState,
    Item,
    ItemKind,
    ItemState,
    LogKind,
    Person,
    Presence,
    SeatCover,
    SeatDeed,
    Shift,
    ShiftState,
    Signature,
)
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import DutyNow, Handovers, HandoverTold, Log, LogRow, People, SeatNow, Shifts
from chengyun_core.wire.warning_asks import CallOuts

S = 1_000_000_000
MIN = 60 * S
H = 60 * MIN
NOW = 1_784_356_327 * S
"""2026-07-18 14:32:07 in Chongqing."""
MORNING = NOW - (6 * 60 + 32) * MIN - 7 * S
"""08:00 of that day."""
CENTRE = "500000"


def _on(
    person: str, role: DutyRole, seat: str = "", presence: Presence = Presence.PLANNED, **more: object
) -> Assignment:
    since = None if presence is Presence.PLANNED else MORNING - 4 * MIN
    return Assignment(person=person, role=role, seat=seat, presence=presence, since=since, **more)  # type: ignore[arg-type]


NAMES = {
    "P01": "周带班", "P02": "陈值班长", "P03": "李值班", "P04": "王小雨", "P05": "赵铁军", "P06": "孙莉",
    "P07": "何建国（应急局）", "P08": "徐敏（气象局）", "P09": "刘波（水利局）", "P10": "吴带班", "P11": "郑值班长",
    "P12": "马晓峰", "P13": "冯雪", "P14": "韩冰", "P15": "蒋带班", "P16": "沈值班长", "P17": "曹阳", "P18": "丁一",
}  # fmt: skip
DEMANDS = (
    Demand(role=DutyRole.LEADER, count=1), Demand(role=DutyRole.CHIEF, count=1), Demand(role=DutyRole.OFFICER, count=4),
    Demand(role=DutyRole.RESIDENT, count=2), Demand(role=DutyRole.ROTATING, count=1),
)  # fmt: skip


def shifts() -> Shifts:
    """Return the shift that runs and two after it; one lacks an officer, the other a leader with a certificate."""
    here = Presence.PRESENT
    running = Shift(
        number=41, centre=CENTRE, name="早班", begins_at=MORNING, ends_at=MORNING + 8 * H, state=ShiftState.RUNNING,
        demands=DEMANDS, version=3, assignments=(
            _on("P01", DutyRole.LEADER, presence=Presence.ON_CALL), _on("P02", DutyRole.CHIEF, presence=here),
            _on("P03", DutyRole.OFFICER, "A-03", here), _on("P04", DutyRole.OFFICER, "A-01", here),
            _on("P05", DutyRole.OFFICER, "A-02", Presence.ABSENT, reason="发热就医"),
            _on("P06", DutyRole.OFFICER, "A-05", here, stands_in_for="P05"),
            _on("P07", DutyRole.RESIDENT, presence=here), _on("P08", DutyRole.RESIDENT, presence=here),
            _on("P09", DutyRole.ROTATING, presence=Presence.ON_CALL),
        ),
    )  # fmt: skip
    evening = replace(
        running, number=42, name="中班", begins_at=MORNING + 8 * H, ends_at=MORNING + 16 * H, version=1,
        state=ShiftState.PLANNED, assignments=(
            _on("P10", DutyRole.LEADER), _on("P11", DutyRole.CHIEF), _on("P12", DutyRole.OFFICER, "A-03"),
            _on("P13", DutyRole.OFFICER, "A-01"), _on("P14", DutyRole.OFFICER, "A-02"), _on("P07", DutyRole.RESIDENT),
            _on("P08", DutyRole.RESIDENT), _on("P09", DutyRole.ROTATING),
        ),
    )  # fmt: skip
    night = replace(
        evening, number=43, name="夜班", begins_at=MORNING + 16 * H, ends_at=MORNING + 24 * H, assignments=(
            _on("P15", DutyRole.LEADER), _on("P16", DutyRole.CHIEF), _on("P17", DutyRole.OFFICER, "A-03"),
            _on("P18", DutyRole.OFFICER, "A-01"), _on("P03", DutyRole.OFFICER, "A-02"),
            _on("P04", DutyRole.OFFICER, "A-05"), _on("P07", DutyRole.RESIDENT), _on("P08", DutyRole.RESIDENT),
            _on("P09", DutyRole.ROTATING),
        ),
    )  # fmt: skip
    return Shifts(shifts=(running, evening, night), gaps=gaps())


def gaps() -> tuple[Gap, ...]:
    """Return the places nobody fills."""
    return (
        Gap(shift=42, role=DutyRole.OFFICER, missing=1, why="nobody"),
        Gap(shift=43, role=DutyRole.LEADER, missing=1, why="uncertified", person="P15"),
        Gap(shift=43, role=DutyRole.OFFICER, missing=1, why="rest", person="P03"),
    )


def now() -> DutyNow:
    """Return five seats: one in a flood, one covered, one free, one about to be taken over."""
    cover = SeatCover(seat="A-02", by_seat="A-03", deed=SeatDeed.COVERED, reason="发热就医", since=NOW - 50 * MIN,
                      until=NOW + 90 * MIN, by="li", version=2)  # fmt: skip
    return DutyNow(
        shift=shifts().shifts[0], people=NAMES, gaps=gaps()[:1], seats=(
            SeatNow(seat="A-01", account="wang", name="王小雨", since=MORNING - 3 * MIN, unacknowledged=1,
                    alarms_10min=4, acknowledged_10min=5, events=3, orders=2, hours=6.6),
            SeatNow(seat="A-02", cover=cover, unacknowledged=2, alarms_10min=6),
            SeatNow(seat="A-03", account="officer", name="李值班", since=MORNING - 4 * MIN, incoming="ma",
                    unacknowledged=3, alarms_10min=17, acknowledged_10min=9, events=5, orders=7, hours=6.6,
                    relief=Reason(code="duty.relief_alarms", params={"count": "17", "most": "10"})),
            SeatNow(seat="A-05", account="sun", name="孙莉", since=NOW - 40 * MIN, alarms_10min=1, events=1, hours=0.7),
            SeatNow(seat="A-06"),
        ),
    )  # fmt: skip


def people() -> People:
    """Return who does duty, one with a certificate that runs out within a week."""
    made = []
    for at, (code, name) in enumerate(NAMES.items()):
        role = DutyRole.OFFICER if at > 1 else DutyRole.LEADER
        held = (Certificate(role=role, until="2026-07-21" if code == "P15" else "2027-12-31"),)
        made.append(Person(
            code=code, name=name, centre=CENTRE, unit="" if at < 6 else "市应急管理局" if at == 6 else "",
            posts=("500000.duty_officer",), phones=(f"13{at:02d}0000{at:03d}", "8810"), certificates=held,
        ))  # fmt: skip
    return People(people=tuple(made))


_GRADED = Reason(code="timeline.event.grade", params={
    "grade": "3", "suggested": "3", "before": "2", "reason": "滞留人数上升",
})  # fmt: skip


def log() -> Log:
    """Return lines of the shift, newest first: automatic ones, free ones, a correction, a snapshot, a call."""
    rows = (
        (LogKind.AUTOMATIC, 1, Reason(code="timeline.alarm.acknowledge"), "alarm/31", "officer"),
        (LogKind.FREE, 4, Reason(code="log.text", params={"text": "朝天门三码头来电：涨势放缓，客船已全部靠泊。"}), "",
         "officer"),
        (LogKind.CALL, 9, Reason(code="log.text", params={"text": "叫应沙坪坝区值班室，回话：已到岗，正在转移。"}),
         "event/41", "officer"),
        (LogKind.SNAPSHOT, 16, Reason(code="log.text", params={"text": "寸滩水位一小时走势"}), "", "officer"),
        (LogKind.AUTOMATIC, 22, _GRADED, "event/41", "wang"),
        (LogKind.FREE, 30, Reason(code="log.text", params={"text": "更正：磁器口被困人数为 180 人，不是 200 人。"}),
         "event/41", "wang"),
        (LogKind.AUTOMATIC, 47, Reason(code="timeline.session.sign_on"), "", "sun"),
    )  # fmt: skip
    return Log(rows=tuple(
        LogRow(number=900 - at, at_ns=NOW - ago * MIN, kind=kind, sentence=sentence, about=about, account=account,
               seat="A-03" if account == "officer" else "A-01", corrects=880 if at == 5 else None,
               attachment="ab12" if kind is LogKind.SNAPSHOT else "")
        for at, (kind, ago, sentence, about, account) in enumerate(rows)
    ))  # fmt: skip


_ITEMS: tuple[tuple[ItemKind, str, str, str, str, int | None], ...] = (
    (ItemKind.UNACKNOWLEDGED, "1", "寸滩站水位超保证", "A-03", "handover.next.unacknowledged", None),
    (ItemKind.UNACKNOWLEDGED, "2", "东阳街道短时强降雨", "A-03", "handover.next.unacknowledged", None),
    (ItemKind.EVENT, "41", "磁器口码头滞留游客转移", "沙坪坝区中心", "handover.next.event", 22),
    (ItemKind.EVENT, "39", "北碚 S544 边坡落石", "北碚区中心", "handover.next.event", -6),
    (ItemKind.EVENT, "36", "两江影视城停电", "两江新区中心", "handover.next.event", 72),
    (ItemKind.PLAN_RUN, "7", "寸滩站防汛一级", "A-03", "handover.next.plan_run", 12),
    (ItemKind.ORDER, "17.4", "备勤冲锋舟 6 艘", "水上 07", "handover.next.order", -12),
    (ItemKind.ORDER, "17.2", "转移北滨路低洼段", "江北区中心", "handover.next.order", 40),
    (ItemKind.ORDER, "18.1", "滨江路交通管制", "市公安交管", "handover.next.order", 55),
    (ItemKind.ORDER, "19.1", "医疗点前置", "医疗 12", "handover.next.order", 90),
    (ItemKind.REPORT_DUE, "41", "磁器口滞留游客 续报", "A-03", "handover.next.report_due", 22),
    (ItemKind.WARNING, "5", "暴雨橙色预警", "市气象台", "", 180),
    (ItemKind.SHELVED, "9", "鹅公岩大桥挠度", "A-03", "handover.next.shelved", 14),
    (ItemKind.FAULT, "source:opcua", "二水厂 OPC UA 采集中断", "运维", "", None),
    (ItemKind.NOTICE, "1", "20:00 市长视频调度，备好江北、渝中两路", "A-03", "", 328),
)
_PARAMS = {
    ItemKind.EVENT: {"state": "handling"}, ItemKind.ORDER: {"unsigned": "1", "waiting": "2"},
    ItemKind.PLAN_RUN: {"overdue": "1"}, ItemKind.SHELVED: {"reason": "传感器校准"},
}  # fmt: skip
_GRAVITY = (4, 3, 3, 2, 2, 4, 3, 2, 2, 2, 3, 3, 2, 2, 0)
FIGURES = {
    "alarms_raised": 186.0, "alarms_red": 4.0, "flood_minutes": 35.0, "ack_median_s": 21.0, "events_opened": 9.0,
    "orders_issued": 31.0,    "receipts_overdue": 2.0,
}  # fmt: skip


def items(*, known: int = 0, refused: tuple[int, ...] = (), settled: tuple[int, ...] = ()) -> tuple[Item, ...]:
    """Return fifteen items, the first `known` of them ticked."""
    made = []
    for at, (kind, key, title, owner, next_action, due) in enumerate(_ITEMS):
        gravity = _GRAVITY[at]
        state = ItemState.KNOWN if at < known else ItemState.OPEN
        state = ItemState.REFUSED if at in refused else ItemState.SETTLED if at in settled else state
        made.append(Item(
            kind=kind, key=key, title=title, owner=owner, next_action=next_action, version=3, state=state,
            due_at=None if due is None else NOW + due * MIN, gravity=gravity, params=_PARAMS.get(kind, {}),
            reason="回执由交班席位催到为止" if state is ItemState.REFUSED else "",
        ))  # fmt: skip
    return tuple(made)


CHECKS = (
    Check(name="clock", good=True),
    Check(name="daemons", good=True),
    Check(name="database", good=True),
    Check(name="backup", good=False, reason="store.backup_failed"),
)


def handover(state: HandoverState = HandoverState.OPEN, version: int = 4, **more: object) -> Handover:
    """Return the hand-over of A-03 from `officer` to `ma`."""
    made = Handover(
        number=12,
        code="交接班〔2026〕12",
        shift=41,
        next_shift=42,
        seat="A-03",
        giver="officer",
        taker="ma",
        items=items(),
        checks=CHECKS,
        figures=FIGURES,
        lines=("寸滩洪峰预计 17:30", "", ""),
        state=state,
        opened_at=NOW - 2 * MIN,
        closes_at=NOW + 13 * MIN,
        version=version,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def told(one: Handover | None = None, changed: tuple[str, ...] = ()) -> HandoverTold:
    """Return what the centre answers to `handover.get`."""
    return HandoverTold(
        handover=one or handover(), digest="d" * 64, giver_name="李值班", taker_name="马晓峰", changed=changed
    )


def signed() -> Handover:
    """Return the locked sheet."""

    def by(account: str, name: str, at: int) -> Signature:
        return Signature(account=account, name=name, seat="A-03", at=at, digest="d" * 64, method="password")

    return handover(
        HandoverState.SIGNED, version=31, items=items(known=15, refused=(6,), settled=(8,)),
        signatures=(by("officer", "李值班", NOW - 40 * S), by("ma", "马晓峰", NOW - 12 * S)),
        audit_head=f"90412:{'3f9ac1d2' * 8}",
    )  # fmt: skip


def handovers() -> Handovers:
    """Return the sheets of the last days."""
    past = (replace(signed(), number=11 - at, code=f"交接班〔2026〕{11 - at}", opened_at=NOW - (8 * at + 7) * H)
            for at in range(6))  # fmt: skip
    return Handovers(handovers=(handover(), *past))


def call_outs() -> CallOuts:
    """Return a call-out that runs and one that ended."""
    running = CallOut(number=3, about="warning/5", title="暴雨橙色预警", words="请立即到岗并回复", addressees=12,
                      confirmed=8, escalated=1, started_at=NOW - 6 * MIN, started_by="officer")  # fmt: skip
    ended = replace(running, number=2, title="强对流黄色预警", addressees=9, confirmed=9, escalated=0,
                    started_at=NOW - 300 * MIN, ended_at=NOW - 280 * MIN)  # fmt: skip
    return CallOuts(call_outs=(running, ended))
