"""Windows older than ingest's memory: one series from archive and memory, whoever answers and whoever is away."""

from dataclasses import replace

import numpy as np
import pytest

from chengyun_console.session.answers import WindowSeries, no_series, series_of
from chengyun_console.session.errands import Door
from chengyun_console.session.history import PATIENCE_NS, UNANSWERED_FOR_NS, joined
from chengyun_console.session.replica import Replica
from chengyun_console.session.wishes import WantAnswer, WantWindow
from chengyun_core.mirror.links import Moment
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskHistory, AskWindow, History, Reply, Window

ASK = AskWindow(vital=1, from_ns=0, to_ns=1000, pixels=100)


def a_series(*time, oldest=0):
    return WindowSeries(
        vital=1, from_ns=0, to_ns=1000, time=np.array(time, np.int64), value=np.array(time) * 0.5, raw=True,
        oldest_ns=oldest,
    )  # fmt: skip


def a_window(request, *time, oldest):
    series = a_series(*time)
    body = Window(
        vital=1, from_ns=0, to_ns=1000, time=series.time.tobytes(), value=series.value.tobytes(), raw=True,
        oldest_ns=oldest,
    )  # fmt: skip
    return codec.pack(Reply(id=request.id, outcome="done", body=codec.pack(body)))


class Desk:
    """A replica whose clock the test holds."""

    def __init__(self):
        self.replica, self.now = Replica(), 10**12

    def turn(self):
        at = Moment(monotonic_ns=self.now, profile_ns=self.now, machine_ns=self.now)
        due = [errand for errand in self.replica.turn(at) if errand.request.kind == "window"]
        for errand in due:
            self.replica.errands.sent(errand.request.id, self.now)
        return due

    def ask(self, name="w", slot="chart"):
        at = Moment(monotonic_ns=self.now, profile_ns=self.now, machine_ns=self.now)
        self.replica.wish(WantWindow(id=name, ask=ASK, slot=slot), at)
        (errand,) = self.turn()
        return errand

    def reply(self, data):
        self.replica.replied(data, Moment(monotonic_ns=self.now, profile_ns=self.now, machine_ns=self.now))

    def windows(self):
        post = self.replica.post()
        return [(name, series.time.tolist(), series.failed) for name, series in (post.windows if post else ())]


@pytest.fixture
def desk():
    return Desk()


def test_that_a_window_within_ingests_memory_asks_nobody_else(desk):
    asked = desk.ask()
    desk.reply(a_window(asked.request, 5, 6, oldest=0))
    assert desk.windows() == [("w", [5, 6], None)]
    assert desk.turn() == []


def test_that_an_older_window_is_completed_by_the_historian_without_seam_or_double(desk):
    asked = desk.ask()
    assert asked.door is Door.INGEST
    desk.reply(a_window(asked.request, 600, 700, 800, oldest=600))
    assert desk.windows() == []
    (further,) = desk.turn()
    assert (further.door, codec.unpack(further.request.body, AskWindow)) == (Door.HISTORY, ASK)
    desk.reply(a_window(further.request, 100, 200, 600, 700, oldest=50))
    assert desk.windows() == [("w", [100, 200, 600, 700, 800], None)]


def test_that_a_silent_historian_costs_one_wait_and_then_none_for_a_while(desk):
    desk.reply(a_window(desk.ask().request, 600, oldest=600))
    desk.turn()
    for _ in range(4):
        desk.now += PATIENCE_NS // 3
        desk.turn()
    assert desk.windows() == [("w", [600], None)]
    desk.reply(a_window(desk.ask("w2").request, 600, oldest=600))
    assert desk.windows() == [("w2", [600], None)]
    desk.now += UNANSWERED_FOR_NS
    desk.reply(a_window(desk.ask("w3").request, 600, oldest=600))
    assert [errand.door for errand in desk.turn()] == [Door.HISTORY]


def test_that_history_is_seen_while_ingest_is_away(desk):
    desk.ask()
    for _ in range(6):
        desk.now += 10**9
        further = desk.turn()
        if further:
            break
    assert [errand.door for errand in further] == [Door.HISTORY]
    desk.reply(a_window(further[0].request, 100, 200, oldest=50))
    assert desk.windows() == [("w", [100, 200], None)]


