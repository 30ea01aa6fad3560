"""Activations and bands from ingest: once each, in order, reconciled after a reconnect."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.activation import Activation, BandNow
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Confirmed, Reply, SendActivations, SendBands
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city, vital

NONE, YELLOW, RED = WarningColour.NONE, WarningColour.YELLOW, WarningColour.RED


def _send(room: Room, *sent: Activation) -> Reply:
    return room.ask("ingest.activations", SendActivations(activations=sent), INGEST_KEY)


def _confirmed(reply: Reply) -> int:
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, Confirmed).key.seq


def _one(seq: int, number: int, after: WarningColour, epoch: int = 7) -> Activation:
    return activation(seq, number, after, at_ns=NOON_NS + seq, epoch=epoch)


def _bands(*named: tuple[int, WarningColour], as_of: int, epoch: int = 7, vitals_from: int = 0) -> SendBands:
    return SendBands(
        shard=0, epoch=epoch, as_of_seq=as_of, at_ns=NOON_NS + 99, catalogue_version=1,
        vitals_from=vitals_from, vitals_to=4,
        bands=tuple(
            BandNow(vital=number, band=band, side=Side.LOW, since_ns=NOON_NS + 50, value=1.5, limit=2.0)
            for number, band in named
        ),
    )  # fmt: skip


def test_that_a_run_sent_again_is_confirmed_and_does_nothing(room: Room) -> None:
    run = (_one(1, 0, YELLOW), _one(2, 1, RED), _one(3, 0, NONE))
    assert _confirmed(_send(room, *run)) == 3
    rows = len(room.published)
    room.restart()
    assert _confirmed(_send(room, *run)) == 3
    assert _confirmed(_send(room, run[0])) == 3
    assert len(room.published) == rows == 3


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
@settings(max_examples=25)
def test_that_any_resending_gives_the_alarms_of_one_sending(tmp_path_factory, cuts: list[int]) -> None:  # type: ignore[no-untyped-def]
    bands = [YELLOW, RED, NONE, YELLOW, NONE, RED, YELLOW, NONE, RED, RED, NONE, YELLOW]
    whole = [_one(seq, seq % 3, band) for seq, band in enumerate(bands, 1)]
    with Room(tmp_path_factory.mktemp("once")) as once, Room(tmp_path_factory.mktemp("again")) as again:
        _send(once, *whole)
        done = 0
        for cut in cuts:
            start = max(0, min(done, cut) - 1)
            done = max(done, _confirmed(_send(again, *whole[start : max(start + 1, cut)])))
            done = max(done, cut)
        _send(again, *whole)
        assert _told(once) == _told(again)
        assert _moves(once) == _moves(again)


def _told(room: Room) -> dict[int, Alarm]:
    """Alarms without their versions: a situation is noted at the end of a run, wherever that was cut."""
    return {vital: replace(alarm, version=0, changed_at=0) for vital, alarm in room.living().items()}


def _moves(room: Room) -> list[tuple[str, str]]:
    beside = ("situation.", "alarm.situation", "alarm.chatter", "flood.")
    return [(change.action, change.key) for change in room.published if not change.action.startswith(beside)]


def test_that_one_run_may_raise_return_and_raise_the_same_vital(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 0, NONE), _one(3, 0, RED))
    alarm = room.living()[0]
    assert (alarm.number, alarm.raises, alarm.colour) == (1, 2, RED)
    assert effective(alarm) is AlarmState.UNACK
    assert [change.action for change in room.published] == ["alarm.raise", "alarm.return", "alarm.raise"]


@pytest.mark.parametrize(
    "run",
    [(_one(2, 0, YELLOW), _one(1, 0, NONE)), (_one(1, 0, YELLOW), _one(1, 1, RED)),
     (_one(1, 0, YELLOW), _one(2, 0, NONE, epoch=8)), ()],
)  # fmt: skip
def test_that_a_run_out_of_order_is_refused_whole(room: Room, run: tuple[Activation, ...]) -> None:
    assert _send(room, *run).outcome == "refused"
    assert room.living() == {}
    assert _confirmed(_send(room, _one(1, 0, YELLOW))) == 1


def test_that_a_new_spool_begins_anew(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 1, YELLOW))
    assert _confirmed(_send(room, _one(1, 2, RED, epoch=8))) == 1
    assert set(room.living()) == {0, 1, 2}


def test_that_an_activation_of_an_unknown_or_retired_vital_is_confirmed_and_counted(room: Room) -> None:
    old = city()
    room.adopt(type(old)(version=2, vitals=(*old.vitals[:3], vital(3, "SW-4", "500000", retired=True))))
    assert _confirmed(_send(room, _one(1, 3, RED), _one(2, 4000, RED), _one(3, 0, RED))) == 3
    assert set(room.living()) == {0}
    assert room.desk.counters["activations.unknown_vital"] == 2


def test_that_a_late_activation_does_not_annunciate(room: Room) -> None:
    assert _confirmed(room.observe(0, RED, late=True)) == 1
    assert room.living() == {}


def test_that_a_late_easing_begins_no_alarm_where_its_raise_was_only_recorded(room: Room) -> None:
    """Two days of a city's data told at once raised 840 alarms, each where red had eased to yellow days ago."""
    room.observe(0, RED, late=True)
    assert _confirmed(room.observe(0, YELLOW, late=True, before=RED)) == 2
    assert _confirmed(room.observe(0, NONE, late=True, before=YELLOW)) == 3
    assert room.living() == {}


