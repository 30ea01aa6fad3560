"""From the live edge days back into the archive through real doors: one line, whoever holds which part of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.historian import daemon as historian
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.vitals import StraightLayer
from chengyun_core.model.clock import ProfileClock
from chengyun_widgets.multi_record import Hatch
from tests.support.fake_centre import PASSWORD, FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.open_console import open_console
from tests.support.small_city import small_city

pytestmark = [pytest.mark.flow, pytest.mark.timeout(180)]

S = 1_000_000_000
STEP, MINUTE, DAY = 30 * S, 60 * S, 86_400 * S
MEMORY = 30 * MINUTE
"""What the ingest of this test still holds; all else is in the archive alone."""
SPIKE_AGO = 2 * DAY


def course(time: np.ndarray, now_ns: int) -> np.ndarray:
    """Return what vital 0 measured: a slow ramp, and one sample that stands out two days ago."""
    value = ((time - now_ns) // STEP).astype(float) / 100.0
    value[np.abs(time - (now_ns - SPIKE_AGO)) < STEP // 2] = 50.0
    return value


@contextmanager
def a_historian(profile: Path) -> Iterator[None]:
    stop = threading.Event()
    settings = HistorianSettings(flush_s=0.2, turn_ms=10, least_free_mib=0)
    thread = threading.Thread(target=historian.run, args=(profile, settings, "live", stop), name="historian")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive(), "the historian does not end"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "p"
    (folder / "ingest").mkdir(parents=True)
    return folder


def fed(profile: Path, now_ns: int) -> RingFeed:
    """Give the archive three days of vital 0, the newest minutes included."""
    feed = RingFeed(profile / "ingest" / "archive-0.ring", capacity=1 << 24, ring=1)
    feed.layers((StraightLayer(1),))
    time = np.arange(now_ns - 3 * DAY, now_ns - MINUTE, STEP)
    for part in np.array_split(time, 20):
        doubtful = (part >= now_ns - SPIKE_AGO) & (part < now_ns - SPIKE_AGO + 10 * STEP)
        feed.samples(Batch.of(np.zeros(part.size), part, course(part, now_ns), doubtful))
    return feed


def signed_on(window: ConsoleWindow, qtbot: QtBot) -> None:
    screen = window.sign_on
    qtbot.waitUntil(lambda: screen._seats.chosen() == "A-01", timeout=30_000)
    QTest.keyClicks(screen._account, "officer")
    QTest.keyClicks(screen._password, PASSWORD)
    QTest.keyClick(screen._password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.cockpit, timeout=30_000)


@pytest.fixture
def opened(qtbot: QtBot, profile: Path) -> Iterator[tuple[ConsoleWindow, int]]:
    """A console on F2 with vital 0 in focus, and the time all of this is measured from, ns."""
    city, now = small_city(period_s=30.0), ProfileClock().utc_ns() // STEP * STEP
    feed = fed(profile, now)
    with (
        a_historian(profile),
        FakeIngest(profile, city) as ingest,
        FakeCentre(profile, city),
        open_console(qtbot, profile) as (window, _session, desk),
    ):
        recent = np.arange(now - MEMORY, now, STEP)
        ingest.series[0] = (recent, course(recent, now))
        ingest.put(0, float(course(np.array([now]), now)[0]), time_ns=now)
        signed_on(window, qtbot)
        desk.select_vital(0)
        window.show_page("F2")
        yield window, now
    feed.close()


def test_that_one_scrolls_from_now_into_the_archive_and_back_without_a_seam(
    qtbot: QtBot, opened: tuple[ConsoleWindow, int]
) -> None:
    window, now = opened
    panel, view = window.vitals.trend, window.vitals.trend.view

    def is_whole() -> bool:
        zones = view.record.zones
        return bool(view.record.lines) and {zone.hatch for zone in zones} <= {Hatch.GAP, Hatch.SUSPECT}

    def suspect() -> list[tuple[int, int]]:
        return [(zone.from_ns, zone.to_ns) for zone in view.record.zones if zone.hatch is Hatch.SUSPECT]

    def values() -> np.ndarray:
        return panel._lines[0].series.raw(*view.shown_window())[1]

    # A record drawn before a key was pressed may still stand when it is asked: what is waited for is what has come.
    expected = np.arange(now - 60 * MINUTE, now + 1, STEP)
    qtbot.waitUntil(is_whole, timeout=50_000)
    qtbot.waitUntil(
        lambda: np.array_equal(panel._lines[0].series.raw(now - 60 * MINUTE, now)[0], expected), timeout=50_000
    )  # archive, memory and the live sample
    time, value = panel._lines[0].series.raw(now - 60 * MINUTE, now)
    assert np.allclose(value, course(time, now))
    assert not suspect()
    view.setFocus()
    while view.shown_window()[0] > now - SPIKE_AGO:
        qtbot.keyClick(view, Qt.Key.Key_PageUp)
    qtbot.waitUntil(
        lambda: is_whole() and values().max(initial=0.0) == 50.0, timeout=50_000
    )  # the one that stood out is on screen
    # What was suspect then is drawn so now.
    qtbot.waitUntil(lambda: suspect() == [(now - SPIKE_AGO, now - SPIKE_AGO + 10 * STEP)], timeout=50_000)
    for _ in range(20):
        qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.shown_window()[1] - view.shown_window()[0] > 2 * DAY

    def highest() -> float:
        return float(panel._lines[0].series.columns(*view.shown_window(), 300).high.max(initial=0.0))

    qtbot.waitUntil(lambda: is_whole() and highest() == 50.0, timeout=50_000)  # nor lost on a few hundred pixels
    qtbot.waitUntil(lambda: len(suspect()) == 1, timeout=50_000)
    ((begin, end),) = suspect()
    assert begin <= now - SPIKE_AGO < end, "nor is the doubt"
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: view.shown_window()[1] >= now, timeout=30_000)
    window.show_page("sources")
    label = window._desk.say("console.sources.label.kept")

    def kept() -> list[str]:
        sections = window.sources.daemons.text.sections
        return [line.text for section in sections for line in section.lines if line.label == label]

    qtbot.waitUntil(lambda: bool(kept()), timeout=30_000)
    assert int(kept()[0].split()[0]) > 0, "the historian tells on the page of the sources what it keeps"
