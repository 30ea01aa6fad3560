"""The voice of the console: a thread that keeps a sound device fed, finds it again, and one that makes the samples."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from chengyun_console.sound.output import OpenOutput, Output, open_sound_card
from chengyun_console.sound.player import Player
from chengyun_console.sound.speech import resampled
from chengyun_console.sound.tones import RATE, Samples
from chengyun_core.model.failure import Reason, Trouble

BLOCK_S = 0.02
AHEAD_S = 0.2
"""A device that swallows faster than it plays (a file, a broken driver) gets no more than this before its time."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses before the device is looked for again; the last one for ever."""
STUCK_S = 3.0
"""A device that has taken nothing for so long plays nothing, whatever it says."""
STOP_WITHIN_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceState:
    """How the loudspeaker stands. `lost` None: it plays; `device` is its name then."""

    lost: Reason | None = None
    device: str = ""
    devices: tuple[str, ...] = ()
    """Every device that can play, by name."""
    speechless: Reason | None = None
    """Why the last sentence could not be spoken; tones go on."""


class Voice:
    """Started and stopped by the GUI thread; every method but those returns at once."""

    def __init__(self, open_output: OpenOutput = open_sound_card, *, device: str = "") -> None:
        self._open_output, self._device = open_output, device
        self._player = Player()
        self._ended = threading.Event()
        self._wanted = threading.Condition()
        self._make: Callable[[], Samples] | None = None
        self._turn = 0
        """Counts what was asked and cut: samples that are ready too late find another number and are not played."""
        self._busy = False
        self._rate = RATE
        self._state = VoiceState(lost=Reason(code="sound.starting"))
        self._pulse_s = time.monotonic()
        self.written = 0
        """Samples handed to the device since the start, at its rate."""
        self._threads = (
            threading.Thread(target=self._feed, name="sound-device", daemon=True),
            threading.Thread(target=self._render, name="sound-render", daemon=True),
        )

    def start(self) -> None:
        """Begin to look for the device. Once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads; a driver that hangs is left behind, it ends with the process."""
        self._ended.set()
        with self._wanted:
            self._wanted.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_WITHIN_S)
            if thread.is_alive():
                logger.error("%s did not end within %s s", thread.name, STOP_WITHIN_S)

    def use(self, device: str) -> None:
        """Play on another device from now on; the system's own when the name is empty or nobody has it."""
        self._device = device

    @property
    def state(self) -> VoiceState:
        """How the loudspeaker stands now."""
        if self._state.lost is None and time.monotonic() - self._pulse_s > STUCK_S:
            return VoiceState(lost=Reason(code="sound.device_stuck", params={"name": self._state.device}))
        return self._state

    @property
    def is_free(self) -> bool:
        """Whether it has a device and nothing to play."""
        return self.state.lost is None and not self._busy and self._player.is_empty

    @property
    def is_making(self) -> bool:
        """Whether what was asked for is still being made."""
        return self._busy

    def play(self, make: Callable[[], Samples]) -> None:
        """Play what `make` returns (48 kHz, mono), in place of what plays; it is called in a thread and may raise
        Trouble.
        """
        with self._wanted:
            self._turn += 1
            self._make, self._busy = make, True
            self._wanted.notify_all()

    def cut(self) -> None:
        """Stop what plays, and what is being made."""
        with self._wanted:
            self._turn += 1
            self._make, self._busy = None, False
        self._player.cut(self._rate)

    def _render(self) -> None:
        while not self._ended.is_set():
            with self._wanted:
                self._wanted.wait_for(lambda: self._make is not None or self._ended.is_set())
                make, turn, self._make = self._make, self._turn, None
            if make is not None:
                self._load(make, turn)

    def _load(self, make: Callable[[], Samples], turn: int) -> None:
        samples, reason = None, None
        try:
            samples = make()
        except Trouble as trouble:
            logger.warning("cannot be heard: %s", trouble)
            reason = trouble.reason
        except Exception:
            logger.exception("a bug made a sound impossible")
        with self._wanted:
            if turn != self._turn:
                return
            self._busy = False
            if samples is not None:
                self._player.load(resampled(samples, RATE, self._rate))
        self._state = replace(self._state, speechless=reason)

    def _feed(self) -> None:
        tries = 0
        while not self._ended.is_set():
            output = self._opened()
            if output is None:
                self._ended.wait(RETRY_S[min(tries, len(RETRY_S) - 1)])
                tries += 1
                continue
            tries = 0
            self._play_on(output)

    def _opened(self) -> Output | None:
        """Return a device to play on, None with the reason told."""
        device = self._device
        try:
            output = self._open_output(device)
        except Trouble as trouble:
            self._lose(trouble.reason)
            return None
        self._rate, self._pulse_s = output.rate, time.monotonic()
        self._state = VoiceState(device=output.name, devices=output.devices)
        self._opened_as = device
        return output

    def _play_on(self, output: Output) -> None:
        """Feed a device until it fails, another one is wanted, or the end."""
        begun_s, count, block = time.monotonic(), 0, round(BLOCK_S * output.rate)
        try:
            while not self._ended.is_set() and self._device == self._opened_as:
                output.write(self._player.block(block))
                count += block
                self.written += block
                self._pulse_s = time.monotonic()
                self._ended.wait(max(0.0, count / output.rate - (self._pulse_s - begun_s) - AHEAD_S))
        except Trouble as trouble:
            self._lose(trouble.reason)
        finally:
            output.close()

    def _lose(self, reason: Reason) -> None:
        if self._state.lost is None or self._state.lost.code != reason.code:
            logger.warning("no sound: %s %s", reason.code, reason.params)
        self._state = VoiceState(lost=reason)
        self._player.drop()
