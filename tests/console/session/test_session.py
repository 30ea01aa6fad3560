"""The session against both in-test daemons, over real sockets and the real thread."""

import random
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, WindowSeries
from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import secret_file
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from tests.console.session.conftest import Site
from tests.support.fake_ingest import FakeIngest
from tests.support.small_city import small_city

S = 1_000_000_000
pytestmark = pytest.mark.wire


def test_that_a_session_shows_values_and_alarms_after_sign_on(site: Site) -> None:
    site.ingest.put(3, 12.5)
    site.centre.raise_alarm(3, WarningColour.RED)
    site.sign_on()
    session = site.session
    site.wait(lambda: session.state.value[3] == 12.5)
    assert session.catalogue is not None
    assert session.catalogue.version == 1
    assert session.facts.board.unacknowledged == 1
    site.wait(lambda: session.own_centre == "500000")
    assert session.state.freshness(session.clock.utc_ns())[3] == Freshness.FRESH
    assert session.latency.p99_ms() is None
    site.ingest.put(4, 1.0)
    site.wait(lambda: session.latency.p99_ms() is not None)


def test_that_an_acknowledgement_comes_back_with_its_outcome_and_as_a_fact(site: Site) -> None:
    site.sign_on()
    alarm = site.centre.raise_alarm(2, WarningColour.YELLOW)
    session = site.session
    site.wait(lambda: alarm.number in session.facts.alarms)
    with site.qtbot.waitSignal(session.command_ended, timeout=5000) as ended:
        sent = session.send(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version))
    assert ended.args[0] == sent
    assert ended.args[1].outcome == "done"
    site.wait(lambda: session.facts.alarms[alarm.number].acked_by == "officer")
    assert session.facts.board.unacknowledged == 0


def test_that_the_session_makes_the_words_of_vitals_places_and_actions(site: Site) -> None:
    site.sign_on()
    view = site.session.catalogue
    assert view is not None
    # Made in the reader's pool: the GUI thread must not be the one that makes them.
    site.wait(lambda: view._finder is not None)
    assert [phrase for _rank, phrase in view.finder.phrases("tcdl")] == ["退出登录"]
    assert [place.code for _rank, place in view.finder.places("yzq")] == ["500103"]
    assert view.search("yz ctz")


def test_that_a_refused_command_brings_its_reason(site: Site) -> None:
    site.sign_on()
    alarm = site.centre.raise_alarm(2, WarningColour.RED)
    with site.qtbot.waitSignal(site.session.command_ended, timeout=5000) as ended:
        site.session.send(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version))
    assert (ended.args[1].outcome, ended.args[1].code) == ("refused", "alarm.note_code_needed")


def test_that_a_wrong_password_is_told_and_a_right_one_lets_in_afterwards(site: Site) -> None:
    with site.qtbot.waitSignal(site.session.sign_on_ended, timeout=5000) as ended:
        site.session.sign_on("officer", "wrong", "A-01")
    answer: SignOnEnded = ended.args[0]
    assert answer.signed_on is None
    assert answer.failed is not None
    assert answer.failed.code == "account.wrong_password"
    site.sign_on()


def test_that_a_session_ended_by_the_centre_is_told(site: Site) -> None:
    site.sign_on()
    site.centre.forget_sessions()
    with site.qtbot.waitSignal(site.session.sign_on_ended, timeout=5000) as ended:
        site.session.send(AcknowledgeAlarm(alarm=1, version=1))
    assert ended.args[0].failed.code == "session.none"
    assert site.session.signed_on is None


def test_that_signing_off_leaves_the_seat(site: Site) -> None:
    site.sign_on()
    with site.qtbot.waitSignal(site.session.sign_on_ended, timeout=5000) as ended:
        site.session.sign_off()
    assert (ended.args[0].signed_on, ended.args[0].failed) == (None, None)
    assert site.session.signed_on is None


