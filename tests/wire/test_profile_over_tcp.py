"""A whole profile over TCP with CURVE: both daemons as processes, and a console of another machine that is cut off."""

import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.session import Session
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.mirror.links import LinkState, Reach
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import curve
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.roles import Role
from tests.support.console_waiting import wait_at
from tests.support.curve_stand import allow, over_tcp, seat_elsewhere
from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city
from tests.support.waiting import wait_until

LIMIT_MS = 30_000
CUT_WITHIN_S = 5.0
"""RS1: what a revoked key may still see."""


@pytest.fixture
def seat_folder(tmp_path: Path) -> Path:
    return tmp_path / "seat"


@pytest.fixture
def city(tmp_path: Path):
    with living_city(tmp_path, vitals=6, furnish=over_tcp) as made:
        made.publish_all()
        yield made


@pytest.fixture
def session(qtbot: QtBot, city: LivingCity, seat_folder: Path):
    pair = seat_elsewhere(seat_folder, city.profile.folder)
    made = Session(seat_folder)
    made.start()
    try:
        yield made, pair
    finally:
        made.stop()


def _links(session: Session) -> tuple[LinkState, LinkState]:
    return session.links().ingest, session.links().centre


def _are(session: Session, reach: Reach, code: str = "") -> bool:
    return all(link.reach is reach and code in ("", link.reason.code) for link in _links(session))


def test_that_a_console_is_refused_let_in_and_cut_off_by_its_key_while_the_city_goes_on(
    qtbot: QtBot, city: LivingCity, session, seat_folder: Path
) -> None:  # fmt: skip
    console, pair = session
    wait_at(qtbot, console, lambda: _are(console, Reach.REFUSED, "link.key_refused"))
    allow(city.profile.folder, "seat-1", Role.CONSOLE, pair)
    wait_at(qtbot, console, lambda: _links(console)[1].reach is Reach.LIVE)
    with qtbot.waitSignal(console.sign_on_ended, timeout=LIMIT_MS) as ended:
        console.sign_on(OFFICER, PASSWORD, SEAT)
    assert ended.args[0].signed_on is not None
    city.publish({2: 150.0})
    wait_at(qtbot, console, lambda: console.facts.board.unacknowledged == 1)
    wait_at(qtbot, console, lambda: _are(console, Reach.LIVE) and console.state.value[2] == 150.0)

    curve.revoke(city.profile.folder, "seat-1")
    began = time.monotonic()
    wait_at(qtbot, console, lambda: _are(console, Reach.REFUSED, "link.key_refused"))
    assert time.monotonic() - began < CUT_WITHIN_S

    with DoorClient(of_profile(city.profile.folder).centre_door, session=city.profile.key("admin.key")) as door:
        before = _raised(door)
        city.publish({3: 160.0})
        wait_until(lambda: _raised(door) == before + 1, "the alarm of vital 3 is a fact")
    assert console.state.value[3] != 160.0, "who is revoked sees nothing more"


def _raised(door: DoorClient) -> int:
    return sum(change.action == "alarm.raise" for change in door.changes())


def test_that_the_command_line_says_that_the_key_is_refused(city: LivingCity, seat_folder: Path) -> None:
    seat_elsewhere(seat_folder, city.profile.folder)
    with pytest.raises(Refused) as caught, DoorClient(of_profile(seat_folder).centre_door, timeout_s=20) as door:
        door.hello()
    assert caught.value.reason.code == "door.key_refused"


def test_that_a_machine_without_a_key_is_told_to_make_one(tmp_path: Path) -> None:
    daemons = over_tcp(tmp_path / "p")
    seat_elsewhere(tmp_path / "seat", daemons)
    (curve.folder_of(tmp_path / "seat") / "console.key").unlink()
    with pytest.raises(Trouble) as caught, DoorClient(of_profile(tmp_path / "seat").centre_door):
        pass
    assert caught.value.reason.code == "wire.curve_key_missing"


@pytest.mark.usefixtures("caplog")  # the fault is logged as an error
def test_that_a_console_without_a_key_shows_why_instead_of_waiting(qtbot: QtBot, tmp_path: Path) -> None:
    daemons = over_tcp(tmp_path / "p")
    seat_elsewhere(tmp_path / "seat", daemons)
    (curve.folder_of(tmp_path / "seat") / "server.pub").unlink()
    console = Session(tmp_path / "seat")
    console.start()
    try:
        qtbot.waitUntil(lambda: _are(console, Reach.REFUSED, "wire.server_not_pinned"), timeout=LIMIT_MS)
    finally:
        console.stop()
