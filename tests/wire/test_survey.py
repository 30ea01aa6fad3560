"""The real survey beside a real ingest daemon: what is sensed is counted on the map, and told in the heartbeat."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import zmq

from chengyun_core.geo.projection import to_world
from chengyun_core.ingest import places, shown_slots
from chengyun_core.ingest.alone import EXIT_REFUSED
from chengyun_core.ingest.ground import fractions
from chengyun_core.ingest.settings import IngestSettings, SimulatorSettings
from chengyun_core.ingest.survey import daemon as survey
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.model.catalogue import Device
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Reply, Request
from chengyun_core.wire.survey_asks import (
    AskDensity,
    AskDeviceHealth,
    DensityView,
    DeviceHealth,
    SurveyStatus,
)
from chengyun_core.wire.survey_cells import unpacked
from tests.core.ingest.daemon.building import city
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, TakingCentre, ready_profile, running

pytestmark = pytest.mark.wire

HERE = (106.5, 29.5)
METERS = 500


@pytest.fixture
def profile(tmp_path):
    return ready_profile(tmp_path / "p")


@contextmanager
def surveying(profile):
    stop, code = threading.Event(), []
    settings = SurveySettings(turn_ms=20.0)
    thread = threading.Thread(target=lambda: code.append(survey.run(profile, settings, "live", stop)), name="survey")
    thread.start()
    try:
        yield code
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the survey does not end"


class Client:
    """What a console does at the survey's door."""

    def __init__(self, profile):
        self._context = zmq.Context()
        self._door = sockets.caller(self._context, addresses.of_profile(profile).survey_door)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._context.destroy(linger=0)

    def ask(self, kind, body, answer):
        wait_until(lambda: bool(self._door.poll(0, zmq.POLLOUT)), "the door is there", limit_s=60)
        self._door.send(codec.pack(Request(id="1", kind=kind, body=codec.pack(body))))
        assert self._door.poll(20_000)
        reply = codec.unpack(self._door.recv(), Reply)
        return codec.unpack(reply.body, answer) if reply.outcome == "done" else reply.code

    def status(self):
        return self.ask("status", Hello(protocol=PROTOCOL_VERSION, client="test"), SurveyStatus)


def _with_meters(catalogue):
    first = catalogue.devices[0]
    here = replace(first, longitude=HERE[0], latitude=HERE[1])
    meters = Device(code="WM", name="水表", kind="meter", centre=first.centre, subtrack=first.subtrack, count=METERS)
    return replace(catalogue, devices=(here, *catalogue.devices[1:], meters))


def _placed(profile):
    dice = np.random.default_rng(3)
    x, y = fractions(HERE[0] + dice.random(METERS) * 0.02, HERE[1] + dice.random(METERS) * 0.02)
    head = places.PlacesHead(origin="t", rows=METERS, series=(places.SeriesPlaces(device="WM", count=METERS),))
    places.write(profile / places.FOLDER / places.IN_FORCE, head, x, y)


def _round_here(**more):
    x, y = (float(side) for side in to_world(*HERE))
    sides = {"left": x - 2e-4, "right": x + 2e-4, "top": y - 2e-4, "bottom": y + 2e-4}
    return AskDensity(**sides, width=100, height=100, **more)


def test_that_what_is_sensed_is_counted_on_the_map_and_in_the_heartbeat(profile):
    settings = IngestSettings(simulator=SimulatorSettings(), ring_samples=1 << 14, heartbeat_every_ms=50)
    _placed(profile)
    centre, console, client = TakingCentre(profile, _with_meters(city())), Listener(profile), Client(profile)
    with centre, running(profile, settings), surveying(profile), console, client:

        def online():
            view = client.ask("density.view", _round_here(what="online"), DensityView)
            return not isinstance(view, str) and view.counted == 1

        wait_until(online, "the device is online on the map", limit_s=30)
        whole = client.ask("density.view", _round_here(), DensityView)
        assert int(unpacked(whole)[0].sum()) == METERS + 1
        health = client.ask("device.health", AskDeviceHealth(), DeviceHealth)
        assert sum(one.online for one in health.rates) >= 1
        beat = console.until(lambda beat: "devices_stuck" in beat.counters, "the survey's counts are told")
        assert (beat.counters["devices_stuck"], beat.counters["devices_flapping"]) == (0, 0)
        assert client.status().light == "ok"
        _placed_elsewhere(profile)
        wait_until(lambda: client.status().counters["placed"] == 1, "other places are taken up", limit_s=30)
    assert not shown_slots.file_of(profile, 0).exists()
    shown_slots.leave(shown_slots.file_of(profile, 0))


def _placed_elsewhere(profile):
    empty = np.empty(0, np.uint32)
    places.write(profile / places.FOLDER / places.IN_FORCE, places.PlacesHead(origin="none"), empty, empty)


def test_that_a_damaged_file_of_places_leaves_a_survey_that_says_so(profile, caplog):
    settings = IngestSettings(simulator=SimulatorSettings(), ring_samples=1 << 14, heartbeat_every_ms=50)
    file = profile / places.FOLDER / places.IN_FORCE
    file.parent.mkdir()
    file.write_bytes(b"CYP1 and then nothing")
    centre = TakingCentre(profile, _with_meters(city()))
    with centre, running(profile, settings), surveying(profile), Client(profile) as client:
        wait_until(lambda: client.status().light == "survey.no_places", "the light tells", limit_s=30)
        assert client.status().counters["placed"] == 1
    assert "cannot be used" in caplog.text
    caplog.clear()


def test_that_there_is_one_survey_for_a_profile(profile, caplog):
    with surveying(profile), Client(profile) as client:
        assert client.status().light == "survey.preparing"
        assert survey.run(profile, SurveySettings(), "live", threading.Event()) == EXIT_REFUSED
    assert "does not start" in caplog.text
    caplog.clear()
