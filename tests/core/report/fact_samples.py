"""A shift, an event and a hand-over, as the documents of the tests tell them."""

from chengyun_core.model.callout import CallOut
from chengyun_core.model.duty import Check, Handover, HandoverState, Item, ItemKind, ItemState, Signature
from chengyun_core.model.duty_figures import FigureName, ShiftFigures
from chengyun_core.model.event import Event, EventReport, EventSource, EventState, ReportKind
from chengyun_core.model.mode import Declaration, Scope, SwitchState
from chengyun_core.model.order import Climbed, Order, Receipt, Step
from chengyun_core.model.scales import EventGrade, Mode, WarningColour
from chengyun_core.model.warning import Affected, OfficialWarning
from chengyun_core.report.daily import DailyFacts
from chengyun_core.report.event_brief import EventFacts, Told
from chengyun_core.report.handover_sheet import SheetFacts
from tests.core.report.report_samples import MADE_AT

MINUTE = 60 * 10**9
HOUR = 60 * MINUTE
BEGIN = MADE_AT - 12 * HOUR
NAMES = {
    "U.water": "市水务集团",
    "U.fire": "区消防救援支队",
    "C.yuzhong": "渝中区城运中心",
    "zhang": "张𬭎",
    "li": "李𠮷",
    "S02": "02号席",
}


def figures() -> ShiftFigures:
    values = {name: float(at) for at, name in enumerate(FigureName)}
    return ShiftFigures(
        from_ns=BEGIN,
        to_ns=MADE_AT,
        head=4711,
        values={**values, FigureName.ACK_MEDIAN_S: 32.5},
    )


def event(number: int = 12, **changes: object) -> Event:
    given: dict[str, object] = {
        "number": number,
        "code": f"事〔2026〕{number:06}",
        "title": "大溪沟片区积水内涝",
        "narrative": "雨量骤增。\n下穿道积水。",
        "centre": "C.yuzhong",
        "place": "大溪沟下穿道",
        "source": EventSource.ALARM,
        "source_at": BEGIN + HOUR,
        "opened_at": BEGIN + HOUR + MINUTE,
        "opened_by": "zhang",
        "state": EventState.HANDLING,
        "grade": EventGrade.LARGER,
        "lead": "U.water",
        "assisting": ("U.fire",),
        "longitude": 106.55123,
        "latitude": 29.56321,
        "attributes": {"injured": "2", "depth_cm": "40"},
        "findings": "泵站启动过晚。",
        "changed_at": BEGIN + HOUR,
    }
    return Event(**(given | changes))  # type: ignore[arg-type]


def daily_facts(**changes: object) -> DailyFacts:
    given: dict[str, object] = {
        "issuer": "重庆市城市运行和治理中心",
        "number": "渝城运值〔2026〕325号",
        "shift": "白班",
        "leaders": ("li",),
        "officers": ("zhang", "王小明"),
        "mode": "emergency",
        "figures": figures(),
        "events": (event(), event(13, title="=cmd|' /C calc'!A0", grade=None, lead="")),
        "warnings": (_warning(),),
        "modes": (_declaration(),),
        "call_outs": (_call_out(),),
        "lines": ("大溪沟泵站二号机组检修，夜班留意。", "轨道2号线限速运行。", "明晨有强降雨。"),
        "items": items(),
        "audit_head": "4711:" + "0f" * 32,
        "watermark": "张𬭎 02号席 7月14日",
        "made_at": MADE_AT,
        "names": NAMES,
    }
    return DailyFacts(**(given | changes))  # type: ignore[arg-type]


def items() -> tuple[Item, ...]:
    return (
        Item(
            kind=ItemKind.EVENT,
            key="12",
            title="大溪沟片区积水内涝",
            owner="zhang",
            next_action="催办水务",
            due_at=MADE_AT + HOUR,
            state=ItemState.KNOWN,
        ),
        Item(kind=ItemKind.NOTICE, key="1", title="<b>泵站</b>检修", state=ItemState.REFUSED, reason="本人跟到底"),
    )


def _warning() -> OfficialWarning:
    return OfficialWarning(
        number=1,
        code="警〔2026〕1",
        identifier="500000-1",
        sender="市气象台",
        category="暴雨",
        colour=WarningColour.RED,
        starts_at=BEGIN,
        expires_at=MADE_AT + HOUR,
        area=Affected(text="渝中区"),
        notice="强降雨",
        measures="转移",
        issuer="市气象台",
        issued_at=BEGIN + MINUTE,
        headline="暴雨红色预警",
        received_at=BEGIN + MINUTE,
        format="cap-1.2",
    )


