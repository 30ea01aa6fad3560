"""A console's horn on a loudspeaker that writes what it is given to a file: run as a process of its own.

    python -m tests.support.sound_stand PROFILE     (ALSA_CONFIG_PATH names the file of `alsa_config`)

Prints one line of JSON: the count of samples the device had been given at each step of the scenario. ALSA's null
device takes everything at once; the voice itself keeps it to real time, so that silence is silence in the file too.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.sound.horn import Horn
from chengyun_console.sound.speech import Speech
from chengyun_console.sound.voice import Voice
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import START_NS, StillSession, alarm
from tests.support.small_city import small_city

QUIET = 9_600
"""Samples of silence waited for, 0.2 s."""


def alsa_config(captured: Path) -> str:
    """Return an ALSA configuration whose only device writes float32 samples, as PortAudio gives them, to a file."""
    return f"""
pcm.null {{ type null }}
pcm.!default {{
  type file
  slave.pcm "null"
  file "{captured}"
  format "raw"
  hint {{ show on description "capture" }}
}}
"""


class Stand:
    """Session without sockets, real desk, real horn, real PortAudio."""

    def __init__(self, profile: Path) -> None:
        self.session, self.tick, self.voice = StillSession(), FrameTick(), Voice()
        night, texts = load_theme("night"), Texts("zh_CN")
        self.desk = Desk(cast("Session", self.session), profile, night, texts, Preferences(sound_volume=100))
        self.horn = Horn(self.desk, self.tick, self.voice, Speech())
        self.session.catalogue_came.connect(self.desk.take_catalogue)
        self.marks: dict[str, int] = {}
        self.session.show_city(small_city(12, period_s=5.0))
        self.session.put_alarms()
        self.horn.start()
        self.tick.start()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop, which the beat wakes, until the condition holds."""
        while not condition():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def mark(self, name: str) -> None:
        """Keep how many samples the device has been given."""
        self.marks[name] = self.voice.written

    def quiet(self, samples: int = QUIET) -> None:
        """Let the device have so many samples more."""
        until = self.voice.written + samples
        self.wait(lambda: self.voice.written >= until)

    def play(self) -> None:
        """The scenario: an orange, cut off within its sentence; silence; another orange and a red within it."""
        self.wait(lambda: self.voice.is_free)
        self.quiet()
        orange = alarm(1, 3, WarningColour.ORANGE, priority=AlarmPriority.HIGH)
        self.mark("raised")
        self.session.put_alarms(orange)
        self.wait(lambda: "phrase" in str(self.horn.playing) and not self.voice.is_making)
        self.mark("spoken")
        self.quiet(4 * QUIET)
        self.session.put_alarms(replace(orange, acked_at=START_NS, version=2))
        self.wait(lambda: self.horn.playing is None)
        self.mark("acknowledged")
        self.quiet(2 * QUIET)
        self.desk.sound_was_asked.emit("silence")
        self.session.put_alarms(alarm(2, 4, WarningColour.ORANGE))
        self.mark("silenced")
        self.quiet(2 * QUIET)
        self.mark("red")
        self.session.put_alarms(alarm(3, 5, WarningColour.RED, priority=AlarmPriority.HIGHEST))
        self.wait(lambda: self.horn.playing is not None)
        self.wait(lambda: self.horn.playing is None)
        self.mark("over")
        self.quiet(2 * QUIET)
        self.mark("end")


def main() -> None:
    """Play, stop everything, print the marks."""
    app = QApplication(sys.argv[:1])
    stand = Stand(Path(sys.argv[1]))
    stand.play()
    stand.tick.stop()
    stand.horn.stop()
    print(json.dumps(stand.marks))
    app.quit()


if __name__ == "__main__":
    main()
