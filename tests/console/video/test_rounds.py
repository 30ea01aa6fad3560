"""A round that runs: when its pages turn, what holds it, and what becomes of it when its record changes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.video.rounds import Rounds
from chengyun_core.model.camera import CameraRound
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.bare_desk import ending
from tests.console.still_session import StillSession

ROUND = CameraRound(
    number=4, name="沿江", centre="500000", cameras=("A", "B"), dwell_s=10.0, grid=1, saved_at=1, saved_by="li",
    version=2,
)  # fmt: skip


class Stand(QObject):
    """Rounds on a still session, with what they said."""

    def __init__(self, folder: Path, language: str = "zh_CN") -> None:
        super().__init__()
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts(language), Preferences())
        self.session.put_fact("camera_round", "4", ROUND)
        self.rounds = Rounds(self.desk, self)
        self.turns = 0
        self.said: list[str] = []
        self.anew: list[object] = []
        self.rounds.turn_is_due.connect(self._count)
        self.rounds.was_rewritten.connect(self.anew.append)
        self.desk.message_came.connect(lambda text, _trouble: self.said.append(text))

    def _count(self) -> None:
        self.turns += 1


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    """Nothing runs."""
    made = Stand(tmp_path)
    with ending(made.desk):
        yield made


def test_that_nothing_turns_while_no_round_runs(at: Stand) -> None:
    for now_s in (0.0, 100.0, 1e9):
        at.rounds.tick(now_s)
        at.rounds.hold(now_s)
    assert (at.turns, at.rounds.head(1, 3), at.rounds.stop()) == (0, "", False)


def test_that_a_page_turns_when_its_time_is_over_and_not_before(at: Stand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(at.rounds.did_change):
        at.rounds.begin(ROUND, 100.0)
    for now_s, turns in ((100.0, 0), (109.9, 0), (110.0, 1), (119.9, 1), (120.0, 2)):
        at.rounds.tick(now_s)
        assert at.turns == turns


def test_that_after_a_halt_one_page_turns_and_not_all_that_were_missed(at: Stand) -> None:
    at.rounds.begin(ROUND, 0.0)
    at.rounds.tick(95.0)
    assert at.turns == 1
    at.rounds.tick(104.9)
    assert at.turns == 1, "the page that came has its whole time"


def test_that_a_page_turned_by_hand_has_its_whole_time(at: Stand) -> None:
    at.rounds.begin(ROUND, 0.0)
    at.rounds.hold(9.0)
    at.rounds.tick(18.9)
    assert at.turns == 0
    at.rounds.tick(19.0)
    assert at.turns == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_that_the_head_says_what_runs_and_counts_down_to_nought(
    qapp: QApplication, tmp_path: Path, language: str
) -> None:
    at = Stand(tmp_path, language)
    at.rounds.begin(ROUND, 0.0)
    for now_s, left in ((0.0, 10), (4.4, 6), (9.9, 0)):
        at.rounds.tick(now_s)
        expected = at.desk.say("panes.running", name="沿江", page=2, pages=3, seconds=left)
        assert at.rounds.head(2, 3) == expected
        assert "panes." not in expected


def test_that_stopping_is_told_once_and_stays_stopped(at: Stand, qtbot: QtBot) -> None:
    at.rounds.begin(ROUND, 0.0)
    with qtbot.waitSignal(at.rounds.did_change):
        assert at.rounds.stop()
    with qtbot.assertNotEmitted(at.rounds.did_change):
        assert not at.rounds.stop()
    at.rounds.tick(1e6)
    assert at.turns == 0


def test_that_a_round_somebody_took_away_stops_where_it_is_and_says_so(at: Stand, qtbot: QtBot) -> None:
    at.rounds.begin(ROUND, 0.0)
    with qtbot.waitSignal(at.rounds.did_change):
        at.session.drop_fact("camera_round", "4")
    assert at.rounds.running is None
    assert at.said == [at.desk.say("rounds.gone", name="沿江")]
    assert "沿江" in at.said[0]
    at.session.drop_fact("camera_round", "4")
    assert len(at.said) == 1


def test_that_a_round_written_anew_is_told_with_its_new_record_once(at: Stand) -> None:
    at.rounds.begin(ROUND, 0.0)
    at.session.put_fact("camera_round", "4", ROUND, version=2)
    at.session.put_fact("camera_round", "5", replace(ROUND, number=5, version=9), version=9)
    assert at.anew == [], "another round, and the same one told again"
    fresh = replace(ROUND, cameras=("C",), version=3)
    at.session.put_fact("camera_round", "4", fresh, version=3)
    assert at.anew == [fresh]
    at.rounds.begin(fresh, 1.0)
    at.session.put_fact("camera_round", "5", replace(ROUND, number=5, version=10), version=10)
    assert at.anew == [fresh]
    assert at.said == []


def test_that_records_are_no_matter_while_nothing_runs(at: Stand) -> None:
    at.session.put_fact("camera_round", "4", replace(ROUND, version=3), version=3)
    at.session.drop_fact("camera_round", "4")
    assert (at.anew, at.said) == ([], [])


@given(
    steps=st.lists(st.floats(min_value=0.0, max_value=30.0), max_size=60),
    dwell_s=st.floats(min_value=3.0, max_value=40.0),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_pages_never_turn_faster_than_their_time(at: Stand, steps: list[float], dwell_s: float) -> None:
    now_s, times = 0.0, []
    at.rounds.begin(replace(ROUND, dwell_s=dwell_s), now_s)
    for step in steps:
        now_s, before = now_s + step, at.turns
        at.rounds.tick(now_s)
        times += [now_s] * (at.turns - before)
    gaps = [later - earlier for earlier, later in zip([0.0, *times], times, strict=False)]
    assert all(gap >= dwell_s - 1e-6 for gap in gaps)
    assert now_s < dwell_s or times, "and they do turn"
