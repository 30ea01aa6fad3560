"""The ingest daemon as a whole, over its real sockets."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zmq

from chengyun_core.ingest import daemon
from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.settings import IngestSettings, MqttSettings, ReplaySettings
from chengyun_core.model.clock import ManualClock
from chengyun_core.wire import addresses, codec, frames, sockets
from chengyun_core.wire.envelope import AskWatch, AskWindow, IngestStatus, Welcome, Window
from tests.core.ingest.daemon.building import SECOND, START, city, vital
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, TakingCentre, ready_profile, running

ROWS = [(k, "A.x", 20.0 if k % 10 >= 5 else 1.0) for k in range(100)]
"""A goes over its yellow and red limit and back, ten times."""


@pytest.fixture
def profile(tmp_path):
    return ready_profile(tmp_path / "p")


def samples(folder, rows):
    file = folder / "samples.csv"
    lines = "".join(f"{START + round(second * SECOND)},{channel},{value}\n" for second, channel, value in rows)
    file.write_text("time,channel,value\n" + lines)
    shape = folder / "map.toml"
    shape.write_text('key=["channel"]\n[time]\nformat="ns"\n[[value]]\ncolumn="value"\nchannel="{channel}"\n')
    return ReplaySettings(file=str(file), map=str(shape), speed="max")


def replaying(folder, rows, **more):
    return IngestSettings(replay=(samples(folder, rows),), ring_samples=1 << 14, **more)


def test_that_samples_become_frames_windows_and_activations(profile, tmp_path):
    with (
        TakingCentre(profile, city()) as centre,
        running(profile, replaying(tmp_path, ROWS)),
        Listener(profile) as console,
    ):
        beat = console.until(
            lambda beat: beat.counters["samples"] == 100 and not beat.counters["spooled"], "all is sent"
        )
        assert (beat.daemon, beat.catalogue, beat.demo) == ("ingest", 3, "replay:samples.csv")
        fine = ("centre", "spool", "catalogue", "archive", "source.replay:samples.csv")
        assert beat.lights == dict.fromkeys(fine, "ok")
        assert [item.seq for item in centre.taken] == list(range(1, 20))
        assert [int(item.after) for item in centre.taken] == [4, 0] * 9 + [4]
        wait_until(lambda: bool(centre.bands), "the bands are told")
        snapshot = frames.decode(console.ask("snapshot").body)
        assert snapshot.columns["band"].tolist() == [4, 0, 0]
        assert snapshot.columns["quality"].tolist() == [0, 4, 4]
        window = codec.unpack(
            console.ask("window", AskWindow(vital=0, from_ns=START, to_ns=START + 99 * SECOND, pixels=500)).body, Window
        )
        assert np.frombuffer(window.value, "<f8").tolist() == [row[2] for row in ROWS]
        status = codec.unpack(console.ask("status").body, IngestStatus)
        assert [(item.state, item.samples) for item in status.sources] == [("done", 100)]
        assert codec.unpack(console.ask("hello").body, Welcome).epoch == beat.epoch


def test_that_frames_are_numbered_densely_and_the_heartbeat_carries_the_tail(profile, tmp_path):
    with TakingCentre(profile, city()), Listener(profile) as console:
        with running(profile, IngestSettings()):
            console.until(lambda beat: beat.catalogue == 3, "the catalogue is cached")
        paced = ReplaySettings(**{**_fields(samples(tmp_path, ROWS)), "speed": "50"})
        with running(profile, IngestSettings(replay=(paced,))):
            beat = console.until(
                lambda beat: (
                    beat.counters["samples"] == 100 and console.frames and beat.tail == console.frames[-1].head.seq
                ),
                "the tail is there",
            )
        numbers = [frame.head.seq for frame in console.frames if frame.head.epoch == beat.epoch]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert len(numbers) > 10


def test_that_sensing_goes_on_from_the_cache_while_the_centre_is_down_and_nothing_is_lost(profile, tmp_path):
    with TakingCentre(profile, city()), running(profile, IngestSettings()), Listener(profile) as console:
        console.until(lambda beat: beat.catalogue == 3, "the catalogue is there")
    with running(profile, replaying(tmp_path, ROWS)), Listener(profile) as console:
        beat = console.until(lambda beat: beat.counters["spooled"] == 19, "activations wait")
        assert beat.lights["centre"] == "ingest.centre_unheard"
        with TakingCentre(profile, city()) as centre:
            console.until(lambda beat: beat.counters["spooled"] == 0, "all is confirmed")
            assert [item.seq for item in centre.taken] == list(range(1, 20))
            wait_until(lambda: bool(centre.bands), "the bands are told")
            assert centre.bands[-1].as_of_seq == 19
            assert [(band.vital, int(band.band)) for band in centre.bands[-1].bands] == [(0, 4)]


def test_that_bands_survive_a_restart_and_the_numbers_go_on(profile, tmp_path):
    with TakingCentre(profile, city()) as centre:
        with running(profile, replaying(tmp_path, ROWS)), Listener(profile) as console:
            console.until(
                lambda beat: beat.counters["activations"] == 19 and not beat.counters["spooled"], "all is confirmed"
            )
        with running(profile, replaying(tmp_path, [(200, "A.x", 1.0)])), Listener(profile) as console:
            console.until(
                lambda beat: beat.counters["activations"] == 20 and not beat.counters["spooled"], "it returned"
            )
        last = centre.taken[-1]
        assert (last.seq, int(last.before), int(last.after), last.at_ns) == (20, 4, 0, START + 200 * SECOND)
        assert len({item.epoch for item in centre.taken}) == 1


def test_that_a_newer_catalogue_is_fetched_when_the_heartbeat_names_it(profile):
    with TakingCentre(profile, city()) as centre, running(profile, IngestSettings()), Listener(profile) as console:
        console.until(lambda beat: beat.catalogue == 3, "the first version")
        centre.catalogue = city(version=4)
        console.until(lambda beat: beat.catalogue == 4, "the next version")


def test_that_a_lost_answer_costs_nothing(profile, tmp_path):
    with TakingCentre(profile, city()) as centre, Listener(profile) as console:
        settings = replaying(tmp_path, ROWS, confirm_timeout_s=0.3)
        with running(profile, IngestSettings()):
            console.until(lambda beat: beat.catalogue == 3, "the catalogue is cached")
        centre.swallow = 2
        with running(profile, settings):
            console.until(
                lambda beat: beat.counters["activations"] == 19 and not beat.counters["spooled"], "all is confirmed"
            )
        assert [item.seq for item in centre.taken] == list(range(1, 20))


def test_that_watched_channels_go_out_raw(profile, tmp_path):
    with TakingCentre(profile, city()), Listener(profile) as console:
        with running(profile, IngestSettings()):
            console.until(lambda beat: beat.catalogue == 3, "the catalogue is cached")
        slow = ReplaySettings(**{**_fields(samples(tmp_path, [(0, "A.x", 1.0), (2, "A.x", 2.0)])), "speed": "1"})
        with running(profile, IngestSettings(replay=(slow,))):
            assert console.ask("watch", AskWatch(vitals=(0,))).outcome == "done"
            console.until(lambda beat: beat.counters["samples"] == 2, "the second sample came")
            console.drain(200)
        values = [value for frame in console.watched for value in frame.columns["value"].tolist()]
        assert values[-1] == 2.0


def test_that_garbage_at_the_door_and_from_the_centre_is_survived_and_counted(profile):
    with TakingCentre(profile, city()) as centre, running(profile, IngestSettings()), Listener(profile) as console:
        console.until(lambda beat: beat.catalogue == 3, "it runs")
        for junk in ([b"GET / HTTP/1.1"], [b""], [b"\xc1"], [b"a", b"b", b"c"], [b"x" * 100_000]):
            console.door.send_multipart(junk)
        centre.publish_raw(b"H/", b"junk")
        beat = console.until(lambda beat: beat.counters.get("dropped.strangers", 0) >= 5, "strangers are counted")
        assert beat.counters["dropped.strangers"] == 5
        assert console.ask("hello").outcome == "done"


def test_that_a_newcomer_gets_a_heartbeat_at_once(profile):
    with running(profile, IngestSettings(heartbeat_every_ms=3_600_000.0)), Listener(profile) as console:
        console.until(lambda beat: beat.daemon == "ingest", "the newcomer is greeted")
        context = zmq.Context()
        late = sockets.subscriber(context, addresses.of_profile(profile).ingest_state, b"H/", queued=10)
        assert late.poll(10_000)
        context.destroy(linger=0)


def test_that_a_second_daemon_is_refused_and_names_the_first(profile, caplog):
    with running(profile, IngestSettings()) as first, Listener(profile) as console:
        console.until(lambda beat: beat.daemon == "ingest", "the first runs")
        assert daemon.run(profile, IngestSettings(), threading.Event()) == daemon.EXIT_REFUSED
        assert f"'pid': '{os.getpid()}'" in caplog.text
        assert first == []
    assert first == [0]


def test_that_settings_that_cannot_be_meant_end_the_daemon_with_a_reason(profile, caplog):
    wrong = IngestSettings(replay=(ReplaySettings(file="x.csv", speed="warp"),))
    assert daemon.run(profile, wrong, threading.Event()) == daemon.EXIT_REFUSED
    assert "ingest.replay_speed" in caplog.text


def test_that_files_of_a_broker_lie_in_the_profile_unless_their_path_is_absolute(profile):
    broker = MqttSettings(user="u", password_file="keys/p", ca_file="/etc/ca.pem")
    (source,) = daemon.sources_of(profile, IngestSettings(mqtt=(broker,)), ManualClock())
    assert (source._settings.password_file, source._settings.ca_file) == (str(profile / "keys" / "p"), "/etc/ca.pem")
    assert source._settings.certificate_file == ""


def test_that_a_cached_catalogue_that_cannot_be_used_does_not_keep_the_daemon_from_living(profile, caplog):
    faulty = replace(city(), vitals=(vital(0, "nonsense(A.x)"),), thresholds=())
    CatalogueCache(profile).save(faulty)
    with running(profile, IngestSettings()), Listener(profile) as console:
        beat = console.until(lambda beat: beat.daemon == "ingest", "it lives")
        assert beat.lights["catalogue"] == "ingest.no_catalogue"
        with TakingCentre(profile, city()):
            console.until(lambda beat: beat.catalogue == 3, "the centre's catalogue is taken")


def test_that_two_sources_of_one_name_are_refused(profile, caplog):
    twice = IngestSettings(mqtt=(MqttSettings(), MqttSettings(port=1884)))
    assert daemon.run(profile, twice, threading.Event()) == daemon.EXIT_REFUSED
    assert "ingest.source_twice" in caplog.text


PROGRAM = """
import sys
from pathlib import Path
from chengyun_core.ingest import daemon
from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.settings import IngestSettings, ReplaySettings
replay = () if len(sys.argv) < 3 else (ReplaySettings(file=sys.argv[2], map=sys.argv[3], speed=sys.argv[4]),)
sys.exit(daemon.run(Path(sys.argv[1]), IngestSettings(replay=replay, ring_samples=1 << 14), None))
"""


def started(profile, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(profile), *map(str, arguments)], stderr=subprocess.DEVNULL
    )


def test_that_sigterm_ends_the_process_cleanly(profile):
    process = started(profile)
    with Listener(profile) as console:
        console.until(lambda beat: beat.daemon == "ingest", "it runs")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert (Path(profile) / "run" / "ingest.lock").read_text() == ""


def test_that_kill_nine_in_the_middle_of_activations_loses_none_and_doubles_none(profile, tmp_path):
    """Killed three times while it plays; each time it comes back with its bands and tells the rest."""
    rows = [(k * 0.1, "A.x", 20.0 if k % 2 else 1.0) for k in range(100_000)]
    settings = samples(tmp_path, rows)
    with TakingCentre(profile, city()) as centre:
        for _ in range(3):
            before = len(centre.taken)
            process = started(profile, settings.file, settings.map, "200")
            wait_until(lambda before=before: len(centre.taken) > before + 50, "activations flow")
            process.kill()
            process.wait(10)
        with running(profile, IngestSettings()), Listener(profile) as console:
            console.until(
                lambda beat: beat.counters["activations"] > 0 and not beat.counters["spooled"], "the spool is empty"
            )
        assert [item.seq for item in centre.taken] == list(range(1, len(centre.taken) + 1)), "dense, once, in order"
        for one, next_one in zip(centre.taken, centre.taken[1:], strict=False):
            assert next_one.before == one.after, "each step begins where the one before ended, across kills too"


def _fields(settings):
    return {name: getattr(settings, name) for name in settings.__slots__}