def test_that_a_late_easing_is_told_of_an_alarm_that_lives(room: Room) -> None:
    room.observe(0, RED)
    room.observe(0, YELLOW, late=True, before=RED)
    assert room.living()[0].band is YELLOW


def test_that_a_value_that_is_no_number_is_kept_as_such(room: Room) -> None:
    sent = Activation(
        shard=0, epoch=7, seq=1, vital=0, at_ns=NOON_NS, before=NONE, after=YELLOW, side=Side.MISSING,
        value=math.nan, limit=math.nan, catalogue_version=1,
    )  # fmt: skip
    _send(room, sent)
    alarm = room.living()[0]
    assert math.isnan(alarm.value)
    assert math.isnan(alarm.limit)


def test_that_a_return_that_happened_while_something_was_down_is_not_lost(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 1, RED))
    assert room.ask("ingest.bands", _bands((1, RED), as_of=2), INGEST_KEY).outcome == "done"
    living = room.living()
    assert effective(living[0]) is AlarmState.RTNUN
    assert living[0].returned_at == NOON_NS + 99
    assert effective(living[1]) is AlarmState.UNACK
    assert room.published[-1].params == {"reconciled": "2"}


def test_that_bands_raise_escalate_and_ease_what_was_missed_and_change_nothing_twice(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 1, RED))
    message = _bands((0, RED), (1, YELLOW), (2, YELLOW), as_of=2)
    room.ask("ingest.bands", message, INGEST_KEY)
    bands = {number: alarm.band for number, alarm in room.living().items()}
    assert bands == {0: RED, 1: YELLOW, 2: YELLOW}
    assert room.living()[2].raised_at == NOON_NS + 50
    rows = len(room.published)
    room.ask("ingest.bands", message, INGEST_KEY)
    assert len(room.published) == rows


def test_that_bands_older_than_what_is_confirmed_are_ignored(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 1, RED))
    room.ask("ingest.bands", _bands(as_of=1), INGEST_KEY)
    room.ask("ingest.bands", _bands(as_of=9, epoch=6), INGEST_KEY)
    assert {effective(alarm) for alarm in room.living().values()} == {AlarmState.UNACK}


def test_that_bands_leave_the_vitals_of_another_shard_alone(room: Room) -> None:
    _send(room, _one(1, 0, YELLOW), _one(2, 3, YELLOW))
    room.ask("ingest.bands", _bands(as_of=2, vitals_from=2), INGEST_KEY)
    assert {number: effective(alarm) for number, alarm in room.living().items()} == {
        0: AlarmState.UNACK, 3: AlarmState.RTNUN,
    }  # fmt: skip


def test_that_only_ingest_may_send_activations(room: Room) -> None:
    session = room.officer("chief", "500000.watch_chief", seat="A-01")
    message = SendActivations(activations=(_one(1, 0, RED),))
    assert room.ask("ingest.activations", message, session).code == "permission.no_post"
    assert room.ask("ingest.activations", message, "").code == "session.none"
    assert room.living() == {}