def test_that_an_idle_screen_reads_facts_by_its_key_and_goes_on_reading_after_sign_off(site: Site) -> None:
    key = site.profile / "keys" / "screen.key"
    key.parent.mkdir()
    secret_file.write_new(key, "a-screen\n")
    site.centre.screen_key = "a-screen"
    first = site.centre.raise_alarm(1, WarningColour.RED)
    site.wait(lambda: first.number in site.session.facts.alarms)
    assert site.session.signed_on is None
    site.sign_on()
    with site.qtbot.waitSignal(site.session.sign_on_ended, timeout=5000):
        site.session.sign_off()
    second = site.centre.raise_alarm(2, WarningColour.RED)
    site.wait(lambda: second.number in site.session.facts.alarms)
    with site.qtbot.waitSignal(site.session.command_ended, timeout=5000) as ended:
        site.session.send(AcknowledgeAlarm(alarm=first.number, version=1, note_code=NoteCode.VERIFYING))
    assert ended.args[1].code == "session.none"


def test_that_seats_are_told_before_sign_on(site: Site) -> None:
    with site.qtbot.waitSignal(site.session.seats_came, timeout=5000) as came:
        site.session.ask_seats()
    assert [seat for seat, *_ in came.args[0].seats] == ["A-01", "A-02"]


@pytest.mark.fault
def test_that_a_killed_ingest_turns_every_value_hollow_and_comes_back_by_itself(site: Site) -> None:
    site.ingest.put(3, 12.5)
    site.sign_on()
    session = site.session
    site.wait(lambda: session.state.value[3] == 12.5)
    site.ingest.kill()
    site.wait(lambda: session.links().ingest.reach is Reach.LOST)
    assert session.state.freshness(session.clock.utc_ns())[3] == Freshness.LOST
    assert session.links().centre.reach is Reach.LIVE
    site.ingest.restart()
    site.wait(site.is_whole)
    assert session.state.freshness(session.clock.utc_ns())[3] == Freshness.OUTDATED
    site.ingest.put(3, 14.0)
    site.wait(lambda: session.state.value[3] == 14.0)
    assert session.state.freshness(session.clock.utc_ns())[3] == Freshness.FRESH


@pytest.mark.fault
def test_that_a_killed_centre_loses_no_acknowledgement_and_no_alarm(site: Site) -> None:
    site.sign_on()
    session = site.session
    alarm = site.centre.raise_alarm(1, WarningColour.RED)
    site.wait(lambda: alarm.number in session.facts.alarms)
    site.centre.swallow = 1
    sent = session.send(AcknowledgeAlarm(alarm=alarm.number, version=1, note_code=NoteCode.VERIFYING))
    site.wait(lambda: "alarm.acknowledge" in site.centre.deeds)
    with site.qtbot.waitSignal(session.command_ended, timeout=10_000) as ended:
        site.centre.restart()
    assert (ended.args[0], ended.args[1].outcome) == (sent, "done")
    assert site.centre.deeds.count("alarm.acknowledge") == 1
    site.wait(lambda: session.facts.alarms[alarm.number].acked_by == "officer")
    site.wait(site.is_whole)


