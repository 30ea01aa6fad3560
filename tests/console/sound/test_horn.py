"""From a fact to what is played: the horn on a console's desk, with a loudspeaker in the test's hand."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.shell import frame_records
from chengyun_console.sound.horn import Horn
from chengyun_console.sound.speech import Speech
from chengyun_console.sound.tones import Samples, tone
from chengyun_console.sound.voice import Voice, VoiceState
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_widgets.light import LightState
from tests.console.conftest import Room
from tests.console.still_session import START_NS, alarm
from tests.support.small_city import small_city


class HandVoice:
    """A loudspeaker that plays until the test says that it has ended."""

    def __init__(self) -> None:
        self.state = VoiceState(device="headset", devices=("headset", "wall"))
        self.played: list[Samples] = []
        self.device, self.cuts, self.is_free = "", 0, True

    def start(self) -> None:
        """Nothing has to be looked for."""

    def stop(self) -> None:
        """Nothing has to be closed."""

    def use(self, device: str) -> None:
        """Keep the name."""
        self.device = device

    def play(self, make: Callable[[], Samples]) -> None:
        """Play until `end`."""
        self.played.append(make())
        self.is_free = False

    def cut(self) -> None:
        """Stop."""
        self.cuts += 1
        self.is_free = True

    def end(self) -> None:
        """Have played to the end."""
        self.is_free = True


class HandSpeech:
    """Writes down what it is to say."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def samples(self, text: str, language: str) -> Samples:
        """Return a short noise."""
        self.said.append((text, language))
        return tone(WarningColour.BLUE, AlarmPriority.LOW)

    def close(self) -> None:
        """Nothing runs."""


class Ear:
    """The room with a horn in it."""

    def __init__(self, room: Room) -> None:
        self.room, self.voice, self.speech = room, HandVoice(), HandSpeech()
        self.horn = Horn(room.desk, room.tick, cast("Voice", self.voice), cast("Speech", self.speech))
        self.horn.start()
        self.messages: list[str] = []
        room.desk.message_came.connect(lambda text, _trouble: self.messages.append(text))

    def beat(self, seconds: float = 1.0) -> None:
        """Let what plays end, and time pass."""
        self.voice.end()
        self.room.beat(seconds)


@pytest.fixture
def ear(desk_room: Room) -> Iterator[Ear]:
    """Signed on, nothing alarms, the horn started."""
    made = Ear(desk_room)
    made.beat()
    yield made
    made.horn.stop()


def test_that_an_alarm_is_a_tone_and_then_a_sentence_of_colour_name_and_value(ear: Ear) -> None:
    ear.room.session.put_alarms(alarm(1, 3, WarningColour.RED))
    ear.beat()
    assert ear.speech.said == []
    assert ear.voice.played[0].size == tone(WarningColour.RED, AlarmPriority.MEDIUM).size
    ear.beat()
    names = ear.room.desk.names
    assert names is not None
    vital = names.vital(3)
    assert vital is not None
    assert [(language, text.split("，")[:2]) for text, language in ear.speech.said] == [("zh_CN", ["红色", vital.name])]
    assert "120" in ear.speech.said[0][0]


def test_that_acknowledging_cuts_the_sound_at_once(ear: Ear) -> None:
    red = alarm(1, 3)
    ear.room.session.put_alarms(red)
    ear.beat()
    ear.room.session.put_alarms(replace(red, acked_at=START_NS, version=2))
    ear.room.beat(0.1)
    assert ear.voice.cuts == 1
    ear.beat(30.0)
    assert (len(ear.voice.played), ear.speech.said) == (1, [])


def test_that_a_burst_is_one_sentence(ear: Ear) -> None:
    reds, oranges = range(2), range(2, 7)
    ear.room.session.put_alarms(
        *(alarm(n, n) for n in reds),
        *(alarm(n, n, WarningColour.ORANGE) for n in oranges),
    )
    for _ in range(6):
        ear.beat()
    assert ear.speech.said == [("30 秒内新增 7 条，红 2，橙 5", "zh_CN")]


def test_that_f12_silences_counts_down_is_written_down_and_ends_by_itself(ear: Ear) -> None:
    ear.room.session.put_alarms(alarm(1, 3))
    ear.beat()
    QTest.keyClick(ear.room.window, Qt.Key.Key_F12)
    ear.room.beat(0.1)
    assert ear.voice.cuts == 1
    ear.beat(13.0)
    links = ear.room.session.links()
    assert frame_records.status_record(ear.room.desk, links).silence == "静音 1:47"
    for _ in range(11):
        ear.beat(10.0)
    assert frame_records.status_record(ear.room.desk, links).silence == "F12 静音"
    assert ear.messages[-1] == "提示音已恢复"
    assert len(ear.voice.played) == 2
    lines = (ear.room.desk.profile / "seats" / "silences.jsonl").read_text("utf-8").splitlines()
    kept = [json.loads(line) for line in lines]
    assert [(line["what"], line["seat"], line["calling"][4]) for line in kept] == [
        ("silenced", "A-03", 1),
        ("ended", "A-03", 1),
    ]


def test_that_what_stands_at_the_start_is_counted(room: Room) -> None:
    listening = Ear(room)
    ear_is_there(room)
    listening.beat()
    listening.beat()
    assert listening.speech.said == [("3 条未确认，红 3", "zh_CN")]


def ear_is_there(room: Room) -> None:
    """Sign on to a city where three reds stand."""
    room.session.hear()
    room.session.show_city(small_city(12, period_s=5.0))
    room.session.enter()
    room.session.put_alarms(*(alarm(number, number) for number in range(3)))


def test_that_a_lost_device_lights_a_lamp_with_its_time_is_said_once_and_plays_again_by_itself(ear: Ear) -> None:
    ear.voice.state = VoiceState(lost=Reason(code="sound.no_device", params={"reason": "x"}))
    ear.beat(60.0)
    ear.beat(60.0)
    lamp = frame_records.top_bar_record(ear.room.desk, ear.room.session.links()).lights[-1]
    assert (lamp.label, lamp.state, lamp.detail) == ("声音", LightState.LOST, "无设备 自 14:33")
    assert len(ear.messages) == 1
    ear.voice.state = VoiceState(device="headset")
    ear.beat()
    lamp = frame_records.top_bar_record(ear.room.desk, ear.room.session.links()).lights[-1]
    assert lamp.state is LightState.OK
    assert ear.messages[-1] == "声音设备“headset”已恢复"


def test_that_volume_speech_and_device_are_the_seats_own(ear: Ear) -> None:
    ear.room.session.put_alarms(alarm(1, 3))
    ear.beat()
    loud = abs(ear.voice.played[0]).max()
    for action in ("preference.volume", "preference.speech", "preference.sound_device"):
        ear.room.window._doers()[action]()
    for _ in range(12):
        ear.beat()
    kept = ear.room.desk.preferences
    assert (kept.sound_volume, kept.speech, kept.sound_device) == (100, "off", "headset")
    assert abs(ear.voice.played[-1]).max() > loud
    assert ear.speech.said == []
    assert ear.voice.device == "headset"
