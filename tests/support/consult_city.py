"""朝天门码头 above its guaranteed water in a city that comes up in seconds: three seats at three levels."""

from dataclasses import replace

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import KIND_OF, CreateAccount, SignOn
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.event import EventSource, Factor
from chengyun_core.model.event_commands import AssignEvent, GradeEvent, OpenEvent
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.scales import EventGrade, Level
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import SignedOn
from tests.support.living_city import PASSWORD, POST, LivingCity
from tests.support.small_city import small_city
from tests.support.street_cameras import address_of

BEGINS = "2026-07-18T14:20:00+08:00"
OFFICER, COLLEAGUE = "陈静", "李娜"
DISTRICT, TOWN = "500103", "500103001"
DISTRICT_SEAT, TOWN_SEAT, COLLEAGUE_SEAT = "Q-01", "Z-01", "A-02"
PEOPLE = {DISTRICT_SEAT: ("district", "刘勇", f"{DISTRICT}.duty_officer"),
          TOWN_SEAT: ("town", "周敏", f"{TOWN}.duty_officer")}  # fmt: skip
"""Seat → account, name and post of who sits there."""
CAMERA, CAMERA_NAME, SCENE = "CAM-1", "朝天门 4号码头", "river"
PLACE = (106.5850, 29.5660)
TITLE = "朝天门码头水位超保证水位"
LEAD, LEAD_NAME = "500103-SL", "渝中区水利防汛队"
_UNITS = (
    (LEAD, LEAD_NAME, UnitKind.TEAM, "flood.fight|pump"),
    ("500103-XF", "渝中区消防救援站", UnitKind.TEAM, "fire|rescue"),
    (f"{TOWN}-JD", "朝天门街道办事处", UnitKind.STREET, "residents.tell|residents.move"),
)


def consult_city() -> Catalogue:
    """Return the small city with the town, its seats, units, matter and camera."""
    small = small_city(4, period_s=600.0)
    units = tuple(
        Unit(code=code, name=name, centre=code.partition("-")[0], kind=kind, post=f"{code.partition('-')[0]}.unit.{at}",
             capabilities=able, longitude=PLACE[0], latitude=PLACE[1])
        for at, (code, name, kind, able) in enumerate(_UNITS, 1)
    )  # fmt: skip
    duty = tuple(Post(code=post, name="值班员", centre=post.partition(".")[0]) for _, _, post in PEOPLE.values())
    seats = tuple(
        Seat(code=seat, name=seat, centre=post.partition(".")[0], post=post) for seat, (_, _, post) in PEOPLE.items()
    )  # fmt: skip
    camera = Camera(
        code=CAMERA, name=CAMERA_NAME, centre=TOWN, longitude=PLACE[0], latitude=PLACE[1], kind=CameraKind.DEMO,
        address=address_of(CAMERA), path="渝中区/朝天门街道",
    )  # fmt: skip
    signing = tuple(Post(code=one.post, name=f"{one.name}值守岗", centre=one.centre) for one in units)
    return replace(
        small, units=units, cameras=(camera,),
        centres=(*small.centres, Centre(code=TOWN, name="朝天门街道", level=Level.TOWN, parent=DISTRICT)),
        posts=(*small.posts, *duty, *signing),
        seats=(*small.seats, *seats),
        matters=(Matter(code="FX-SHUIWEI", name="江河超保证水位", subtrack="ST1", words="水位", handle_min=240.0),),
    )  # fmt: skip


def make_accounts(city: LivingCity) -> None:
    """Make an account for everybody but the officer at A-01, who has one."""
    people = ((COLLEAGUE, "colleague", POST), *((name, account, post) for account, name, post in PEOPLE.values()))
    with city.door() as door:
        for name, account, post in people:
            door.send(CreateAccount(account=account, name=name, password=PASSWORD, posts=(post,)), timeout_s=30)


def open_event(city: LivingCity) -> None:
    """Have the colleague at A-02 open the event, grade it and name who leads and who assists."""
    with city.door() as door:
        seated = SignOn(account="colleague", password=PASSWORD, seat=COLLEAGUE_SEAT)
        token = codec.unpack(door.ask(KIND_OF[SignOn], seated, timeout_s=30), SignedOn).token
    with DoorClient(of_profile(city.profile.folder).centre_door, session=token) as door:
        opened = OpenEvent(
            source=EventSource.MANUAL, title=TITLE, matter="FX-SHUIWEI", centre=TOWN, place="朝天门4号码头",
            longitude=PLACE[0], latitude=PLACE[1],
        )  # fmt: skip
        done = door.send(opened, timeout_s=30)
        number = int(done.key)
        graded = GradeEvent(
            event=number, version=done.version, factors=dict.fromkeys(Factor, 2), grade=EventGrade.LARGER,
            reason="水位仍在上涨",
        )  # fmt: skip
        done = door.send(graded)
        assisting = tuple(code for code, *_ in _UNITS if code != LEAD)
        door.send(AssignEvent(event=number, version=done.version, lead=LEAD, assisting=assisting))
