"""What ingest shows: piece by piece, only while somebody looks, and gone when ingest is gone."""

import os

import numpy as np
import pytest

from chengyun_core.ingest import showing, shown_slots
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.showing import PATIENCE, Showing
from chengyun_core.ingest.shown_slots import Looked, Shown, ShownFile, file_of, wanted_file
from tests.support.small_city import small_city

NOW = 1_700_000_000_000_000_000


@pytest.fixture
def profile(tmp_path, monkeypatch):
    monkeypatch.setattr(shown_slots, "MEMORY", tmp_path)
    (tmp_path / "p").mkdir()
    assert not wanted_file(tmp_path / "p").parent.exists()
    file_of(tmp_path / "p", 0)
    wanted_file(tmp_path / "p").touch()
    return tmp_path / "p"


def _engine(count: int = 7) -> Engine:
    engine = Engine(small_city(count))
    channel = np.arange(count, dtype=np.uint32)
    engine.take(Batch.of(channel, np.full(count, NOW), 10.0 + channel), now_ns=NOW)
    return engine


def _showing(profile, engine: Engine) -> Showing:
    shown = Showing(profile, 0, epoch=5)
    shown.adopt(3, len(engine.last), len(engine.state))
    shown.go_on(engine, NOW)
    return shown


def test_that_nothing_is_copied_until_somebody_looks_and_then_everything_in_pieces(profile, monkeypatch) -> None:
    monkeypatch.setattr(showing, "PIECE", 3)
    engine = _engine()
    mine = _showing(profile, engine)
    mine.go_on(engine, NOW)
    seen = ShownFile(file_of(profile, 0))
    assert not seen.slots.any()
    assert mine.counters() == {}
    seen.say_looked(Looked(turns=1, rounds=2, stuck=4, drift=3, flapping=2, offline=1))
    places = []
    for _ in range(3):
        mine.go_on(engine, NOW)
        places.append(seen.shown().place)
    assert places == [3, 6, 0]
    assert (seen.slots == engine.last.slots).all()
    assert (seen.shown().rounds, seen.shown().catalogue, seen.shown().now_ns) == (1, 3, NOW)
    assert mine.counters() == {"devices_stuck": 4, "devices_drift": 3, "devices_flapping": 2}
    seen.close()
    mine.close()


def test_that_bands_come_with_their_channels(profile) -> None:
    engine = _engine()
    engine.state.band[:] = np.arange(7) % 5
    mine = _showing(profile, engine)
    seen = ShownFile(file_of(profile, 0))
    seen.say_looked(Looked(turns=1))
    mine.go_on(engine, NOW)
    assert (seen.bands == engine.state.band).all()
    seen.close()
    mine.close()


def test_that_who_stopped_looking_is_no_longer_copied_for(profile) -> None:
    engine = _engine()
    mine = _showing(profile, engine)
    seen = ShownFile(file_of(profile, 0))
    seen.say_looked(Looked(turns=1, rounds=1))
    for _ in range(PATIENCE + 1):
        mine.go_on(engine, NOW)
    before = seen.shown().rounds
    mine.go_on(engine, NOW)
    assert seen.shown().rounds == before
    assert mine.counters() == {}
    seen.close()
    mine.close()


def test_that_another_catalogue_is_another_file_and_the_end_leaves_none(profile) -> None:
    engine = _engine()
    mine = _showing(profile, engine)
    seen = ShownFile(file_of(profile, 0))
    assert seen.is_still_there()
    mine.adopt(4, 7, 7)
    assert not seen.is_still_there()
    mine.go_on(engine, NOW)
    other = ShownFile(file_of(profile, 0))
    assert other.shown().catalogue == 4
    mine.adopt(4, 7, 7)
    assert other.is_still_there()
    mine.close()
    other.close()
    assert not file_of(profile, 0).exists()
    seen.close()


def test_that_a_file_that_is_none_is_refused(profile) -> None:
    file = file_of(profile, 0)
    for data in (b"", b"CYV1" + bytes(100), b"XXXX" + bytes(9000)):
        file.write_bytes(data)
        with pytest.raises((OSError, ValueError)):
            ShownFile(file)
    made = ShownFile(file, Shown(epoch=1, catalogue=1, channels=4, vitals=4))
    made.close()
    with file.open("r+b") as opened:
        opened.truncate(8200)
    with pytest.raises(OSError, match="short"):
        ShownFile(file)


def test_that_no_memory_is_taken_before_a_survey_wants_it(profile) -> None:
    wanted_file(profile).unlink()
    wanted_file(profile).parent.rmdir()
    engine = _engine()
    mine = _showing(profile, engine)
    assert not wanted_file(profile).parent.exists()
    file_of(profile, 0)
    wanted_file(profile).touch()
    mine.go_on(engine, NOW)
    assert file_of(profile, 0).exists()
    mine.close()


def test_that_memory_that_cannot_be_had_leaves_sensing_alone(profile, monkeypatch, caplog) -> None:
    def no_room(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    engine = _engine()
    mine = Showing(profile, 0, epoch=1)
    mine.adopt(3, 7, 7)
    mine.go_on(engine, NOW)
    assert "No space left" in mine.failed
    assert "cannot be shown" in caplog.text
    caplog.clear()
