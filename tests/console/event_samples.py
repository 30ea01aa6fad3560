"""Events of one afternoon with their orders, receipts and timeline, put before a still session."""

from dataclasses import replace
from typing import Protocol

from chengyun_core.model.event import (
    Attachment,
    Event,
    EventReport,
    EventSource,
    EventState,
    Factor,
    Hop,
    Improvement,
    ImprovementKind,
    ReportKind,
)
from chengyun_core.model.event_tree import roll_up
from chengyun_core.model.hop_waterfall import waterfall
from chengyun_core.model.order import Channel, Climbed, Order, Receipt, Role, Step
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.event_asks import EventFile, HopRow, Hops, Owed, Timeline, TimelineLine
from tests.console.still_session import START_NS, S, StillSession

MIN = 60 * S
DAY = 86_400 * S
PLACE = "磁器口码头3号趸船北侧滨江步道"


class Stood(Protocol):
    """A window on a still session that can let a second pass."""

    session: StillSession

    def beat(self) -> None:
        """Let a second pass."""


def event(number: int, **fields: object) -> Event:
    """Return an event opened half an hour ago, reported by hand, unless told otherwise."""
    made = Event(
        number=number,
        code=f"事〔2026〕{number:06d}",
        title=f"事件 {number}",
        centre="500000",
        source=EventSource.MANUAL,
        source_at=START_NS - 32 * MIN,
        opened_at=START_NS - 30 * MIN,
        opened_by="li",
        opened_seat="A-03",
        changed_at=START_NS - 5 * MIN,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def stranded() -> Event:
    """Return the gravest: graded 重大, led, commanded, ordered, its first report overdue."""
    hops = {
        Hop.SOURCE: START_NS - 42 * MIN, Hop.RAISED: START_NS - 42 * MIN + S,
        Hop.ACKNOWLEDGED: START_NS - 42 * MIN + 4 * S,
        Hop.OPENED: START_NS - 42 * MIN + 12 * S,
        Hop.VERIFIED: START_NS - 40 * MIN, Hop.GRADED: START_NS - 40 * MIN + 9 * S,
        Hop.ORDERED: START_NS - 37 * MIN, Hop.SIGNED: START_NS - 35 * MIN, Hop.ARRIVED: START_NS - 30 * MIN,
    }  # fmt: skip
    return event(
        41, title="磁器口码头滞留游客转移", narrative="游客称码头栈桥被淹，约二百人上不了岸，有两名老人身体不适。",
        place=PLACE, grade=EventGrade.MAJOR, suggested=EventGrade.MAJOR, state=EventState.HANDLING,
        factors={Factor.NATURE: 3, Factor.URGENCY: 4, Factor.CONTROL: 3, Factor.REACH: 2},
        attributes={"people": "200", "water_level_m": "183.62"}, alarms=(1, 2), lead="U-01", assisting=("U-02",),
        command_seat="A-03", report_due_at=START_NS - 2 * MIN, report_overdue=True, orders=1, hops=hops, attachments=1,
        source=EventSource.ALARM, informant="张女士 138****5521", opened_at=START_NS - 42 * MIN + 12 * S,
        source_at=START_NS - 42 * MIN, version=7, may_escalate=True,
    )  # fmt: skip


def several() -> tuple[Event, ...]:
    """Return events of every grade and of several states."""
    return (
        stranded(),
        event(39, title="S544 省道边坡落石", grade=EventGrade.LARGER, state=EventState.ASSIGNED, lead="U-02",
              report_due_at=START_NS + 22 * MIN, place="省道 S544 K12+300"),
        event(36, title="两江影视城停电", grade=EventGrade.LARGER, state=EventState.FED_BACK, handler="wang"),
        event(33, title="石桥铺积水 0.3 m", grade=EventGrade.GENERAL, state=EventState.REPORTED,
              source=EventSource.CITIZEN, source_ref="12345-20260718-0091"),
        event(31, title="大坪管廊甲烷浓度升高", state=EventState.REPORTED, source=EventSource.ALARM),
        event(28, title="轨道 3 号线客流拥挤", grade=EventGrade.EXTRAORDINARY, state=EventState.SUSPENDED,
              before=EventState.HANDLING, resume_at=START_NS + 90 * MIN),
    )  # fmt: skip


def order() -> Order:
    """Return the order of the gravest event."""
    return Order(
        number=17, code="令〔2026〕000017", event=41, title="转移磁器口沿线群众", text="立即转移。", centre="500000",
        issued_at=START_NS - 37 * MIN, issued_by="li", issued_seat="A-03", recipients=2, changed_at=START_NS,
    )  # fmt: skip


def receipts() -> tuple[Receipt, ...]:
    """Return its receipts: one arrived, one that has not signed in time."""
    told = Climbed(at=START_NS - 30 * MIN, received_at=START_NS - 30 * MIN, channel=Channel.RADIO)
    return (
        Receipt(order=17, place=1, event=41, recipient="U-01", role=Role.LEAD, step=Step.ARRIVED,
                climbed={Step.ARRIVED: told}, due={Step.HANDLING: START_NS + 3 * MIN}, changed_at=START_NS),
        Receipt(order=17, place=2, event=41, recipient="U-02", due={Step.SIGNED: START_NS - 6 * MIN}, reminded=2,
                changed_at=START_NS),
    )  # fmt: skip


def file_of(shown: Event) -> EventFile:
    """Return what the centre answers to `event.get`."""
    picture = Attachment(
        number=3, about="event:41", digest="ab" * 32, name="栈桥现场.jpg", size=412_000, media="image/jpeg",
        taken_at=START_NS - 33 * MIN, added_at=START_NS - 31 * MIN, added_by="li", added_seat="A-03",
    )  # fmt: skip
    report = EventReport(
        number=5, event=41, kind=ReportKind.FIRST, issue=1, text="磁器口码头栈桥被淹，约二百名游客滞留。", drafted="",
        sent_at=START_NS - 20 * MIN, sent_by="li", sent_seat="A-03",
    )  # fmt: skip
    is_gravest = shown.number == 41
    return EventFile(event=shown, attachments=(picture,) if is_gravest else (), reports=(report,) if is_gravest else ())


def lines() -> tuple[TimelineLine, ...]:
    """Return a timeline of the gravest event, oldest first."""
    told = (
        (42, "timeline.alarm.raise", {}, "", 0),
        (41, "timeline.event.open", {"source": "alarm"}, "li", 0),
        (40, "timeline.event.verify", {"channel": "phone", "words": "现场水务所确认，栈桥已没过 0.4 m"}, "li", 2),
        (40, "timeline.event.grade", {"grade": "3", "suggested": "3", "before": "", "reason": ""}, "li", 0),
        (38, "timeline.event.assign", {"lead": "U-01", "assisting": "U-02", "reason": ""}, "li", 0),
        (30, "timeline.event.reached.arrived", {"hop": "arrived"}, "wang", 1),
        (20, "timeline.event.note", {"channel": "radio", "said_by": "水上 07", "text": "已转移 84 人"}, "li", 0),
        (2, "timeline.event.report_overdue", {}, "", 0),
    )  # fmt: skip
    return tuple(
        TimelineLine(
            number=100 + at, at=START_NS - ago * MIN, source_at=START_NS - (ago + late) * MIN, code=code, params=params,
            account=account, seat="A-03" if account else "", level="city" if account else "", kind="event", key="41",
        )
        for at, (ago, code, params, account, late) in enumerate(told)
    )  # fmt: skip


def owed() -> Owed:
    """Return reviews that are owed and items of reviews: one overdue, one that ends today, one with time."""
    closed = event(12, title="朝天门隧道积水", grade=EventGrade.LARGER, state=EventState.CLOSED,
                   closed_at=START_NS - 41 * DAY)  # fmt: skip
    younger = event(19, title="北滨路燃气泄漏", grade=EventGrade.MAJOR, state=EventState.CLOSED,
                    closed_at=START_NS - 3 * DAY)  # fmt: skip
    told = (
        (4, ImprovementKind.THRESHOLD, "寸滩站水位橙色阈值提前量改为 30 分钟", -6 * DAY),
        (6, ImprovementKind.PLAN, "磁器口预案增加码头栈桥清场一步", 5 * 3600 * S),
        (7, ImprovementKind.TRAINING, "沙坪坝、渝中两区联合夜间转移演练", 24 * DAY),
    )
    items = tuple(
        Improvement(number=number, event=12, kind=kind, text=text, owner_post="500000.duty_officer",
                    due_at=START_NS + due, added_at=START_NS - 30 * DAY, added_by="zhang")
        for number, kind, text, due in told
    )  # fmt: skip
    return Owed(events=(closed, younger), items=items)


def family() -> tuple[Event, ...]:
    """Return a major event with two below it and one of these with one more; one more was merged into the first."""
    top = replace(stranded(), children=2)
    return (
        top,
        event(43, title="磁器口正街群众疏散", parent=41, children=1, grade=EventGrade.LARGER, state=EventState.HANDLING,
              hops={Hop.SOURCE: START_NS - 30 * MIN, Hop.ORDERED: START_NS - 26 * MIN}),
        event(44, title="码头泊位断电", parent=43, grade=EventGrade.GENERAL, state=EventState.ASSIGNED),
        merged(),
    )  # fmt: skip


def merged() -> Event:
    """Return an event that was merged into the gravest."""
    return event(
        40, title="群众反映栈桥上有人被困", state=EventState.MERGED, before=EventState.VERIFIED, merged_into=41,
        alarms=(2,), version=4, grade=EventGrade.GENERAL,
    )  # fmt: skip


def file_of_family() -> EventFile:
    """Return what the centre answers about the topmost of them; one below it has ended."""
    top, child, _grandchild, taken_in = family()
    ended = event(42, title="轻轨站口积水", parent=41, state=EventState.CLOSED, closed_at=START_NS - 4 * MIN,
                  grade=EventGrade.GENERAL)  # fmt: skip
    children = (ended, child)
    return replace(
        file_of(top), children=children, merged=(40,), merged_events=(taken_in,), roll_up=roll_up(top, children)
    )


def hops(shown: Event) -> Hops:
    """Return the waterfall of an event."""
    rows = tuple(
        HopRow(
            hop=fall.hop, at=fall.at, received_at=fall.at, since_source_s=fall.since_source_s,
            since_previous_s=fall.since_previous_s, budget_s=fall.budget_s, budget_from=fall.budget_from,
            late_s=fall.late_s,
        )
        for fall in waterfall(shown.hops)
    )  # fmt: skip
    return Hops(rows=rows, missing=tuple(hop for hop in Hop if hop not in shown.hops))


def put_events(session: StillSession, *told: Event) -> None:
    """Let the centre tell these events."""
    for one in told:
        session.put_fact("event", str(one.number), one, version=one.version)


def show_events(at: Stood, *told: Event, page: str = "F3") -> None:
    """Go to a page with these events on it, the first in focus and everything about it answered."""
    session, chosen = at.session, told or several()
    put_events(session, *chosen)
    session.put_fact("order", "17", order())
    for receipt in receipts():
        session.put_fact("receipt", f"{receipt.order}.{receipt.place}", receipt)
    at.window.show_page(page)  # type: ignore[attr-defined]
    for _ in range(2):
        at.beat()
    answer(session, chosen[0])
    at.beat()


def answer(session: StillSession, shown: Event) -> None:
    """Answer what the page asked about an event."""
    told = {"events.file": file_of(shown), "events.hops": hops(shown),
            "events.lines": Timeline(lines=lines() if shown.number == 41 else ()), "events.dues": owed()}  # fmt: skip
    for slot, record in told.items():
        if slot in session.sent.asks:
            session.answer_ask(slot, record)
