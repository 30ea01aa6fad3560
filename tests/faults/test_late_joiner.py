"""RF19: whoever joins while everything changes is live soon, with no wrong value and no missed fact."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Reach
from chengyun_core.model.scales import WarningColour
from tests.support.fake_centre import PASSWORD, FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.small_city import small_city

VITALS = 2_000
JOINS = 6
LIMIT_MS = 20_000


@contextmanager
def changing(ingest: FakeIngest, centre: FakeCentre, chooser: random.Random) -> Iterator[None]:
    """Change vitals and raise alarms without a pause until left."""
    ended = threading.Event()

    def change() -> None:
        while not ended.is_set():
            some = np.array(chooser.sample(range(VITALS), 200), np.uint32)
            ingest.put_many(some, np.array([chooser.random() for _ in some]))
            if chooser.random() < 0.05:
                centre.raise_alarm(chooser.randrange(VITALS), WarningColour.RED)

    thread = threading.Thread(target=change, name="changing")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def is_live(session: Session) -> bool:
    links = session.links()
    return links.ingest.reach is Reach.LIVE and links.centre.reach is Reach.LIVE and session.facts.complete


def differences(session: Session, ingest: FakeIngest, centre: FakeCentre) -> int:
    """Return how many values, bands and alarms of a console are not the truth."""
    state = session.state
    wrong = ~((state.value == ingest.value) | (np.isnan(state.value) & np.isnan(ingest.value)))
    wrong |= state.band != ingest.band
    return int(np.count_nonzero(wrong)) + len(centre.alarms.keys() ^ session.facts.alarms.keys())


def join(qtbot: QtBot, profile: Path, *, times: int, seed: int) -> None:
    """Let consoles join at random moments of a changing city; each must end equal to the truth. The soak does 100."""
    chooser = random.Random(seed)
    city = small_city(VITALS, period_s=600.0)
    with FakeIngest(profile, city) as ingest, FakeCentre(profile, city) as centre:
        for _ in range(times):
            _join_once(qtbot, profile, ingest, centre, chooser)


def _join_once(qtbot: QtBot, profile: Path, ingest: FakeIngest, centre: FakeCentre, chooser: random.Random) -> None:
    session = Session(profile)
    with changing(ingest, centre, chooser):
        session.start()
        session.sign_on("officer", PASSWORD, "A-01")
        qtbot.waitUntil(lambda: is_live(session) and session.state.count == VITALS, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: differences(session, ingest, centre) == 0, timeout=LIMIT_MS)
    session.stop()


@pytest.mark.fault
@pytest.mark.slow
def test_that_late_joiners_become_live_with_no_wrong_value_and_no_missed_alarm(tmp_path: Path, qtbot: QtBot) -> None:
    join(qtbot, tmp_path, times=JOINS, seed=20_261_121)
