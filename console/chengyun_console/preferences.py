"""What a seat keeps between shifts: language, ranges, changes to the cockpit. One table, one file in its folder."""

import logging
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from chengyun_console.layouts import overlay
from chengyun_console.layouts.overlay import Overlay
from chengyun_console.layouts.placement import WindowPlace

logger = logging.getLogger(__name__)

FILE_NAME = "preferences.json"
RANGE_MINUTES = (30, 60, 360, 1440)
WALL_SCALES = (1.0, 1.25, 1.5, 2.0, 2.5)
IDLE_MINUTES = (0, 5, 10, 15, 30, 60)
VOLUMES = (25, 50, 75, 100)
"""Per cent of full; no choice is mute: for two minutes there is F12 (A15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The settings of one seat. `SETTINGS` says what each means; the handbook prints it."""

    theme: str = "night"
    language: str = "zh_CN"
    utc_offset_minutes: int = 480
    export_folder: str = ""
    recent: tuple[str, ...] = ()
    idle_lock_minutes: int = 10
    """RS13 of RELIABILITY.md."""
    sound_device: str = ""
    sound_volume: int = 75
    speech: str = "on"
    vitals_range_minutes: int = 60
    splitters: dict[str, tuple[int, ...]] = field(default_factory=dict)
    command_layout: str = ""
    layouts: dict[str, Overlay] = field(default_factory=dict)
    windows: dict[str, WindowPlace] = field(default_factory=dict)
    wall_open: bool = False
    wall_scale: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the settings table. `choices` empty: any value of the type."""

    name: str
    meaning: str
    choices: tuple[str | float, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting(name="command_layout", meaning="layout of F6 that was chosen (Alt+1 … Alt+4); empty: that of the post"),
    Setting(name="export_folder", meaning="folder offered for print-outs and exports; empty: exports in the profile"),
    Setting(name="idle_lock_minutes", meaning="idle minutes until the seat locks; 0: never", choices=IDLE_MINUTES),
    Setting(name="language", meaning="language of the screen, at once", choices=("zh_CN", "en")),
    Setting(name="layouts", meaning="own changes of the cockpit over its master, by kind of post and mode"),
    Setting(name="recent", meaning="what was chosen in the command bar lately, newest first"),
    Setting(name="sound_device", meaning="device that plays, by its name; empty: the system's own"),
    Setting(name="sound_volume", meaning="loudness of tones and speech, in per cent", choices=VOLUMES),
    Setting(name="speech", meaning="whether alarms are spoken after their tone", choices=("on", "off")),
    Setting(name="splitters", meaning="sizes of the panes outside the cockpit, by the splitter's name, in px"),
    Setting(name="theme", meaning="colours of the screen, at once", choices=("night", "day")),
    Setting(name="utc_offset_minutes", meaning="time zone of every time shown, minutes east of UTC (China: 480)"),
    Setting(name="vitals_range_minutes", meaning="time range of the trend on F2", choices=RANGE_MINUTES),
    Setting(name="wall_open", meaning="whether the wall window is open (F11)", choices=(True, False)),
    Setting(name="wall_scale", meaning="how much larger the wall is drawn, where it has the room", choices=WALL_SCALES),
    Setting(name="windows", meaning="screen and place of the windows `console` and `wall`"),
)


def choices_of(name: str) -> tuple[str | float, ...]:
    """Return what a setting may be; empty: anything of its type."""
    return next(setting.choices for setting in SETTINGS if setting.name == name)


class PreferenceFile:
    """Reads and writes the preferences of a seat below `profile/seats/<seat>/`."""

    def __init__(self, profile: Path, seat: str) -> None:
        self._path = profile / "seats" / _folder_name(seat) / FILE_NAME

    @property
    def folder(self) -> Path:
        """Return the folder of the seat."""
        return self._path.parent

    def read(self) -> Preferences:
        """Return what was kept; the defaults when there is none. A damaged file is set aside, never overwritten."""
        try:
            return _checked(msgspec.json.decode(self._path.read_bytes(), type=Preferences))
        except FileNotFoundError:
            return Preferences()
        except (msgspec.MsgspecError, OSError, ValueError) as fault:
            logger.warning(
                "preferences %s cannot be used (%s); defaults are taken, the file is kept as .bad", self._path, fault
            )
            self._set_aside()
            return Preferences()

    def write(self, preferences: Preferences) -> bool:
        """Keep the preferences (whole file replaced at once); False, with a line in the log, when that failed."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(msgspec.json.format(msgspec.json.encode(preferences)))
            os.replace(fresh, self._path)  # noqa: PTH105 - atomic replacement is what is meant
        except OSError as fault:
            logger.warning("preferences could not be kept in %s: %s", self._path, fault)
            return False
        return True

    def _set_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".bad"))
        except OSError as fault:
            logger.warning("%s could not be set aside: %s", self._path, fault)


def latest_seat(profile: Path) -> str:
    """Return the seat whose preferences were kept last, for a start that names none; empty when there is none."""
    files = sorted((profile / "seats").glob(f"*/{FILE_NAME}"), key=lambda path: path.stat().st_mtime)
    return files[-1].parent.name if files else ""


def changed(preferences: Preferences, name: str, value: str | float) -> Preferences:
    """Return the preferences with one word of the settings table changed.

    Raises:
        ValueError: the setting has no such choice.
    """
    return _checked(replace(preferences, **{name: value}))  # type: ignore[arg-type]


def _checked(preferences: Preferences) -> Preferences:
    for setting in SETTINGS:
        value = getattr(preferences, setting.name)
        if setting.choices and value not in setting.choices:
            raise ValueError(f"{setting.name} is {value!r}; one of {setting.choices}")
    if not -720 <= preferences.utc_offset_minutes <= 840:
        raise ValueError(f"utc_offset_minutes is {preferences.utc_offset_minutes}; between -720 and 840")
    for changes in preferences.layouts.values():
        overlay.check(changes, RANGE_MINUTES)
    return preferences


def _folder_name(seat: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in seat)
    return kept or "no-seat"
