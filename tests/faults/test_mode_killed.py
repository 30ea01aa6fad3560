"""A switch of the mode over real daemons: ingest and a seat confirm it, silence undoes it, a kill does not halve it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import CreateAccount, GiveApproval, SignOn
from chengyun_core.model.failure import Trouble
from chengyun_core.model.mode import Declaration, Preset, Scope, SwitchState
from chengyun_core.model.mode_commands import ConfirmMode, DeclareMode, LiftMode, SavePreset
from chengyun_core.model.scales import Mode
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskPreview, Hello, Preview, SignedOn, Snapshot
from chengyun_core.wire.mode_asks import AskModePreview, AskModes, ModePreview, Modes
from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

CITY, SCOPE, VITALS = "500000", Scope(centre="500000"), 12
MORE = (
    "\n[centre]\nmode_confirm_s = 8.0\nmode_confirm_after_start_s = 60.0\n"
    "argon2_time_cost = 1\nargon2_memory_kib = 64\n"
)
FLOOD = Preset(code="flood", name="防汛", threshold_set="flood", sound="emergency")
BELOW_PEACE_ABOVE_FLOOD = 45.0


def flooding_city() -> Catalogue:
    """Return the small city, in whose flood set limits are lower by a fifth."""
    base = small_city(VITALS, period_s=600.0)
    rows = (replace(row, high_yellow=40.0) if row.threshold_set == "flood" else row for row in base.thresholds)
    return replace(base, thresholds=tuple(rows))


class Deciders:
    """Officer and chief at one console, with its session, over the city's real doors."""

    def __init__(self, city: LivingCity) -> None:
        self.city = city
        with city.door() as door:
            door.send(CreateAccount(account="chief", name="值班长", password=PASSWORD, posts=(f"{CITY}.watch_chief",)))
            door.send(SavePreset(preset=FLOOD, version=0))
        with DoorClient(self.address) as door:
            body = door.ask("session.sign_on", SignOn(account=OFFICER, password=PASSWORD, seat=SEAT), timeout_s=30)
        self.token = codec.unpack(body, SignedOn).token

    @property
    def address(self) -> str:
        """Return where the centre's door is."""
        return of_profile(self.city.profile.folder).centre_door

    def door(self) -> DoorClient:
        """Return the seat's way to the centre."""
        return DoorClient(self.address, session=self.token, timeout_s=30)

    def here(self) -> None:
        """Say that the console lives."""
        with self.door() as door:
            door.ask("session.here", Hello(protocol=PROTOCOL_VERSION, client="test"))

    def preview(self, lifts: int = 0) -> ModePreview:
        """Ask what would change."""
        with self.door() as door:
            ask = AskModePreview(scope=SCOPE, mode=Mode.EMERGENCY, preset="flood", lifts=lifts)
            return codec.unpack(door.ask("mode.preview", ask), ModePreview)

    def switch(self) -> Declaration:
        """Declare and give."""
        self.here()
        seen = self.preview().digest
        command = DeclareMode(scope=SCOPE, mode=Mode.EMERGENCY, preset="flood", reason="暴雨", seen=seen)
        return self._given(command)

    def lift(self, held: Declaration) -> Declaration:
        """Ask for the way back and give it."""
        self.here()
        seen = self.preview(held.number).digest
        return self._given(LiftMode(declaration=held.number, version=held.version, reason="雨停", seen=seen))

    def confirm(self, held: Declaration) -> None:
        """Confirm for the seat."""
        with self.door() as door:
            door.send(ConfirmMode(declaration=held.number, term=held.term, who=SEAT))

    def newest(self) -> Declaration:
        """Return the declaration made last."""
        with self.door() as door:
            told = codec.unpack(door.ask("mode.page", AskModes()), Modes)
        return max(told.declarations, key=lambda one: one.number)

    def alarms(self) -> tuple[int, int, int]:
        """Return how many alarms live, how many of them belong to a situation, and of how many situations."""
        with self.door() as door:
            told = codec.unpack(door.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="test")), Snapshot)
        living = [codec.unpack(record.record, Alarm) for record in told.records if record.kind == "alarm"]
        situations = [alarm.situation for alarm in living if alarm.situation is not None]
        return len(living), len(situations), len(set(situations))

    def would_alarm(self) -> int:
        """Return what ingest says would alarm after the switch."""
        with DoorClient(of_profile(self.city.profile.folder).ingest_door) as door:
            ask = AskPreview(threshold_set="normal", sets=self.preview().sets)
            return len(codec.unpack(door.ask("preview", ask), Preview).would_alarm)

    def _given(self, command: DeclareMode | LiftMode) -> Declaration:
        with self.door() as door:
            asked = door.send(command)
            door.send(GiveApproval(approval=int(asked.key), version=asked.version, account="chief", secret=PASSWORD))
        return self.newest()


