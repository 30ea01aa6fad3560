"""Sets one of a seat's settings to one of its choices, and says what holds from now on."""

from chengyun_console.desk import Desk
from chengyun_console.preferences import changed, choices_of

_TOLD = {
    "idle_lock_minutes": "sound.setting.idle_lock",
    "sound_volume": "sound.setting.volume",
    "wall_scale": "console.wall.scale",
}
"""Setting → code of the sentence that says what holds; with `.off` behind it for the choice 0."""


def told(desk: Desk, name: str, value: str | float) -> str:
    """Return the sentence of one choice."""
    code = _TOLD[name]
    return desk.say(code if value else f"{code}.off", value=f"{value:g}" if isinstance(value, float) else value)


def choose(desk: Desk, name: str, wanted: str) -> None:
    """Take the choice that is written so; what is written otherwise changes nothing."""
    chosen = next((choice for choice in choices_of(name) if str(choice) == wanted), None)
    if chosen is not None:
        _keep(desk, name, chosen)


def choose_next(desk: Desk, name: str) -> None:
    """Take the choice after the one in force; the first when that is none of them (any more)."""
    choices, now = choices_of(name), getattr(desk.preferences, name)
    _keep(desk, name, choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0])


def _keep(desk: Desk, name: str, chosen: str | float) -> None:
    desk.keep(changed(desk.preferences, name, chosen))
    desk.setting_was_chosen.emit(name)
    desk.message_came.emit(told(desk, name, chosen), False)
