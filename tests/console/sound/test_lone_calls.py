"""RF1: while the centre is lost, a vital that turns orange or red calls by itself, and says that the centre is lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.sound.unwatched import PATIENCE_S, Unwatched
from chengyun_core.mirror.links import LinkState, Reach
from chengyun_core.model.alarm import Override, OverrideKind
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import WarningColour
from tests.console.conftest import Room
from tests.console.sound.test_horn import Ear, ear
from tests.console.still_session import START_NS, alarm
from tests.support.small_city import small_city

__all__ = ["ear"]
RED, ORANGE = int(WarningColour.RED), int(WarningColour.ORANGE)


def turn(ear: Ear, **bands: int) -> None:
    """Let vitals v0, v1, … be judged so by ingest."""
    band = {int(name[1:]): colour for name, colour in bands.items()}
    ear.room.session.put({vital: 90.0 + vital for vital in band}, band=band)
    ear.beat(0.5)


def lose(ear: Ear, since_ns: int | None = None) -> None:
    """Lose the centre; `since_ns`: its last sign of life, now when not told."""
    session = ear.room.session
    session.hear(centre=Reach.LOST)
    if since_ns is not None:
        session._links = replace(session._links, centre=replace(session._links.centre, since_ns=since_ns))
    ear.beat(0.5)


def test_that_a_band_that_turns_red_while_the_centre_is_lost_sounds_and_is_said(ear: Ear) -> None:
    lose(ear)
    assert ear.voice.played == []
    turn(ear, v3=RED)
    ear.beat()
    ear.beat()
    assert len(ear.voice.played) == 2
    (said, language), *_ = ear.speech.said
    assert said.startswith("中心失联，红色，")
    assert ("93" in said, language) == (True, "zh_CN")
    assert ear.messages[-1].startswith("中心失联：")
    ear.beat(11.0)
    assert len(ear.voice.played) == 3


def test_that_what_stood_when_the_centre_was_heard_last_does_not_call_but_worse_does(ear: Ear) -> None:
    turn(ear, v1=RED, v2=ORANGE)
    ear.beat(2.0)
    lose(ear)
    for _ in range(4):
        ear.beat(5.0)
    assert ear.voice.played == []
    turn(ear, v2=RED)
    assert len(ear.voice.played) == 1


def test_that_what_turned_red_before_the_loss_was_seen_calls_as_well(ear: Ear) -> None:
    """A centre is called lost a second after its last sign of life: what rose within it was judged by nobody."""
    ear.beat(2.0)
    since_ns = ear.room.desk.now_ns()
    ear.room.session.clock.advance(0.9)
    turn(ear, v4=RED)
    lose(ear, since_ns)
    assert len(ear.voice.played) == 1


def test_that_an_alarm_the_centre_had_told_is_no_news(ear: Ear) -> None:
    ear.beat(2.0)
    since_ns = ear.room.desk.now_ns()
    turn(ear, v3=RED)
    ear.room.session.put_alarms(alarm(1, 3, WarningColour.RED, acked_at=START_NS, acked_by="x"))
    lose(ear, since_ns)
    assert ear.voice.played == []


@pytest.mark.parametrize(
    ("kind", "minutes", "calls"),
    [
        (OverrideKind.SUPPRESSED, 10, 0),
        (OverrideKind.OUT_OF_SERVICE, 10, 0),
        (OverrideKind.SUPPRESSED, -1, 1),
        (OverrideKind.MASKED, 10, 1),
    ],
)
def test_that_what_was_taken_out_stays_so_for_its_time(ear: Ear, kind: OverrideKind, minutes: int, calls: int) -> None:
    until = ear.room.desk.now_ns() + minutes * 60 * NS_PER_S
    ear.room.session.put_fact(
        "override", "7", Override(kind=kind, vital=3, vital_code="V0003", since=START_NS, until=until)
    )
    lose(ear)
    turn(ear, v3=RED)
    assert len(ear.voice.played) == calls


def test_that_it_is_still_when_the_centre_is_back_or_the_band_gone(ear: Ear) -> None:
    lose(ear)
    turn(ear, v3=RED, v4=RED)
    turn(ear, v3=0)
    assert ear.horn.policy.calling()[RED] == 1
    turn(ear, v3=RED)
    assert ear.horn.policy.calling()[RED] == 2
    ear.room.session.hear()
    ear.beat()
    assert ear.horn.policy.calling()[RED] == 0


def test_that_f12_silences_it_and_several_are_counted_in_one_sentence(ear: Ear) -> None:
    lose(ear)
    turn(ear, **{f"v{vital}": RED for vital in range(6)})
    ear.beat()
    ear.beat()
    assert [text for text, _ in ear.speech.said] == ["中心失联，30 秒内新增 6 条，红 6"]
    assert "6 项体征" in ear.messages[-1]
    played = len(ear.voice.played)
    QTest.keyClick(ear.room.window, Qt.Key.Key_F12)
    for _ in range(5):
        ear.beat(20.0)
    assert len(ear.voice.played) == played


def test_that_a_centre_never_heard_is_not_awaited_for_ever(room: Room) -> None:
    listening = Ear(room)
    room.session.hear(centre=Reach.CONNECTING)
    room.session.show_city(small_city(12, period_s=5.0))
    room.session.put({3: 99.0}, band={3: RED})
    listening.beat(1.0)
    listening.beat(PATIENCE_S - 2)
    assert listening.voice.played == []
    listening.beat(2.0)
    assert len(listening.voice.played) == 1
    listening.horn.stop()


BANDS = st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=12)


@given(before=BANDS, after=BANDS)
def test_that_exactly_what_rose_into_orange_or_red_since_its_lowest_calls(
    before: list[list[int]], after: list[list[int]]
) -> None:
    """Against a plain telling of the rule, vital by vital."""
    watch, second = Unwatched(), 0
    live, lost = (LinkState(daemon="centre", reach=reach, since_ns=0) for reach in (Reach.LIVE, Reach.LOST))
    for row in before:
        second += 1
        watch.take(live, np.array(row, np.uint8), second * NS_PER_S, second, lambda: iter(()))
        assert watch.grave(np.array(row, np.uint8)) == []
    gone = replace(lost, since_ns=second * NS_PER_S)
    known = list(before[-1])
    for row in after:
        second += 1
        watch.take(gone, np.array(row, np.uint8), second * NS_PER_S, second, lambda: iter(()))
        known = [min(old, new) for old, new in zip(known, row, strict=True)]
        wanted = [(at, new) for at, new in enumerate(row) if new >= ORANGE and new > known[at]]
        assert watch.grave(np.array(row, np.uint8)) == wanted