@pytest.mark.fault
@pytest.mark.slow
def test_that_ten_kills_of_each_daemon_leave_no_wrong_value_and_no_lost_or_ghost_alarm(site: Site) -> None:
    site.sign_on()
    session, dice = site.session, random.Random(20)
    acknowledged: set[int] = set()
    for turn in range(10):
        site.ingest.lose, site.centre.lose = dice.randrange(3), dice.randrange(2)
        for _ in range(dice.randrange(8)):
            vital = dice.randrange(12)
            site.ingest.put(vital, dice.random(), band=WarningColour(dice.randrange(5)))
        alarm = site.centre.raise_alarm(dice.randrange(12), WarningColour.BLUE)
        site.centre.swallow = dice.randrange(2)
        session.send(AcknowledgeAlarm(alarm=alarm.number, version=1))
        site.wait(lambda number=alarm.number: site.centre.alarms[number].acked_by == "officer")
        acknowledged.add(alarm.number)
        if turn % 3 == 0:
            site.centre.return_alarm(alarm.number)
        for daemon in dice.sample([site.ingest, site.centre], 2):
            daemon.restart()
    for vital in range(12):
        site.ingest.put(vital, float(vital))
    site.wait(lambda: site.is_whole() and list(session.state.value) == [float(vital) for vital in range(12)])
    site.wait(lambda: session.facts.through == len(site.centre.journal))
    assert list(session.state.band) == list(site.ingest.band)
    living = {number: alarm for number, alarm in site.centre.alarms.items() if not alarm.closed}
    assert session.facts.alarms == living
    assert {number for number, alarm in living.items() if alarm.acked_by} == acknowledged & living.keys()
    assert site.centre.deeds.count("alarm.acknowledge") == 10


def test_that_lost_frames_and_hints_are_repaired(site: Site) -> None:
    site.sign_on()
    site.ingest.lose = 3
    site.centre.lose = 2
    for vital in range(4):
        site.ingest.put(vital, float(vital + 1))
    alarms = [site.centre.raise_alarm(vital, WarningColour.BLUE) for vital in range(2)]
    site.wait(lambda: list(site.session.state.value[:4]) == [1.0, 2.0, 3.0, 4.0])
    site.wait(lambda: set(site.session.facts.alarms) == {alarm.number for alarm in alarms})


def test_that_garbage_on_every_topic_changes_nothing(site: Site) -> None:
    site.sign_on()
    for topic in (TOPIC_STATE, TOPIC_WATCH, TOPIC_HEARTBEAT, TOPIC_CHANGE):
        for payload in (b"", b"CYF1", bytes(range(256)), b"\xdf\xff\xff\xff\xff"):
            site.ingest.publish_raw(topic, payload)
            site.centre.publish_raw(topic, payload)
    site.ingest.publish_raw(TOPIC_STATE, b"one", b"too many")
    site.ingest.publish_raw(TOPIC_STATE)
    site.ingest.put(5, 55.0)
    site.wait(lambda: site.session.state.value[5] == 55.0)
    assert site.is_whole()


def test_that_a_daemon_of_another_protocol_is_refused_with_both_numbers(site: Site) -> None:
    site.sign_on()
    site.ingest.protocol = PROTOCOL_VERSION + 1
    site.ingest.beat_now()
    site.wait(lambda: site.session.links().ingest.reach is Reach.REFUSED)
    reason = site.session.links().ingest.reason
    assert (reason.code, reason.params["theirs"], reason.params["ours"]) == ("link.protocol", "2", "1")
    assert site.session.state.silent


def test_that_only_the_newest_window_of_a_slot_is_answered_in_the_gui_thread(site: Site) -> None:
    site.sign_on()
    site.ingest.series[2] = (np.arange(100) * S, np.arange(100.0))
    answers: list[tuple[str, WindowSeries]] = []
    for name in ("first", "second", "third"):
        site.session.ask_window(
            2, 0, 99 * S, 10, lambda series, name=name: answers.append((name, series)), slot="chart"
        )
    site.wait(lambda: bool(answers))
    ((name, series),) = answers
    assert name == "third"
    assert (series.value[-1], series.raw, series.failed) == (99.0, False, None)


def test_that_a_window_of_an_unknown_vital_comes_with_the_reason(site: Site) -> None:
    site.sign_on()
    answers: list[WindowSeries] = []
    site.session.ask_window(999, 0, S, 10, answers.append)
    site.wait(lambda: bool(answers))
    assert answers[0].failed is not None
    assert answers[0].failed.code == "ingest.unknown_vital"


