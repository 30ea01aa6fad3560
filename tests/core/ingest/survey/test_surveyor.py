"""The survey over a small city: slots, states, density, health, and every ask that cannot be meant refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chengyun_core.geo.projection import to_world
from chengyun_core.ingest import places
from chengyun_core.ingest.ground import FINEST, fractions
from chengyun_core.ingest.shown_slots import Shown, ShownFile
from chengyun_core.ingest.survey.door import SurveyDoor
from chengyun_core.ingest.survey.estate import FOLLOWED, NOBODY, Estate
from chengyun_core.ingest.survey.followed import Followed, look_at_all
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.model.catalogue import Catalogue, Channel, Device
from chengyun_core.model.device import DeviceFault, DeviceState
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Reply, Request
from chengyun_core.wire.survey_asks import (
    AskDensity,
    AskDeviceHealth,
    AskDevicePlace,
    AskDevices,
    AskDevicesWithin,
    DensityView,
    SurveyStatus,
)
from chengyun_core.wire.survey_cells import unpacked
from tests.support.small_city import small_city

S = 10**9
NOW = 1_700_000_000 * S
METERS = 40
HERE = (106.5, 29.5)


def _city() -> Catalogue:
    """Three gauges with a channel each, a series of meters of which nothing is heard, and a pump of two channels."""
    small = small_city(3)
    meters = Device(code="M", name="水表", kind="meter", centre="500103", subtrack="ST1", count=METERS)
    pump = Device(
        code="P", name="泵", kind="pump", centre="500000", subtrack="ST1", longitude=HERE[0], latitude=HERE[1]
    )
    more = tuple(
        Channel(number=3 + at, device="P", quantity=name, unit="", period_s=1.0) for at, name in enumerate("ab")
    )
    return replace(small, devices=(*small.devices, meters, pump), channels=(*small.channels, *more))


def _places_file(tmp_path: Path, *, rows: int = METERS) -> Path:
    dice = np.random.default_rng(2)
    x, y = fractions(HERE[0] + dice.random(rows) * 0.01, HERE[1] + dice.random(rows) * 0.01)
    series = (places.SeriesPlaces(device="M", count=rows), places.SeriesPlaces(device="GONE", count=0))
    places.write(tmp_path / "places", places.PlacesHead(origin="test", rows=rows, series=series), x, y)
    return tmp_path / "places"


class Stand:
    """A surveyor with a file it looks at."""

    def __init__(self, tmp_path: Path) -> None:
        self.made = Surveyor(_city(), SurveySettings(), _places_file(tmp_path))
        self.shown = ShownFile(tmp_path / "shown", Shown(epoch=1, catalogue=1, channels=5, vitals=3))
        self.followed = Followed(tmp_path / "shown")
        self.followed.tend()
        self.rounds = 0
        self.more: list[Followed] = []

    def tell(self, heard_s: dict[int, float], now_s: float = 0.0, bands: tuple[int, ...] = (0, 0, 0)) -> None:
        """Let ingest show samples that came `heard_s` after NOW."""
        for channel, at_s in heard_s.items():
            self.shown.slots[channel, 0] = np.uint64((NOW + round(at_s * S)) * 4)
            self.shown.slots[channel, 1] = np.array([float(channel) + at_s]).view(np.uint64)[0]
        self.shown.bands[:] = bands
        self.rounds += 1
        self.shown.say_shown(
            Shown(epoch=1, catalogue=1, channels=5, vitals=3, rounds=self.rounds, now_ns=NOW + round(now_s * S))
        )
        look_at_all(self.made, [self.followed, *self.more])

    def state(self, code: str) -> DeviceState:
        row = next(at for at, device in enumerate(self.made.estate.rows) if device.code == code)
        return DeviceState(int(self.made.density.state[self.made.estate.first[row]]))

    def close(self) -> None:
        self.followed.close()
        self.shown.close(remove=True)


@pytest.fixture
def stand(tmp_path):
    made = Stand(tmp_path)
    yield made
    made.close()


def _round_here(**more: object) -> AskDensity:
    x, y = to_world(*HERE)
    sides = {"left": float(x) - 1e-4, "right": float(x) + 1e-4, "top": float(y) - 1e-4, "bottom": float(y) + 1e-4}
    return AskDensity(**{"width": 64, "height": 64} | sides | more)  # type: ignore[arg-type]


def test_that_every_registered_device_has_a_slot_and_every_channel_its_own() -> None:
    estate = Estate(_city())
    assert estate.size == 3 + METERS + 1
    assert [estate.member_of(slot) for slot in (0, 3, 3 + METERS - 1, 3 + METERS)] == [
        ("D0", 0), ("M", 1), ("M", METERS), ("P", 0),
    ]  # fmt: skip
    slots, silence = estate.slot_of(0, 5)
    assert slots.tolist() == [0, 1, 2, 43, 43]
    assert silence.tolist() == [15 * S] * 5


def test_that_a_channel_number_nobody_owns_has_no_slot() -> None:
    city = _city()
    gap = replace(city, channels=tuple(one for one in city.channels if one.number != 1))
    assert Estate(gap).slot_of(0, 3)[0].tolist() == [0, NOBODY, 2]


def test_that_a_vital_over_many_devices_says_nothing_of_any_one_of_them() -> None:
    city = _city()
    vital = replace(city.vitals[0], formula="mean(M#*.flow)")
    series = Channel(number=5, device="M", quantity="flow", unit="", period_s=1.0, count=METERS)
    few = replace(city, vitals=(vital,), channels=(*city.channels, series))
    assert Estate(few).followers(np.array([0])).size == METERS
    large = replace(city.devices[3], count=FOLLOWED + 1)
    many = replace(few, devices=(large,), channels=(replace(series, count=FOLLOWED + 1),))
    assert Estate(many).followers(np.array([0])).size == 0


def test_that_a_device_is_online_while_any_of_its_channels_is_heard_and_silent_after(stand) -> None:
    assert stand.state("P") is DeviceState.NEVER
    stand.tell({3: 0.0})
    assert (stand.state("P"), stand.state("D0")) == (DeviceState.ONLINE, DeviceState.NEVER)
    stand.tell({4: 20.0}, now_s=20.0)
    assert stand.state("P") is DeviceState.ONLINE
    stand.tell({}, now_s=36.0)
    assert stand.state("P") is DeviceState.SILENT
    found = stand.made.told_health(AskDeviceHealth(device="P"), 0.0).faults
    assert [(one.device, one.fault, one.since_ns) for one in found] == [("P", DeviceFault.OFFLINE, NOW + 20 * S)]
    stand.tell({3: 40.0}, now_s=40.0)
    assert stand.state("P") is DeviceState.ONLINE
    assert stand.made.told_health(AskDeviceHealth(device="P"), 10.0).faults == ()


def test_that_a_daemon_that_owns_other_channels_takes_nothing_away(stand, tmp_path) -> None:
    stand.tell({0: 0.0})
    other = ShownFile(tmp_path / "other", Shown(epoch=1, catalogue=1, channels=5, vitals=3))
    other.slots[1, 0] = np.uint64(NOW * 4)
    other.say_shown(Shown(epoch=1, catalogue=1, channels=5, vitals=3, rounds=1, now_ns=NOW))
    second = Followed(tmp_path / "other")
    second.tend()
    stand.more.append(second)
    stand.tell({0: 1.0}, bands=(4, 0, 0), now_s=1.0)
    assert (stand.state("D0"), stand.state("D1")) == (DeviceState.RED, DeviceState.ONLINE)
    stand.tell({0: 2.0}, bands=(4, 0, 0), now_s=2.0)
    assert stand.state("D0") is DeviceState.RED
    second.close()
    other.close(remove=True)


def test_that_what_was_silent_when_the_survey_began_is_silent_and_not_new(stand) -> None:
    stand.tell({0: -1000.0})
    assert stand.state("D0") is DeviceState.SILENT
    assert stand.made.told_health(AskDeviceHealth(), 0.0).faults[0].since_ns == NOW - 1000 * S


def test_that_who_has_a_channel_and_never_sends_is_offline_once_he_was_waited_for(stand) -> None:
    stand.tell({0: 0.0})
    assert stand.made.told_health(AskDeviceHealth(), 0.0).total == 0
    stand.tell({0: 14.0}, now_s=14.0)
    assert stand.made.told_health(AskDeviceHealth(), 10.0).total == 0
    stand.tell({0: 15.0}, now_s=15.0)
    found = stand.made.told_health(AskDeviceHealth(), 20.0).faults
    assert [(one.device, one.since_ns) for one in found] == [("D1", 0), ("D2", 0), ("P", 0)]


def test_that_a_band_goes_before_everything_and_back(stand) -> None:
    stand.tell({0: 0.0, 1: 0.0}, bands=(0, 4, 0))
    assert (stand.state("D0"), stand.state("D1")) == (DeviceState.ONLINE, DeviceState.RED)
    stand.tell({0: 1.0}, now_s=1.0)
    assert stand.state("D1") is DeviceState.ONLINE


def test_that_a_device_that_comes_and_goes_is_told_as_flapping(stand) -> None:
    for turn in range(4):
        stand.tell({0: turn * 60.0}, now_s=turn * 60.0)
        stand.tell({}, now_s=turn * 60.0 + 30.0)
    told = stand.made.told_health(AskDeviceHealth(fault=DeviceFault.FLAPPING), 0.0)
    assert [(one.device, one.rule) for one in told.faults] == [("D0", "device.rule_flapping")]
    assert stand.made.looked(7).flapping == 1


def test_that_a_view_counts_the_meters_and_the_pump_where_they_stand(stand) -> None:
    stand.tell({3: 0.0})
    view = stand.made.view(_round_here())
    counts, worst = unpacked(view)
    assert (int(counts.sum()), view.counted, view.placed, view.registered) == (METERS + 1, METERS + 1, METERS + 1, 44)
    assert int(worst.max()) == DeviceState.ONLINE
    x, y = to_world(*HERE)
    at = int(float(y) * 2**view.zoom) - view.row, int(float(x) * 2**view.zoom) - view.column
    assert worst[at] == DeviceState.ONLINE
    assert view.column / 2**view.zoom <= _round_here().left
    assert (view.column + view.width) / 2**view.zoom >= _round_here().right
    assert view.width <= 64
    assert view.height <= 64


def test_that_a_view_of_too_many_devices_comes_in_the_cells_that_are_kept(stand, monkeypatch) -> None:
    near = stand.made.view(_round_here())
    assert near.zoom > FINEST
    monkeypatch.setattr("chengyun_core.ingest.density.NEAR_MOST", 3)
    far = stand.made.view(_round_here())
    assert (far.zoom, far.counted) == (FINEST, near.counted)


def test_that_one_kind_is_counted_alone_and_follows_states(stand) -> None:
    assert unpacked(stand.made.view(_round_here(kind="pump")))[0].sum() == 1
    stand.tell({3: 0.0})
    assert unpacked(stand.made.view(_round_here(kind="pump", what="online")))[0].sum() == 1
    assert unpacked(stand.made.view(_round_here(kind="meter", what="online")))[0].sum() == 0
    stand.made.view(_round_here(kind="gauge"))
    assert unpacked(stand.made.view(_round_here(kind="pump")))[0].sum() == 1


def test_that_a_picture_the_asker_has_is_not_sent_again(stand) -> None:
    first = stand.made.view(_round_here())
    again = stand.made.view(_round_here(known=first.mark))
    assert (again.cells, again.mark, again.width) == (b"", first.mark, first.width)
    stand.tell({3: 0.0})
    assert stand.made.view(_round_here(known=first.mark)).cells != b""


def test_that_single_devices_come_gravest_first_and_cut_with_their_number(stand) -> None:
    stand.tell({3: 0.0})
    ask = _round_here()
    sides = {"left": ask.left, "top": ask.top, "right": ask.right, "bottom": ask.bottom}
    told = stand.made.devices(AskDevices(**sides, limit=3))
    assert (told.total, told.codes[0], len(told.codes)) == (METERS + 1, "P", 3)
    assert np.frombuffer(told.member, "<u4")[1:].min() >= 1
    pumps = stand.made.devices(AskDevices(**sides, kind="pump"))
    assert (pumps.total, np.frombuffer(pumps.state, np.uint8).tolist()) == (1, [DeviceState.ONLINE])
    assert abs(np.frombuffer(pumps.x, "<f8")[0] - float(to_world(*HERE)[0])) < 1e-9


def test_that_a_device_and_a_member_of_a_series_are_found_where_they_stand(stand) -> None:
    x, y = to_world(*HERE)
    pump = stand.made.place(AskDevicePlace(device="P"))
    assert (pump.is_known, abs(pump.x - float(x)) < 1e-9, abs(pump.y - float(y)) < 1e-9) == (True, True, True)
    told = [stand.made.place(AskDevicePlace(device="M", member=member)) for member in (1, METERS)]
    assert told[0] != told[1]
    assert stand.made.place(AskDevicePlace(device="M")) == told[0]
    assert not stand.made.place(AskDevicePlace(device="D0")).is_known
    for device, member in (("X", 0), ("", 0), ("M", METERS + 1), ("M", -1)):
        with pytest.raises(Refused):
            stand.made.place(AskDevicePlace(device=device, member=member))


def test_that_a_circle_is_answered_kind_by_kind(stand) -> None:
    stand.tell({3: 0.0})
    told = stand.made.within(AskDevicesWithin(longitude=HERE[0], latitude=HERE[1], radius_m=3000))
    assert [(one.kind, one.registered, one.online) for one in told.kinds] == [("meter", METERS, 0), ("pump", 1, 1)]


def test_that_rates_are_told_by_district_and_kind(stand) -> None:
    stand.tell({0: 0.0, 1: -100.0, 3: 0.0})
    told = {(one.centre, one.kind): one for one in stand.made.told_health(AskDeviceHealth(), 0.0).rates}
    gauges = told["500103", "gauge"]
    assert (gauges.registered, gauges.connected, gauges.online, gauges.silent) == (3, 3, 1, 1)
    assert (told["500103", "meter"].registered, told["500103", "meter"].connected) == (METERS, 0)
    assert told["500000", "pump"].online == 1
    below = stand.made.told_health(AskDeviceHealth(centre="500103"), 0.0)
    assert {one.centre for one in below.rates} == {"500103"}
    assert (below.total, below.counts["offline"]) == (1, 1)
    assert stand.made.told_health(AskDeviceHealth(kind="pump"), 0.0).total == 0


def test_that_counts_of_rows_are_what_the_states_say(stand) -> None:
    for turn in range(5):
        stand.tell({turn % 4: turn * 20.0}, now_s=turn * 20.0, bands=(turn % 5, 0, (turn * 2) % 5))
        estate, state = stand.made.estate, stand.made.density.state
        for row in range(len(estate.rows)):
            here = state[estate.first[row] : estate.first[row + 1]]
            assert stand.made.by_row[row].tolist() == np.bincount(here, minlength=len(DeviceState)).tolist()


def test_that_pages_of_faults_follow_each_other_without_a_gap(stand) -> None:
    stand.tell({0: -300.0, 1: -100.0, 2: -200.0})
    pages = [stand.made.told_health(AskDeviceHealth(offset=at, limit=1), 0.0) for at in range(4)]
    assert [page.faults[0].device if page.faults else "" for page in pages] == ["D0", "D2", "D1", ""]
    assert {page.total for page in pages} == {3}


@pytest.mark.parametrize(
    "more",
    [
        {"width": 0}, {"height": 5000}, {"what": "sick"}, {"left": float("nan")}, {"right": -1.0}, {"kind": "none"},
        {"left": 1.5, "right": 2.0},
    ],
)  # fmt: skip
def test_that_a_view_that_cannot_be_meant_is_refused(stand, more) -> None:
    with pytest.raises(Refused, match=r"survey\."):
        stand.made.view(_round_here(**more))


def test_that_limits_hold(stand) -> None:
    for ask in (AskDeviceHealth(limit=0), AskDeviceHealth(limit=10**6), AskDeviceHealth(offset=-1)):
        with pytest.raises(Refused, match=r"survey\.limit"):
            stand.made.told_health(ask, 0.0)
    with pytest.raises(Refused, match=r"survey\.limit"):
        stand.made.devices(AskDevices(left=0, top=0, right=1, bottom=1, limit=10**6))
    with pytest.raises(Refused, match=r"survey\.too_far"):
        stand.made.devices(AskDevices(left=0, top=0, right=1, bottom=1))


def test_that_a_view_of_the_whole_world_has_a_picture(stand) -> None:
    whole = stand.made.view(AskDensity(left=-3.0, top=0.0, right=9.0, bottom=1.0, width=10, height=10))
    assert int(unpacked(whole)[0].sum()) == METERS + 1


def test_that_the_door_lives_on_whatever_comes(stand) -> None:
    door = SurveyDoor(lambda: stand.made, status=SurveyStatus, monotonic_s=lambda: 0.0, epoch=1, realm="live")
    assert door.answer(b"\xff nothing") is None
    told = door.answer(codec.pack(Request(id="1", kind="density.view", body=codec.pack(_round_here()))))
    assert codec.unpack(codec.unpack(told, Reply).body, DensityView).counted == METERS + 1
    for kind, body, outcome in (
        ("no.such", b"", "refused"), ("density.view", b"\x80", "refused"), ("hello", _hello(99), "refused"),
        ("hello", _hello(1), "done"), ("status", _hello(1), "done"),
    ):  # fmt: skip
        assert codec.unpack(door.answer(codec.pack(Request(id="2", kind=kind, body=body))), Reply).outcome == outcome


def test_that_a_survey_that_is_not_ready_says_so() -> None:
    door = SurveyDoor(lambda: None, status=SurveyStatus, monotonic_s=lambda: 0.0, epoch=1, realm="live")
    told = codec.unpack(
        door.answer(codec.pack(Request(id="1", kind="device.health", body=codec.pack(AskDeviceHealth())))), Reply
    )
    assert (told.outcome, told.code) == ("trouble", "survey.preparing")


def _hello(protocol: int) -> bytes:
    return codec.pack(Hello(protocol=protocol, client="test"))
