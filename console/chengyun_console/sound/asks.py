"""What an officer asks of the sound by key or search: silence, volume, speech, another device."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from chengyun_console.choosing import choose_next
from chengyun_console.desk import Desk

T = TypeVar("T")


def doers(desk: Desk) -> dict[str, Callable[[], object]]:
    """Return what the window does for the actions of this room, by their ids."""
    return {
        "sound.silence": lambda: desk.sound_was_asked.emit("silence"),
        "sound.again": lambda: desk.sound_was_asked.emit("again"),
        "preference.volume": lambda: choose_next(desk, "sound_volume"),
        "preference.speech": lambda: _other_speech(desk),
        "preference.sound_device": lambda: _next_device(desk),
        "preference.idle_lock": lambda: choose_next(desk, "idle_lock_minutes"),
    }


def _other_speech(desk: Desk) -> None:
    speech = _after(desk.preferences.speech, ("on", "off"))
    desk.keep(replace(desk.preferences, speech=speech))
    desk.message_came.emit(desk.say(f"sound.setting.speech.{speech}"), False)


def _next_device(desk: Desk) -> None:
    device = _after(desk.preferences.sound_device, ("", *desk.sound.devices))
    desk.keep(replace(desk.preferences, sound_device=device))
    told = device or desk.say("sound.setting.device.system")
    desk.message_came.emit(desk.say("sound.setting.device", value=told), False)


def _after(now: T, choices: tuple[T, ...]) -> T:
    """Return the choice after the one in force, the first when that is none of them (any more)."""
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
