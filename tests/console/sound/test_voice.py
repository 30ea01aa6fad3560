"""The voice on devices that come, go, hang or swallow: told, tried again, and never a thread left over."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from chengyun_console.sound import output, voice
from chengyun_console.sound.output import Output
from chengyun_console.sound.player import Player
from chengyun_console.sound.tones import Samples, tone
from chengyun_console.sound.voice import Voice
from chengyun_core.model.failure import Trouble
from chengyun_core.model.scales import AlarmPriority, WarningColour
from tests.support.waiting import wait_until


@dataclass
class FakeCard:
    """A device that takes blocks until it is unplugged."""

    name: str = "headset"
    rate: int = 48_000
    devices: tuple[str, ...] = ("headset", "wall")
    blocks: list[Samples] = field(default_factory=list)
    unplugged: bool = False
    hangs: threading.Event | None = None
    closed: bool = False

    def write(self, block: Samples) -> None:
        """Take a block."""
        if self.unplugged:
            raise Trouble("sound.device_lost", name=self.name, reason="gone")
        if self.hangs is not None:
            self.hangs.wait()
        self.blocks.append(block)

    def close(self) -> None:
        """Be let go of."""
        self.closed = True

    def heard(self) -> float:
        """Return the loudest sample so far."""
        return max((float(np.abs(block).max()) for block in list(self.blocks)), default=0.0)


@dataclass
class Plug:
    """What is plugged in when the voice looks."""

    card: FakeCard | None = None
    asked: list[str] = field(default_factory=list)

    def open(self, name: str) -> Output:
        """Open what is there."""
        self.asked.append(name)
        if self.card is None or self.card.unplugged:
            raise Trouble("sound.no_device", reason="nothing there")
        return self.card


Started = Callable[[Plug], Voice]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Start voices that try again at once; all are stopped."""
    monkeypatch.setattr(voice, "RETRY_S", (0.01,))
    made: list[Voice] = []

    def start(plug: Plug) -> Voice:
        made.append(Voice(plug.open))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("sound-")]


def reason(speaker: Voice) -> str:
    """Return why nothing can be heard, empty when it can."""
    lost = speaker.state.lost
    return lost.code if lost is not None else ""


def red() -> Samples:
    """Return a tone."""
    return tone(WarningColour.RED, AlarmPriority.LOW)


def test_that_a_missing_device_is_told_and_one_that_is_plugged_in_plays_by_itself(started: Started) -> None:
    plug = Plug()
    speaker = started(plug)
    wait_until(lambda: len(plug.asked) > 3, "it was looked for again")
    assert reason(speaker) == "sound.no_device"
    assert not speaker.is_free
    plug.card = FakeCard()
    wait_until(lambda: speaker.is_free, "the voice is free")
    assert (speaker.state.device, speaker.state.devices) == ("headset", ("headset", "wall"))


def test_that_an_unplugged_device_is_let_go_and_found_again_without_what_it_was_playing(started: Started) -> None:
    plug = Plug(FakeCard())
    speaker = started(plug)
    wait_until(lambda: speaker.is_free, "the voice is free")
    speaker.play(red)
    first = plug.card
    assert first is not None
    wait_until(lambda: first.heard() > 0.1, "the tone is heard")
    first.unplugged = True
    wait_until(lambda: first.closed, "the device is let go")
    second = plug.card = FakeCard()
    wait_until(lambda: speaker.is_free and len(second.blocks) > 2, "the second device plays")
    assert second.heard() == 0.0


def test_that_a_device_that_hangs_is_not_called_working(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "STUCK_S", 0.05)
    card = FakeCard(hangs=threading.Event())
    speaker = started(Plug(card))
    wait_until(lambda: reason(speaker) == "sound.device_stuck", "it is called stuck")
    assert card.hangs is not None
    card.hangs.set()


def test_that_another_device_is_taken_when_it_is_wanted(started: Started) -> None:
    plug = Plug(FakeCard())
    speaker = started(plug)
    wait_until(lambda: speaker.is_free, "the voice is free")
    first, plug.card = plug.card, FakeCard(name="wall")
    speaker.use("wall")
    wait_until(lambda: speaker.state.device == "wall", "the wall plays")
    assert first is not None
    assert first.closed
    assert plug.asked == ["", "wall"]


def test_that_a_device_of_another_rate_plays_as_long(started: Started) -> None:
    card = FakeCard(rate=44_100)
    speaker = started(Plug(card))
    wait_until(lambda: speaker.is_free, "the voice is free")
    speaker.play(red)
    wait_until(lambda: card.heard() > 0.1 and speaker.is_free, "the tone was played")
    heard = np.flatnonzero(np.concatenate(card.blocks))
    assert (heard[-1] - heard[0]) / 44_100 == pytest.approx(0.22, abs=0.01)


def test_that_a_sound_that_cannot_be_made_leaves_the_voice_free_and_says_why(started: Started) -> None:
    speaker = started(Plug(FakeCard()))
    wait_until(lambda: speaker.is_free, "the voice is free")

    def fail() -> Samples:
        raise Trouble("sound.no_speech", reason="x")

    speaker.play(fail)
    wait_until(lambda: speaker.state.speechless is not None, "the failure is told")
    wait_until(lambda: speaker.is_free, "the voice is free")


def test_that_what_was_cut_while_it_was_made_is_never_played(started: Started) -> None:
    card, made = FakeCard(), threading.Event()
    speaker = started(Plug(card))
    wait_until(lambda: speaker.is_free, "the voice is free")
    begun = threading.Event()

    def slow() -> Samples:
        begun.set()
        made.wait()
        return red()

    speaker.play(slow)
    assert begun.wait(30)
    speaker.cut()
    made.set()
    speaker.play(lambda: np.zeros(960, np.float32))
    wait_until(lambda: speaker.is_free, "the voice is free")
    assert card.heard() == 0.0


def test_that_a_cut_fades_instead_of_clicking() -> None:
    player = Player()
    player.load(np.full(48_000, 0.5, np.float32))
    player.block(960)
    player.cut()
    rest = player.block(960)
    assert np.abs(np.diff(rest)).max() < 0.01
    assert not rest[480:].any()
    assert player.is_empty


def test_that_a_machine_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(Trouble, match=r"sound\.no_library"):
        output.open_sound_card()
