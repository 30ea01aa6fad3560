"""The map of another time: an answer about a time nobody wants any more changes nothing, a damaged one is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.past import PastKeeper
from chengyun_console.maps.slider_words import HOUR_NS, RANGES, SliderWords
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.drawing_asks import PastFacts
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.event_samples import event
from tests.console.still_session import START_NS, S, StillSession

SLOT = "past.facts.F5"
ONE, TWO = START_NS - 3600 * S, START_NS - 7200 * S
EMPTY = PastFacts(records=(), begins_at=START_NS - 24 * HOUR_NS)
BROKEN = Change(number=1, at_ns=ONE, action="snapshot", kind="event", key="1", version=1, record=b"\xc1")
DAMAGED = PastFacts(records=(BROKEN,), begins_at=0)


class Stand:
    """A keeper on a still session."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts("zh_CN"), Preferences())
        self.past = PastKeeper(self.desk, "F5")
        self.words = SliderWords(self.desk)

    def answer(self, told: object) -> None:
        """Answer what was asked last, and do not wait for what is made of it."""
        self.session.answer_ask(SLOT, told)

    def settle(self) -> None:
        """Let what is read beside the window come back."""
        assert self.past._background._lane.idle.wait(30.0)
        QApplication.processEvents()


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    """Now, nothing asked."""
    made = Stand(tmp_path)
    yield made
    made.settle()


def test_that_a_damaged_record_is_said_and_its_time_is_not_called_waiting(at: Stand) -> None:
    at.past.go_to(ONE)
    assert at.past.is_waiting
    at.answer(DAMAGED)
    at.settle()
    assert at.past.fault is not None
    assert not at.past.is_waiting
    assert at.desk.refusal(at.past.fault) in at.words.told(at.past)


def test_that_a_fault_of_a_time_nobody_wants_any_more_is_not_told_of_the_next(at: Stand) -> None:
    at.past.go_to(ONE)
    at.answer(DAMAGED)
    at.past.go_to(TWO)  # before what was read of the first came back
    at.settle()
    assert at.past.fault is None
    assert at.past.is_waiting
    at.answer(EMPTY)
    at.settle()
    assert at.past.scene is not None
    assert at.past.scene.at_ns == TWO
    assert at.words.told(at.past) == at.desk.say("maps.past.shown", at=at.desk.figures.stamp(TWO))


def test_that_a_scene_that_comes_after_the_return_to_now_is_not_shown(at: Stand) -> None:
    at.past.go_to(ONE)
    at.answer(EMPTY)
    at.past.go_to(None)
    at.settle()
    assert (at.past.scene, at.words.told(at.past)) == (None, "")


def test_that_a_refused_time_may_be_asked_for_again_by_going_away_and_back(at: Stand) -> None:
    at.past.go_to(ONE)
    at.answer(Reason(code="session.no_answer"))
    assert at.past.fault is not None
    at.past.go_to(TWO)
    at.past.go_to(ONE)
    at.answer(EMPTY)
    at.settle()
    assert at.past.fault is None
    assert at.past.scene is not None


def test_that_a_time_before_the_journal_and_a_cut_answer_are_called_what_they_are(at: Stand) -> None:
    at.past.go_to(ONE)
    at.answer(PastFacts(records=(), begins_at=ONE + S))
    at.settle()
    begins = at.desk.figures.stamp(ONE + S)
    assert at.words.told(at.past) == at.desk.say("maps.past.before", at=at.desk.figures.stamp(ONE), begins=begins)
    at.past.go_to(TWO)
    at.answer(PastFacts(records=(), begins_at=0, left_out=12))
    at.settle()
    assert at.words.told(at.past) == at.desk.say("maps.past.cut", at=at.desk.figures.stamp(TWO), count=12)


@pytest.mark.parametrize("at_range", range(len(RANGES)))
def test_that_ticks_stand_at_whole_hours_or_days_of_the_officer_s_clock(at: Stand, at_range: int) -> None:
    record = at.words.record(at.past, at_range, ())
    span, _step, every = RANGES[at_range]
    assert record.end_ns - record.begin_ns == span
    assert len(record.ticks) in (span // every, span // every + 1)
    for moment_ns, _text in record.ticks:
        local = at.desk.figures.moment(moment_ns)
        since_midnight = local.hour * 3600 + local.minute * 60 + local.second
        assert since_midnight * S % every == 0
        assert record.begin_ns <= moment_ns <= record.end_ns


def test_that_only_what_happened_within_the_line_is_marked_and_the_newest_of_many(at: Stand) -> None:
    inside = [event(n, opened_at=START_NS - n * 60 * S, grade=EventGrade.LARGER) for n in range(1, 300)]
    outside = event(999, opened_at=START_NS - 25 * HOUR_NS)
    record = at.words.record(at.past, 0, [outside, *inside])
    assert len(record.marks) == 200
    assert record.marks[-1] == (START_NS - 60 * S, int(EventGrade.LARGER))
    assert record.marks[0][0] == START_NS - 200 * 60 * S
