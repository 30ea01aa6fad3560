"""The evening somebody hands over (WF1): what is open at his seat, made by himself through the centre's door.

Two alarms nobody has acknowledged, one shelved, three events, a plan that runs, four orders without receipt, two
sensors silenced, one notice, and the first report of the graded event: fifteen items.
"""

from dataclasses import replace

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import KIND_OF, CreateAccount, ShelveAlarm, SignOff, SignOn, TakeOutOfService
from chengyun_core.model.duty import Assignment, DutyRole, LogKind, Person, Presence
from chengyun_core.model.duty_commands import SavePerson, SaveShift, WriteLogLine
from chengyun_core.model.event import EventSource, Factor
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.model.plan_commands import SendPlanOrders, StartPlan
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done, SignedOn
from chengyun_core.wire.plan_asks import AskDrafts, AskMatch, Drafts, Matches
from tests.support import golden_city as golden
from tests.support.living_city import OFFICER, PASSWORD, POST, SEAT, LivingCity
from tests.support.waiting import wait_until

BEGINS = "2026-07-18T19:30:00+08:00"
GIVER, TAKER, TAKER_NAME = "陈静", "second", "刘勇"
CHIEF, CHIEF_NAME, CHIEF_SEAT = "chief", "周毅", "A-02"
RED, SHELVED, MENDED, MEANWHILE = golden.PRESSURE, 4, (8, 9), 6
"""Numbers of vitals: the main that burst, one that is shelved, two silenced, one that turns red meanwhile."""
SECOND_RED = 0
NOTICE = "20:30 市防办来人查看值班记录"
OTHER_EVENTS = ("两路口路灯整片不亮", "大溪沟泵站异响")
SHELVED_MIN = 15
COUNTS = {
    "unacknowledged": 2, "shelved": 1, "event": 3, "plan_run": 1, "order": 4, "report_due": 1, "fault": 2, "notice": 1,
}  # fmt: skip
"""Kind of item → how many there are; WF1 names them."""


def staff(city: LivingCity) -> None:
    """Write the shift that runs at once and the next one, both officers on them, and the taker's account."""
    now, hours = city.clock.utc_ns(), 3600 * NS_PER_S
    with city.door() as door:
        door.send(CreateAccount(account=TAKER, name=TAKER_NAME, password=PASSWORD, posts=(POST,)))
        door.send(CreateAccount(account=CHIEF, name=CHIEF_NAME, password=PASSWORD, posts=("500000.watch_chief",)))
        for code, name, account in (("P01", GIVER, OFFICER), ("P02", TAKER_NAME, TAKER)):
            door.send(SavePerson(person=Person(code=code, name=name, centre="500000", account=account), version=0))
        door.send(_shift("白班", now, now + 8 * hours, "P01"))
        door.send(_shift("夜班", now + 8 * hours, now + 16 * hours, "P02"))


def leave_open(city: LivingCity) -> None:
    """Let happen what the giver will hand over, and let him begin with it; return when the journal has all of it."""
    city.publish(golden.AT_REST)
    city.publish({RED: golden.BURST, SECOND_RED: 120.0, SHELVED: 60.0})
    with city.door() as admin:
        admin.send(golden.golden_plans(), timeout_s=30)
        wait_until(lambda: len(_alarms(admin)) == 3, "three alarms are raised")
        shelved = _alarms(admin)[SHELVED]
    with _seated(city, OFFICER, SEAT) as door:
        _do(door, ShelveAlarm(alarm=shelved.number, version=shelved.version, minutes=SHELVED_MIN, reason="传感器检修"))
        _chain(door)
        for title in OTHER_EVENTS:
            _do(door, OpenEvent(source=EventSource.MANUAL, title=title, centre="500103"))
        _do(door, WriteLogLine(text=NOTICE, kind=LogKind.NOTICE))
    with _seated(city, CHIEF, CHIEF_SEAT) as door:
        for vital in MENDED:
            until = city.clock.utc_ns() + 7200 * NS_PER_S
            _do(door, TakeOutOfService(vital=vital, ticket=f"WX-{vital:04}", until=until, reason="换探头"))
        _do(door, SignOff())


def _seated(city: LivingCity, account: str, seat: str) -> DoorClient:
    address = of_profile(city.profile.folder).centre_door
    with city.door() as admin:
        told = admin.ask(KIND_OF[SignOn], SignOn(account=account, password=PASSWORD, seat=seat), timeout_s=30)
    return DoorClient(address, session=codec.unpack(told, SignedOn).token)


def _chain(door: DoorClient) -> None:
    """Open, grade and command the burst main: a plan that runs, four of its orders sent."""
    event = int(_do(door, OpenEvent(
        source=EventSource.MANUAL, title=golden.TITLE, matter=golden.MATTER, centre="500103", risk_point="FX-JIAXI",
        place="上清寺街道嘉西村", attributes={"diameter_mm": "400"},
    )).key)  # fmt: skip
    _do(door, GradeEvent(event=event, version=1, factors=dict.fromkeys(Factor, 2)))
    best = codec.unpack(door.ask("plan.match", AskMatch(event=event)), Matches).matches[0]
    start = StartPlan(event=event, template=best.template, edition=best.edition, risk_point=best.risk_point)
    run = int(_do(door, start).key)
    told = codec.unpack(door.ask("plan.drafts", AskDrafts(run=run)), Drafts)
    drafts = tuple(one.draft for one in told.drafts if one.draft is not None)[: COUNTS["order"]]
    _do(door, SendPlanOrders(run=run, version=told.version, drafts=drafts))


def _shift(name: str, begins_at: int, ends_at: int, person: str) -> SaveShift:
    on = Assignment(person=person, role=DutyRole.OFFICER, seat=SEAT)
    return SaveShift(
        number=0, version=0, centre="500000", name=name, begins_at=begins_at, ends_at=ends_at,
        assignments=(replace(on, presence=Presence.PLANNED),),
    )  # fmt: skip


def _alarms(door: DoorClient) -> dict[int, Alarm]:
    found = (codec.unpack(change.record, Alarm) for change in door.changes() if change.kind == "alarm")
    return {alarm.vital: alarm for alarm in found}


def _do(door: DoorClient, command: object) -> Done:
    return door.send(command, timeout_s=30)
