"""Official warnings, what lies in their areas, and a call-out half done, for the scenes and tests of warnings."""

from dataclasses import replace

from chengyun_core.model.callout import Attempt, Call, CallOut, CallState, Outcome
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Affected, MessageType, OfficialWarning, Polygon, WarningState
from chengyun_core.wire.warning_asks import CallOutTold, CallTold, Concerned, Warnings, WarningTold
from tests.console.still_session import START_NS, S

RING = ((106.42, 29.45), (106.63, 29.42), (106.72, 29.55), (106.61, 29.66), (106.45, 29.62), (106.42, 29.45))


def warning(number: int = 7, **fields: object) -> OfficialWarning:
    """Return the red rainstorm warning of the observatory over 渝中区, five hours left."""
    made: dict[str, object] = {
        "number": number, "code": f"YJ-2026-{number:04d}", "identifier": "50000041600000_20260718132000",
        "sender": "重庆市气象台", "category": "rainstorm", "colour": WarningColour.RED,
        "starts_at": START_NS - 3600 * S, "expires_at": START_NS + 5 * 3600 * S,
        "area": Affected(text="渝中区、江北区、沙坪坝区沿江街道", polygons=(Polygon(ring=RING),), centres=("500103",)),
        "notice": "过去三小时渝中、江北降雨量已达 100 毫米以上，预计未来三小时仍将持续，沿江低洼地带积涝风险极高。",
        "measures": "停止户外作业和集会，转移低洼地带和临江人员；排涝、供电、燃气单位加强巡查；学校停课。",
        "issuer": "重庆市气象台", "issued_at": START_NS - 3600 * S, "headline": "重庆市气象台发布暴雨红色预警信号",
        "received_at": START_NS - 3590 * S, "format": "cap-1.2", "version": 1,
        "digest": "9f86d081884c7d659a2feaa0c55ad015",
    }  # fmt: skip
    return OfficialWarning(**(made | fields))  # type: ignore[arg-type]


def several() -> tuple[OfficialWarning, ...]:
    """Return the red one, an orange one of one's own that updated another, a blue one that expired."""
    orange = warning(
        8, category="geological", colour=WarningColour.ORANGE, headline="渝中区地质灾害橙色预警", format="own",
        issuer="重庆市城市运行和治理中心", message=MessageType.UPDATE, references=("YJ-2026-0005",),
        area=Affected(text="渝中区红岩村片区", centres=("500103",)), issued_at=START_NS - 1800 * S,
        expires_at=START_NS + 10 * 3600 * S,
    )  # fmt: skip
    blue = warning(
        3, category="gale", colour=WarningColour.BLUE, headline="大风蓝色预警", state=WarningState.EXPIRED,
        expires_at=START_NS - 7200 * S, issued_at=START_NS - 20 * 3600 * S,
    )  # fmt: skip
    return warning(), orange, blue


def page() -> Warnings:
    """Return the list with one more to ask for."""
    return Warnings(warnings=several(), next=3, in_force=2)


def told(call_out: CallOut | None = None, **fields: object) -> WarningTold:
    """Return the red warning with its chain and who is concerned."""
    one = warning(call_out=call_out.number if call_out else None, **fields)
    earlier = replace(
        one, number=6, colour=WarningColour.ORANGE, state=WarningState.SUPERSEDED, headline="暴雨橙色预警信号",
        issued_at=START_NS - 4 * 3600 * S, call_out=None,
    )  # fmt: skip
    concerned = (
        Concerned(centre="500103", name="渝中区", person="p1", person_name="张明（区应急局）", risk_points=14,
                  vitals=120, events=2),
        Concerned(centre="500106", name="沙坪坝区", person="", risk_points=9, vitals=88),
    )  # fmt: skip
    return WarningTold(
        warning=one, chain=(earlier, one), concerned=concerned, risk_points=23, call_out=call_out, suggests_mode="flood"
    )  # fmt: skip


def call_out(**fields: object) -> CallOut:
    """Return a call-out to four, one confirmed and one told upwards."""
    made: dict[str, object] = {
        "number": 5, "about": "warning/7", "title": "暴雨红色预警",
        "words": "暴雨红色预警已发布，请立即组织临江低洼地带人员转移，收到请回复。",
        "addressees": 4, "confirmed": 1, "escalated": 1, "started_at": START_NS - 600 * S, "started_by": "li",
    }  # fmt: skip
    return CallOut(**(made | fields))  # type: ignore[arg-type]


def _try(ago_s: int, outcome: Outcome, words: str = "", said_by: str = "") -> Attempt:
    return Attempt(
        at=START_NS - ago_s * S, channel="phone", number="*******0101", outcome=outcome, by="li", words=words,
        said_by=said_by,
    )  # fmt: skip


def calls() -> tuple[Call, ...]:
    """Return the four: one whose second is called, one that waits, one confirmed, one told upwards."""
    return (
        Call(call_out=5, place=0, for_centre="500103", chain=("p1", "p2"), state=CallState.CONFIRMED,
             attempts=(_try(500, Outcome.CONFIRMED, "收到，已通知五个街道", "张明"),), version=2),
        Call(call_out=5, place=1, for_centre="500103", chain=("p3", "p4"), at=1, state=CallState.UNREACHABLE,
             attempts=(_try(480, Outcome.NO_ANSWER), _try(300, Outcome.BUSY)), due_at=START_NS + 95 * S, version=3),
        Call(call_out=5, place=2, for_centre="500103", chain=("p5",), due_at=START_NS - 30 * S, overdue=True),
        Call(call_out=5, place=3, for_centre="500103", chain=("p6",), state=CallState.ESCALATED,
             attempts=(_try(470, Outcome.NO_ANSWER), _try(290, Outcome.NO_ANSWER)), superior="500000", version=3),
    )  # fmt: skip


def call_out_told() -> CallOutTold:
    """Return the call-out with names and numbers."""
    names = ("张明（区应急局）", "李红（朝天门街道）", "周强（解放碑街道）", "吴敏（两路口街道）")
    told_calls = tuple(
        CallTold(call=call, person_name=name, phones=(f"023-6388010{at}",))
        for at, (call, name) in enumerate(zip(calls(), names, strict=True))
    )
    return CallOutTold(call_out=call_out(), calls=told_calls)