def test_that_a_newer_window_of_a_chart_takes_the_place_of_one_that_waits_for_the_archive(desk):
    desk.reply(a_window(desk.ask().request, 600, oldest=600))
    (first,) = desk.turn()
    second = desk.ask("w2")
    desk.reply(a_window(first.request, 1, oldest=0))
    assert desk.windows() == []
    desk.reply(a_window(second.request, 600, oldest=600))
    (further,) = desk.turn()
    desk.reply(a_window(further.request, 2, 600, oldest=0))
    assert desk.windows() == [("w2", [2, 600], None)]


def test_that_both_parts_join_where_either_reaches_further():
    both = joined(a_series(10, 20, 30, oldest=10), a_series(5, 20, 40, oldest=5))
    assert both.time.tolist() == [5, 10, 20, 30, 40]
    assert both.oldest_ns == 5
    nothing = no_series(ASK, Reason(code="session.no_answer"))
    assert joined(a_series(10), nothing).time.tolist() == [10]
    assert joined(a_series(), a_series(7)).time.tolist() == [7]


def test_that_an_answer_without_the_archive_says_that_older_times_are_unknown(desk):
    def handed():
        ((name, series),) = desk.replica.post().windows
        return name, series.unreached.code if series.unreached else ""

    desk.reply(a_window(desk.ask().request, 600, oldest=600))
    desk.turn()
    for _ in range(4):
        desk.now += PATIENCE_NS // 3
        desk.turn()
    assert handed() == ("w", "session.no_archive")
    desk.reply(a_window(desk.ask("w2").request, 600, oldest=600))
    assert handed() == ("w2", "session.no_archive"), "also while the silent historian is left alone"
    desk.reply(a_window(desk.ask("w3").request, 5, oldest=0))
    assert handed() == ("w3", "")


def test_that_the_gaps_of_the_archive_are_asked_of_the_historian(desk):
    at = Moment(monotonic_ns=desk.now, profile_ns=desk.now, machine_ns=desk.now)
    ask = AskHistory(kind="vitals", series=1, from_ns=0, to_ns=1000, pixels=1)
    desk.replica.wish(WantAnswer(id="g", kind="history", ask=ask, slot="gaps"), at)
    (errand,) = [one for one in desk.replica.turn(at) if one.request.kind == "history"]
    assert errand.door is Door.HISTORY
    told = History(
        kind="vitals", series=1, time=b"", value=b"", raw=True, oldest_ns=0, gaps=((1, 2, -1, "feed_damaged"),)
    )
    desk.reply(codec.pack(Reply(id="g", outcome="done", body=codec.pack(told))))
    assert dict(desk.replica.post().answers) == {"g": told}


def test_that_the_doubt_of_both_parts_stays_with_its_samples():
    archive, memory = a_series(10, 20, 30), a_series(5, 20, 40)
    archive = replace(archive, doubt=np.array([0, 2, 0], np.uint8))
    memory = replace(memory, doubt=np.array([1, 0, 2], np.uint8))
    assert joined(archive, memory).doubts.tolist() == [1, 0, 2, 0, 2]


@pytest.mark.parametrize(("told", "found"), [(b"", [1, 1]), (b"\0\2", [0, 2])])
def test_that_a_daemon_that_tells_no_doubt_is_not_taken_for_one_that_has_none(told, found):
    time = np.array([1, 2], np.int64)
    window = Window(
        vital=1, from_ns=0, to_ns=9, time=time.tobytes(), value=time.astype(float).tobytes(), raw=True, oldest_ns=0,
        doubt=told,
    )  # fmt: skip
    assert series_of(ASK, window).doubts.tolist() == found


def test_that_doubts_that_do_not_fit_the_samples_are_refused():
    window = Window(
        vital=1, from_ns=0, to_ns=9, time=bytes(16), value=bytes(16), raw=True, oldest_ns=0, doubt=b"\0"
    )  # fmt: skip
    with pytest.raises(ValueError, match="1 doubts"):
        series_of(ASK, window)
