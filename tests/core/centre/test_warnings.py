"""Official warnings at the centre: taken in, chained, expired; published by level; called out; heard before log-in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.model.callout import CallOut, CallState, Outcome
from chengyun_core.model.command import GiveApproval, RefuseApproval
from chengyun_core.model.mode import Preset
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.places import Centre, Post
from chengyun_core.model.scales import Level, Mode, WarningColour
from chengyun_core.model.warning import MessageType, OfficialWarning, Polygon, WarningState
from chengyun_core.model.warning_commands import (
    CancelWarning,
    IssueWarning,
    NoteCall,
    StartWarningCall,
    TakeWarning,
)
from chengyun_core.store import call_table, warning_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Hello, Snapshot
from chengyun_core.wire.warning_asks import (
    AskWarning,
    AskWarningCheck,
    AskWarnings,
    WarningChecked,
    Warnings,
    WarningTold,
)
from tests.core.centre.event_room import asked, peopled_city, refused
from tests.core.centre.room import NOON_NS, SCREEN_KEY, SETTINGS, Room
from tests.support.mode_samples import set_mode

HOUR = 3600 * 10**9
POSTS = tuple(
    Post(code=f"{centre}.{kind}", name=kind, centre=centre, phone="023-0000-0001", holder="某")
    for centre in ("500000", "500103", "500106")
    for kind in ("duty_officer", "watch_chief")
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(tmp_path) as made:
        made.adopt(replace(peopled_city(), posts=POSTS))
        yield made


@pytest.fixture
def chief(room: Room) -> str:
    return room.officer("chief", "500000.watch_chief", "500000.duty_officer")


def cap(identifier: str = "A1", *, sent: int = 0, message: str = "Alert", refers: str = "", **told: Any) -> bytes:
    """Return a CAP 1.2 message of one hour, sent so many hours after noon."""
    given = {
        "severity": "Extreme",
        "code": "500103",
        "ends": 6,
        "status": "Actual",
        "sender": "cma",
        "area": "渝中区",
        **told,
    }
    references = f"<references>{given['sender']},{refers},{_at(0)}</references>" if refers else ""
    info = (
        "<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>"
        f"<severity>{given['severity']}</severity><certainty>Likely</certainty><expires>{_at(given['ends'])}</expires>"
        f"<senderName>市气象台</senderName><headline>暴雨预警</headline><description>强降雨</description>"
        f"<instruction>转移</instruction><area><areaDesc>{given['area']}</areaDesc><geocode><valueName>adcode</valueName>"
        f"<value>{given['code']}</value></geocode></area></info>"
    )
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier>'
        f"<sender>{given['sender']}</sender><sent>{_at(sent)}</sent><status>{given['status']}</status>"
        f"<msgType>{message}</msgType><scope>Public</scope>{references}{'' if message == 'Cancel' else info}</alert>"
    ).encode()


def _at(hours: int) -> str:
    # Noon of the room is 2027-01-15T08:00:00Z.
    return f"2027-01-{15 + (8 + hours) // 24:02}T{(8 + hours) % 24:02}:00:00+00:00"


def take(room: Room, session: str, data: bytes, name: str = "a.xml") -> Done:
    return room.done(TakeWarning(name=name, data=data), session)


def warning(room: Room, number: int = 1) -> OfficialWarning:
    with room.ledger.reading() as connection:
        found = warning_table.get(connection, number)
    assert found is not None
    return found


def states(room: Room) -> list[WarningState]:
    with room.ledger.reading() as connection:
        found = warning_table.older(connection, 0, living_only=False, colours=(), limit=100)
    return [one.state for one in reversed(found)]


def issue(**told: Any) -> IssueWarning:
    given = {
        "centre": "500103", "category": "rainstorm", "colour": WarningColour.YELLOW, "headline": "暴雨黄色预警",
        "starts_at": NOON_NS, "expires_at": NOON_NS + HOUR, "area_text": "渝中区", "centres": ("500103",),
        "notice": "强降雨", "measures": "值守", **told,
    }  # fmt: skip
    return IssueWarning(**given)


def test_that_a_message_is_taken_once_with_its_place_its_level_and_its_bytes(room: Room, chief: str) -> None:
    done = take(room, chief, cap())
    held = warning(room)
    assert (held.colour, held.category, held.area.centres) == (WarningColour.RED, "rainstorm", ("500103",))
    assert room.desk.files is not None
    assert room.desk.files.read(held.digest, 0, 10_000) == cap()
    again = take(room, chief, cap())
    assert (again.key, again.change, again.left) == (done.key, 0, (("1", "warning.known"),))
    assert states(room) == [WarningState.IN_FORCE]


def test_that_a_screen_hears_it_before_log_in_and_after_it_ended_no_more(room: Room, chief: str) -> None:
    take(room, chief, cap())
    hello = Hello(protocol=1, client="t")

    def held() -> list[str]:
        told = codec.unpack(room.ask("snapshot", hello, SCREEN_KEY).body, Snapshot).records
        return [codec.unpack(one.record, OfficialWarning).headline for one in told if one.kind == "warning"]

    assert held() == ["暴雨预警"]
    take(room, chief, cap("A2", sent=1, message="Cancel", refers="A1"))
    assert held() == []


def test_that_an_update_replaces_and_a_cancel_lifts(room: Room, chief: str) -> None:
    take(room, chief, cap())
    take(room, chief, cap("A2", sent=1, message="Update", refers="A1", severity="Severe"))
    assert states(room) == [WarningState.SUPERSEDED, WarningState.IN_FORCE]
    assert warning(room).replaced_by == 2
    take(room, chief, cap("A3", sent=2, message="Cancel", refers="A2"))
    assert states(room) == [WarningState.SUPERSEDED, WarningState.CANCELLED, WarningState.CANCELLED]
    told = asked(room, chief, "warning.get", AskWarning(warning=1), WarningTold)
    assert [one.identifier for one in told.chain] == ["A1", "A2", "A3"]


def test_that_messages_that_come_in_the_wrong_order_end_in_the_same_states(room: Room, chief: str) -> None:
    take(room, chief, cap("A3", sent=2, message="Cancel", refers="A2"))
    take(room, chief, cap("A1"))
    assert states(room)[1] is WarningState.IN_FORCE
    take(room, chief, cap("A2", sent=1, message="Update", refers="A1"))
    assert [warning(room, number).state for number in (2, 3, 1)] == [
        WarningState.SUPERSEDED, WarningState.CANCELLED, WarningState.CANCELLED,
    ]  # fmt: skip


def test_that_an_update_to_what_was_lifted_begins_anew(room: Room, chief: str) -> None:
    take(room, chief, cap("A1"))
    take(room, chief, cap("A2", sent=1, message="Cancel", refers="A1"))
    take(room, chief, cap("A3", sent=2, message="Update", refers="A1"))
    assert warning(room, 3).state is WarningState.IN_FORCE


def test_that_it_expires_by_itself_even_over_a_restart(room: Room, chief: str) -> None:
    take(room, chief, cap())
    room.clock.advance(3600)
    room.restart()
    room.adopt(replace(peopled_city(), posts=POSTS))
    room.tend()
    assert states(room) == [WarningState.IN_FORCE]
    room.clock.advance(5 * 3600)
    room.tend()
    assert states(room) == [WarningState.EXPIRED]
    assert warning(room).version == 2


def test_that_one_that_is_over_when_it_comes_is_kept_and_never_in_force(room: Room, chief: str) -> None:
    room.clock.advance(7 * 3600)
    take(room, chief, cap())
    assert states(room) == [WarningState.EXPIRED]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (cap(status="Exercise"), "warning.exercise_in_live"),
        (cap(status="Test"), "warning.only_a_test"),
        (cap(status="Draft"), "warning.not_for_action"),
        (cap(message="Update"), "warning.no_references"),
        (cap(message="Ack", refers="A0"), "warning.not_for_action"),
        (b"", "warning.nothing_in_it"),
        (b" " * (2**20 + 1), "warning.too_large"),
    ],
)
def test_that_what_is_no_warning_for_us_is_refused_and_leaves_nothing(
    room: Room, chief: str, data: bytes, code: str
) -> None:
    assert room.do(TakeWarning(name="a.xml", data=data), chief).code == code
    assert states(room) == []


def test_that_a_drill_takes_exercises_alone(tmp_path: Path) -> None:
    with Room(tmp_path, replace(SETTINGS, realm="drill")) as room:
        chief = room.officer("chief", "500000.watch_chief")
        assert room.do(TakeWarning(name="a.xml", data=cap()), chief).code == "warning.actual_in_drill"
        take(room, chief, cap(status="Exercise"))
        assert states(room) == [WarningState.IN_FORCE]


def test_that_nobody_lifts_anothers_warning(room: Room, chief: str) -> None:
    take(room, chief, cap())
    forged = cap("B1", sent=1, message="Cancel", refers="A1", sender="forger").replace(
        b"<references>forger,", b"<references>cma,"
    )
    assert room.do(TakeWarning(name="a.xml", data=forged), chief).code == "warning.not_its_sender"
    room.done(issue(), chief)
    own = warning(room, 2)
    false = cap("C1", sent=1, message="Cancel", refers=own.identifier, sender=own.sender)
    assert room.do(TakeWarning(name="a.xml", data=false), chief).code == "warning.own_sender"
    assert states(room) == [WarningState.IN_FORCE] * 2


def test_that_a_check_tells_all_faults_and_takes_nothing(room: Room, chief: str) -> None:
    bad = cap().replace(b"<urgency>Immediate</urgency>", b"").replace(b">Likely<", b">Surely<")
    told = asked(room, chief, "warning.check", AskWarningCheck(name="a.xml", data=bad), WarningChecked)
    assert [fault.code for fault in told.faults] == ["warning.bad_value", "warning.missing_element"]
    good = asked(room, chief, "warning.check", AskWarningCheck(name="a.xml", data=cap()), WarningChecked)
    assert [one.area.centres for one in good.warnings] == [("500103",)]
    assert states(room) == []


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"category": " "}, "warning.issue.category"),
        ({"colour": WarningColour.NONE}, "warning.issue.colour"),
        ({"starts_at": 0}, "warning.issue.starts_at"),
        ({"expires_at": NOON_NS}, "warning.issue.expires_at"),
        ({"centres": (), "area_text": "某处"}, "warning.issue.area"),
        ({"centres": ("999",)}, "warning.issue.unknown_place"),
        ({"notice": ""}, "warning.issue.notice"),
        ({"measures": ""}, "warning.issue.measures"),
        ({"headline": ""}, "text.missing.headline"),
        ({"centres": ("500106",)}, "warning.beyond"),
        ({"colour": WarningColour.ORANGE}, "warning.not_its_level"),
        ({"colour": WarningColour.RED}, "warning.not_its_level"),
        ({"polygons": (Polygon(ring=((106.0, 29.0), (106.1, 29.0))),)}, "warning.bad_polygon"),
    ],
)
def test_that_each_of_the_eight_fields_is_refused_by_its_own_name(
    room: Room, chief: str, told: dict[str, object], code: str
) -> None:
    assert refused(room, chief, issue(**told)).code == code
    assert states(room) == []


def test_that_who_is_of_another_district_publishes_nothing_here(room: Room) -> None:
    other = room.officer("other", "500106.duty_officer")
    assert refused(room, other, issue()).code == "permission.outside_area"


def test_that_a_red_one_waits_for_a_second_person_and_is_published_by_him(room: Room, chief: str) -> None:
    second = room.officer("second", "500000.watch_chief", seat="A-02")
    red = issue(centre="500000", colour=WarningColour.RED)
    done = room.done(red, chief)
    assert done.warnings == ("approval.waits",)
    assert states(room) == [WarningState.WAITING]
    assert refused(room, chief, GiveApproval(approval=int(done.key), version=1)).code == "approval.own"
    room.clock.advance(60)
    room.done(GiveApproval(approval=int(done.key), version=1), second)
    held = warning(room)
    assert (held.state, held.issued_at) == (WarningState.IN_FORCE, NOON_NS + 60 * 10**9)


def test_that_a_red_one_that_is_refused_or_forgotten_was_never_in_force(room: Room, chief: str) -> None:
    second = room.officer("second", "500000.watch_chief", seat="A-02")
    red = issue(centre="500000", colour=WarningColour.RED)
    done = room.done(red, chief)
    room.done(RefuseApproval(approval=int(done.key), version=1, reason="再会商"), second)
    room.done(red, chief)
    room.clock.advance(11 * 60)
    room.tend()
    assert states(room) == [WarningState.REFUSED] * 2


def test_that_ones_own_is_updated_and_lifted_by_a_message_of_its_chain(room: Room, chief: str) -> None:
    room.done(issue(), chief)
    room.clock.advance(60)
    later = issue(updates=1, version=1, colour=WarningColour.BLUE)
    room.done(later, chief)
    assert states(room) == [WarningState.SUPERSEDED, WarningState.IN_FORCE]
    assert refused(room, chief, later).code == "warning.not_in_force"
    room.clock.advance(60)
    room.done(CancelWarning(warning=2, version=1, reason="雨已停"), chief)
    assert states(room) == [WarningState.SUPERSEDED, WarningState.CANCELLED, WarningState.CANCELLED]
    assert (warning(room, 3).message, warning(room, 3).notice) == (MessageType.CANCEL, "雨已停")


def test_that_anothers_is_not_lifted_by_command(room: Room, chief: str) -> None:
    take(room, chief, cap())
    assert refused(room, chief, CancelWarning(warning=1, version=1, reason="雨已停")).code == "warning.not_own"


def test_that_a_page_is_of_a_place_a_colour_and_words(room: Room, chief: str) -> None:
    take(room, chief, cap("A1"))
    take(room, chief, cap("A2", code="500106", severity="Minor"))
    take(room, chief, cap("A3", code="110000", area="北京", ends=1))
    room.clock.advance(2 * 3600)
    room.tend()

    def found(**told: Any) -> list[str]:
        page = asked(room, chief, "warning.page", AskWarnings(**told), Warnings)
        return [one.identifier for one in page.warnings]

    assert found() == ["A2", "A1"]
    assert found(in_force=False) == ["A3", "A2", "A1"]
    assert found(centre="500103") == ["A1"]
    assert found(centre="500000") == ["A2", "A1"]
    assert found(centre="500106", in_force=False) == ["A3", "A2"]
    assert found(colours=(WarningColour.RED,)) == ["A1"]
    assert found(words="渝中 地震") == []
    page = asked(room, chief, "warning.page", AskWarnings(in_force=False, limit=2), Warnings)
    assert (page.next, page.in_force) == (2, 2)
    assert found(in_force=False, before=page.next) == ["A1"]


def test_that_it_tells_who_answers_and_what_is_at_risk(room: Room, chief: str) -> None:
    take(room, chief, cap())
    told = asked(room, chief, "warning.get", AskWarning(warning=1), WarningTold)
    (place,) = told.concerned
    assert (place.centre, place.person, place.vitals) == ("500103", "500103.duty_officer", 1)


def test_that_a_polygon_finds_the_places_whose_units_lie_within(room: Room, chief: str) -> None:
    units = tuple(
        replace(unit, longitude=106.5 if unit.centre == "500103" else 107.5, latitude=29.5)
        for unit in room.desk.city.units.values()
    )
    room.adopt(replace(peopled_city(), units=units, posts=POSTS))
    drawn = cap().replace(
        b"<geocode>", b"<polygon>29.4,106.4 29.4,106.6 29.6,106.6 29.6,106.4 29.4,106.4</polygon><geocode>"
    )
    take(room, chief, drawn.replace(b"<value>500103<", b"<value>999<"))
    assert warning(room).area.centres == ("500103",)
    assert warning(room).area.polygons[0].ring[0] == (106.4, 29.4)
    circled = cap("A2").replace(b"<geocode>", b"<circle>29.5,106.5 5</circle><geocode>")
    take(room, chief, circled.replace(b"<value>500103<", b"<value>999<"))
    assert warning(room, 2).area.centres == ("500103",)


# 叫应


def _called(room: Room, number: int) -> tuple[CallOut, list[str]]:
    with room.ledger.reading() as connection:
        held = call_table.call_out(connection, number)
        calls = call_table.calls_of(connection, number)
    assert held is not None
    return held, [call.for_centre for call, _, _ in calls]


def _confirm(room: Room, session: str, call_out: int, place: int = 0) -> None:
    room.done(
        NoteCall(
            call_out=call_out, place=place, version=1, channel="电话", number="1", outcome=Outcome.CONFIRMED,
            words="明白", said_by="赵某",
        ),
        session,
    )  # fmt: skip


def _call(room: Room, session: str, number: int = 1) -> int:
    return int(room.done(StartWarningCall(warning=number, version=warning(room, number).version), session).key)


def test_that_everybody_responsible_in_its_area_is_called_with_drafted_words(room: Room, chief: str) -> None:
    take(room, chief, cap(code="500000"))
    held, centres = _called(room, _call(room, chief))
    assert centres == ["500000", "500103", "500106"]
    assert all(word in held.words for word in ("市气象台", "暴雨", "红色", "转移", "复述"))
    again = StartWarningCall(warning=1, version=warning(room).version)
    assert refused(room, chief, again).code == "warning.called"


def test_that_towns_beyond_what_a_room_can_call_are_left_to_their_districts(room: Room, chief: str) -> None:
    towns = tuple(
        Centre(code=f"500103{number:03}", name=f"第{number}街道", level=Level.TOWN, parent="500103")
        for number in range(201)
    )
    posts = tuple(Post(code=f"{town.code}.duty_officer", name="值班员", centre=town.code) for town in towns)
    whole = peopled_city()
    room.adopt(replace(whole, centres=(*whole.centres, *towns), posts=(*POSTS, *posts)))
    take(room, chief, cap())
    told = asked(room, chief, "warning.get", AskWarning(warning=1), WarningTold)
    assert len([one for one in told.concerned if one.person]) == 202
    assert _called(room, _call(room, chief))[1] == ["500103"]


def test_that_an_update_calls_only_who_did_not_confirm_one_as_grave(room: Room, chief: str) -> None:
    take(room, chief, cap(code="500000", severity="Moderate"))
    first = _call(room, chief)
    _confirm(room, chief, first)
    _confirm(room, chief, first, 1)
    take(room, chief, cap("A2", sent=1, message="Update", refers="A1", code="500000", severity="Moderate"))
    assert _called(room, first)[0].cancelled == "call_out.warning_updated"
    second = warning(room, 2).call_out
    assert second is not None
    assert _called(room, second)[1] == ["500106"]
    take(room, chief, cap("A3", sent=2, message="Update", refers="A2", code="500000", severity="Extreme"))
    third = warning(room, 3).call_out
    assert third is not None
    assert _called(room, third)[1] == ["500000", "500103", "500106"]


def test_that_a_cancel_ends_the_calls_and_nobody_is_called_after_it(room: Room, chief: str) -> None:
    take(room, chief, cap(code="500000"))
    number = _call(room, chief)
    _confirm(room, chief, number)
    take(room, chief, cap("A2", sent=1, message="Cancel", refers="A1"))
    held, _ = _called(room, number)
    assert (held.cancelled, held.ended_at) == ("call_out.warning_ended", room.clock.utc_ns())
    late = NoteCall(call_out=number, place=1, version=1, channel="电话", number="1", outcome=Outcome.NO_ANSWER)
    assert refused(room, chief, late).code == "call.cancelled"
    room.clock.advance(3600)
    room.tend()
    with room.ledger.reading() as connection:
        kept = [call.state for call, _, _ in call_table.calls_of(connection, number)]
    assert kept == [CallState.CONFIRMED, CallState.CANCELLED, CallState.CANCELLED]


def test_that_an_expired_warning_is_called_for_no_more(room: Room, chief: str) -> None:
    room.desk.settings = replace(room.desk.settings, call_escalate_minutes=600)
    take(room, chief, cap())
    number = _call(room, chief)
    room.clock.advance(6 * 3600)
    room.tend()
    assert warning(room).state is WarningState.EXPIRED
    assert _called(room, number)[0].cancelled == "call_out.warning_expired"


def test_that_who_confirmed_already_is_not_called_again_by_hand(room: Room, chief: str) -> None:
    take(room, chief, cap())
    _confirm(room, chief, _call(room, chief))
    take(room, chief, cap("A2", sent=1, message="Update", refers="A1"))
    start = StartWarningCall(warning=2, version=warning(room, 2).version)
    assert refused(room, chief, start).code == "warning.all_confirmed"


def test_that_a_warning_of_no_place_of_ours_calls_nobody(room: Room, chief: str) -> None:
    take(room, chief, cap(code="110000", area="北京"))
    assert refused(room, chief, StartWarningCall(warning=1, version=1)).code == "call_out.nobody"


@pytest.mark.parametrize(
    ("told", "code", "name", "suggested"),
    [
        ({}, "flood", "任何名称", "flood"),
        ({}, "FX", "城区防汛", "FX"),
        ({}, "water", "供水", ""),
        ({"severity": "Moderate"}, "flood", "防汛", ""),
        ({"code": "110000", "area": "北京"}, "flood", "防汛", ""),
    ],
)
def test_that_a_grave_warning_in_peace_suggests_the_preset_of_its_kind(
    room: Room, chief: str, told: dict[str, str], code: str, name: str, suggested: str
) -> None:
    room.done(SavePreset(preset=Preset(code=code, name=name), version=0), chief)
    take(room, chief, cap(**told))
    assert asked(room, chief, "warning.get", AskWarning(warning=1), WarningTold).suggests_mode == suggested


def test_that_a_place_in_emergency_is_suggested_nothing(room: Room, chief: str) -> None:
    room.done(SavePreset(preset=Preset(code="flood", name="防汛"), version=0), chief)
    take(room, chief, cap())
    set_mode(room.desk, Mode.EMERGENCY, "500103")
    assert asked(room, chief, "warning.get", AskWarning(warning=1), WarningTold).suggests_mode == ""