@pytest.fixture(scope="module")
def deciders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deciders]:
    """Return a living city whose vitals stand between the limits of its two sets, and who decides there."""

    def furnish(folder: Path) -> None:
        with (folder / "profile.toml").open("a", encoding="utf-8") as file:
            file.write(MORE)

    with living_city(tmp_path_factory.mktemp("mode"), catalogue=flooding_city(), furnish=furnish) as city:
        city.publish(dict.fromkeys(range(VITALS), BELOW_PEACE_ABOVE_FLOOD))
        yield Deciders(city)


def test_that_ingest_confirms_within_the_time_and_the_new_limits_alarm_as_previewed(deciders: Deciders) -> None:
    deciders.city.publish_all()
    wait_until(lambda: deciders.would_alarm() == VITALS, "ingest has taken the values")
    declared = deciders.switch()
    assert declared.awaited == ("ingest/0", SEAT)
    deciders.confirm(declared)
    wait_until(lambda: deciders.newest().state is SwitchState.IN_FORCE, "ingest has confirmed")
    held = deciders.newest()
    said = {one.who: (one.at - (held.applied_at or 0)) / 1e9 for one in held.confirmed}
    print(f"ingest confirmed after {said['ingest/0']:.3f} s")
    wait_until(lambda: deciders.alarms()[0] == VITALS, "all vitals alarm by the new limits")
    _, grouped, situations = deciders.alarms()
    print(f"{grouped} of {VITALS} alarms came in {situations} situations")
    assert grouped == VITALS, "alarms of the new set come grouped"
    assert situations < VITALS / 2
    lifting = deciders.lift(held)
    deciders.confirm(lifting)
    wait_until(lambda: deciders.newest().state is SwitchState.LIFTED, "the way back is confirmed")


def test_that_a_centre_killed_within_a_switch_finishes_it_with_who_finds_it_again(deciders: Deciders) -> None:
    declared = deciders.switch()
    deciders.city.kill("centre")
    wait_until(lambda: _answers(deciders), "the centre is back")
    again = deciders.newest()
    assert (again.number, again.state) == (declared.number, SwitchState.APPLYING)
    deciders.confirm(again)
    wait_until(lambda: deciders.newest().state is SwitchState.IN_FORCE, "ingest has found the centre again")
    lifting = deciders.lift(deciders.newest())
    deciders.confirm(lifting)
    wait_until(lambda: deciders.newest().state is SwitchState.LIFTED, "the way back is confirmed")


def test_that_a_seat_that_says_nothing_has_all_of_it_undone(deciders: Deciders) -> None:
    declared = deciders.switch()
    wait_until(lambda: deciders.newest().state is SwitchState.UNDONE, "the time is over", limit_s=90)
    undone = deciders.newest()
    assert (undone.number, undone.faulty, undone.fault) == (declared.number, SEAT, "mode.not_confirmed")
    preview = deciders.preview()
    assert preview.now.mode is Mode.PEACETIME
    assert preview.parts[0].before == "normal"


def _answers(deciders: Deciders) -> bool:
    deciders.city.supervisor.tick()
    try:
        with DoorClient(deciders.address, timeout_s=0.5) as door:
            door.hello()
    except Trouble:
        return False
    return True