def test_that_a_preview_tells_what_would_alarm(site: Site) -> None:
    site.ingest.put(4, 120.0, band=WarningColour.RED)
    site.sign_on()
    answers: list[PreviewAnswer] = []
    site.session.ask_preview("flood", answers.append)
    site.wait(lambda: bool(answers))
    assert (answers[0].threshold_set, answers[0].would_alarm) == ("flood", ((4, WarningColour.RED),))


def test_that_watched_channels_come_raw_while_the_lease_holds(site: Site) -> None:
    site.sign_on()
    site.session.watch([3, 1])
    site.wait(lambda: site.ingest.leases == [(1, 3)])
    with site.qtbot.waitSignal(site.session.watch_came, timeout=5000) as came:
        site.ingest.watched(3, 5 * S, 7.25)
    rows = came.args[0]
    assert (list(rows.channel), list(rows.time), list(rows.value)) == ([3], [5 * S], [7.25])


def test_that_another_catalogue_version_is_taken_over_while_running(site: Site) -> None:
    site.sign_on()
    bigger = small_city(20, version=2)
    site.centre.adopt(bigger)
    site.ingest.call(lambda: site.ingest.adopt(bigger))
    site.ingest.put(19, 4.5)
    site.wait(lambda: site.session.state.count == 20 and site.session.state.value[19] == 4.5)
    assert site.session.catalogue is not None
    assert site.session.catalogue.version == 2


def test_that_a_window_that_stood_still_is_handed_everything_merged(site: Site) -> None:
    site.sign_on()
    told: list[int] = []
    site.session.frame_came.connect(lambda rows: told.append(len(rows.vital)))
    for at in range(300):
        site.ingest.put(at % 12, float(at))
    last = [float(at) for at in range(288, 300)]
    site.wait(lambda: list(site.session.state.value) == last)
    assert len(told) < 300
    assert max(told) <= 12


def test_that_the_last_catalogue_is_there_before_any_daemon_answers(site: Site, qtbot: QtBot) -> None:
    site.sign_on()
    site.wait(lambda: bool(list((site.profile / "cache").glob("catalogue-1.msgpack"))))
    site.session.stop()
    site.ingest.kill()
    site.centre.kill()
    again = Session(site.profile)
    again.start()
    qtbot.waitUntil(lambda: again.catalogue is not None, timeout=5000)
    assert again.state.count == 12
    assert again.links().centre.reach is Reach.CONNECTING
    again.stop()


def test_that_a_damaged_cache_is_only_told_in_the_log(tmp_path: Path, qtbot: QtBot, caplog) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "catalogue-3.msgpack").write_bytes(b"\x93torn")
    with FakeIngest(tmp_path, small_city()) as ingest:
        session = Session(tmp_path)
        session.start()
        qtbot.waitUntil(lambda: session.links().ingest.reach is Reach.LIVE, timeout=5000)
        assert session.catalogue is None
        assert ingest.epoch == session.links().ingest.heartbeat.epoch
        session.stop()
    assert "cannot be read" in caplog.text


def test_that_a_reader_ended_by_a_bug_is_shown_as_a_loss_of_everything(site: Site, monkeypatch, caplog) -> None:
    site.sign_on()

    def broken(_now: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(site.session._reader.replica, "turn", broken)
    site.wait(lambda: site.session.links().ingest.reason.code == "link.reader_failed")
    assert site.session.state.silent
    assert "ended by a fault of ours" in caplog.text


def test_that_a_process_that_slept_gives_its_reader_a_turn_before_judging_it(tmp_path: Path, qapp: object) -> None:
    session = Session(tmp_path)
    session.state.silent = False
    session._look_after_reader()
    assert session.links().ingest.reach is Reach.CONNECTING
    session._look_after_reader()
    assert session.links().ingest.reason.code == "link.reader_failed"
    session.stop()


def test_that_a_session_never_started_can_be_stopped(tmp_path: Path, qapp: object) -> None:
    Session(tmp_path).stop()
