"""The beat of a media worker: every 20 ms our voice goes out to all, theirs come in, are mixed, played and recorded."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from chengyun_core.model.failure import Trouble
from chengyun_core.rtc import sound
from chengyun_core.rtc.orders import Begin, Equipped
from chengyun_core.rtc.recorder import Recorder
from chengyun_core.rtc.sound import FRAME_S, SILENCE, Microphone, NoSpeaker, SilentMicrophone, Sound, Speaker
from chengyun_core.rtc.tracks import Ears, VoiceTrack

T = TypeVar("T")
BEHIND_S = 0.25
"""Further behind than this the beat is not made up for: what was missed is left out."""
_LATE_KEPT = 0.9
"""Of the lateness that was measured before, per beat."""


class Studio:
    """Microphone, speaker, recorder, and the voices of all consoles that are heard."""

    def __init__(self, begin: Begin, tell: Callable[[Equipped], None]) -> None:
        self._tell = tell
        self._lacks: dict[str, Trouble] = {}
        ear = self._had("microphone", partial(sound.microphone, begin.microphone))
        mouth = self._had("speaker", partial(sound.speaker, begin.speaker))
        self._microphone: Microphone = ear or SilentMicrophone()
        self._speaker: Speaker = mouth or NoSpeaker()
        self.is_muted = True
        self.voices: dict[str, VoiceTrack] = {}
        self.ears: dict[str, Ears] = {}
        self.levels: dict[str, float] = {}
        """dBFS by console of the newest frame, and our own by the empty name."""
        self.recorder: Recorder | None = None
        self.late_ms = 0.0
        """How far the beat is behind, slowly forgotten: an overloaded machine shows here first."""

    def equipped(self, camera: Trouble | None) -> None:
        """Tell what there is and what not."""
        lacks = {"camera": camera, **self._lacks}
        reasons = {name: None if fault is None else fault.reason for name, fault in lacks.items()}
        self._tell(
            Equipped(camera=reasons["camera"], microphone=reasons.get("microphone"), speaker=reasons.get("speaker"))
        )

    async def run(self) -> None:
        """Keep the beat until cancelled."""
        due = time.monotonic()
        while True:
            due += FRAME_S
            behind = time.monotonic() - due
            self.late_ms = max(behind * 1000, self.late_ms * _LATE_KEPT)
            if behind > BEHIND_S:
                due = time.monotonic()
            self._beat()
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        """Let the cards go and finish what is being recorded."""
        self.stop_recording()
        self._microphone.close()
        self._speaker.close()

    def stop_recording(self) -> Recorder | None:
        """Finish the recording; return it, None when there was none."""
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.close()
        return recorder

    def _beat(self) -> None:
        own = self._microphone.take()
        if self.is_muted:
            own = SILENCE
        for voice in self.voices.values():
            voice.feed(own)
        heard = self._heard()
        self._speaker.put(sound.mixed(heard))
        self.levels[""] = sound.loudness(own)
        if self.recorder is not None:
            self.recorder.put(sound.mixed([own, *heard]))

    def _heard(self) -> list[Sound]:
        frames = {peer: ears.take() for peer, ears in self.ears.items()}
        for peer, frame in frames.items():
            self.levels[peer] = sound.loudness(frame)
        return list(frames.values())

    def _had(self, name: str, make: Callable[[], T]) -> T | None:
        """Return what was made; None, and why kept, when this machine has none."""
        try:
            return make()
        except Trouble as fault:
            self._lacks[name] = fault
            return None