def _declaration() -> Declaration:
    return Declaration(
        number=1,
        issuer="C.yuzhong",
        scope=Scope(centre="C.yuzhong"),
        term=1,
        mode=Mode.EMERGENCY,
        reason="暴雨红色预警生效",
        state=SwitchState.IN_FORCE,
        declared_at=BEGIN + 5 * MINUTE,
        declared_by="zhang",
        seconded_by="li",
    )


def _call_out() -> CallOut:
    return CallOut(
        number=1,
        about="warning/1",
        title="暴雨红色预警叫应",
        words="立即转移",
        addressees=12,
        confirmed=11,
        escalated=1,
        started_at=BEGIN + 6 * MINUTE,
        started_by="zhang",
    )


def event_facts(**changes: object) -> EventFacts:
    order = Order(
        number=7,
        code="令〔2026〕000007",
        event=12,
        title="排水",
        text="启动泵站",
        centre="C.yuzhong",
        issued_at=BEGIN + 2 * HOUR,
        issued_by="zhang",
        changed_at=BEGIN + 2 * HOUR,
    )
    held = Order(
        number=8,
        code="令〔2026〕000008",
        event=12,
        title="封路",
        text="封闭下穿道",
        centre="C.yuzhong",
        issued_at=BEGIN + 3 * HOUR,
        issued_by="zhang",
        changed_at=BEGIN + 3 * HOUR,
    )
    climbed = {Step.SIGNED: Climbed(at=BEGIN + 2 * HOUR + MINUTE, received_at=BEGIN + 2 * HOUR + 2 * MINUTE)}
    receipt = Receipt(order=7, place=1, recipient="U.water", step=Step.SIGNED, climbed=climbed, changed_at=BEGIN)
    report = EventReport(
        number=1,
        event=12,
        kind=ReportKind.FIRST,
        issue=1,
        text="首报：积水。",
        drafted="",
        sent_at=BEGIN + HOUR,
        sent_by="zhang",
        received_at=BEGIN + HOUR + MINUTE,
    )
    story = (
        Told(
            number=1,
            at=BEGIN + HOUR + MINUTE,
            source_at=BEGIN + HOUR,
            code="timeline.event.open",
            account="zhang",
            params={"source": "alarm"},
        ),
        Told(
            number=2,
            at=BEGIN + HOUR,
            source_at=BEGIN + HOUR,
            code="timeline.event.grade",
            account="zhang",
            params={"grade": "2", "suggested": "2", "before": "", "reason": "积水成片"},
        ),
        Told(number=3, at=BEGIN + HOUR, source_at=BEGIN + HOUR, code="timeline.no.such_row", params={}),
    )
    given: dict[str, object] = {
        "event": event(),
        "issuer": "重庆市城市运行和治理中心",
        "number": "渝城运专〔2026〕8号",
        "timeline": story,
        "orders": (order, held),
        "receipts": (receipt,),
        "reports": (report,),
        "made_at": MADE_AT,
        "names": NAMES,
        "audit_head": "4711:" + "0f" * 32,
    }
    return EventFacts(**(given | changes))  # type: ignore[arg-type]


def sheet_facts(**changes: object) -> SheetFacts:
    signatures = (
        Signature(account="zhang", name="张𬭎", seat="S02", at=MADE_AT, digest="ab" * 32, method="password"),
        Signature(account="li", name="李𠮷", seat="S02", at=MADE_AT + MINUTE, digest="ab" * 32, method="totp"),
    )
    held = Handover(
        number=3,
        code="交〔2026〕000003",
        shift=1,
        next_shift=2,
        seat="S02",
        giver="zhang",
        taker="li",
        items=items(),
        checks=(Check(name="sound", good=True), Check(name="clock", good=False, reason="no.such.reason")),
        figures={name.value: value for name, value in figures().values.items()},
        lines=("留意泵站。",),
        state=HandoverState.SIGNED,
        opened_at=MADE_AT - 5 * MINUTE,
        closes_at=MADE_AT + HOUR,
        signatures=signatures,
        audit_head="4711:" + "0f" * 32,
    )
    given: dict[str, object] = {
        "handover": held,
        "issuer": "重庆市城市运行和治理中心",
        "shift": "白班",
        "next_shift": "夜班",
        "from_ns": BEGIN,
        "to_ns": MADE_AT,
        "made_at": MADE_AT,
        "names": NAMES,
    }
    return SheetFacts(**(given | changes))  # type: ignore[arg-type]
