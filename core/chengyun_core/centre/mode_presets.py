"""Presets of 急时: what it means for one kind of emergency, as data with versions."""

from dataclasses import replace

from chengyun_core.centre import mode_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.mode import Preset
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.wire.envelope import Done

MOST_CODES = 100
LONGEST_REPORT_MIN = 24 * 60


def subjects(desk: Desk, work: Work, command: SavePreset) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the whole city: presets are shared by all centres."""
    return (Subject(name=command.preset.code, path=desk.city.path(desk.city.root())),)


def save(desk: Desk, work: Work, caller: Caller, command: SavePreset) -> Done:  # noqa: ARG001 - a handler's signature
    """Write a preset, new or as the editor changed it; a switch in force keeps what it was declared with."""
    preset = command.preset
    held = mode_care.PRESETS.get(work.connection, preset.code)
    if (held.version if held else 0) != command.version:
        raise Refused("mode.preset_changed", preset=preset.code[:64], version=held.version if held else 0)
    check(desk, preset)
    written = replace(preset, version=command.version + 1)
    change = work.note(
        "mode_preset.save",
        mode_care.PRESETS.kind,
        written.code,
        written.version,
        written,
        params={"name": written.name},
    )
    return Done(change=change, key=written.code, version=written.version)


def check(desk: Desk, preset: Preset) -> None:
    """Raise Refused for a preset that cannot be: its texts, its set, its cadence, too many codes."""
    clean(preset.code, field="code", most=32, required=True)
    clean(preset.name, field="name", most=40, required=True)
    for text in (preset.layout, preset.sound, preset.call_out, *preset.reinforcement, *preset.layers, *preset.plans):
        if any(letter.isspace() for letter in clean(text, field="code", most=64)):
            raise Refused("mode.preset_space", text=text)
    if preset.threshold_set and preset.threshold_set not in desk.city.set_names:
        raise Refused("threshold.set_unknown", threshold_set=preset.threshold_set[:64])
    if not 0 <= preset.report_every_min <= LONGEST_REPORT_MIN:
        raise Refused("mode.preset_reports", minutes=preset.report_every_min, most=LONGEST_REPORT_MIN)
    if max(len(preset.reinforcement), len(preset.layers), len(preset.plans)) > MOST_CODES:
        raise Refused("mode.preset_long", most=MOST_CODES)
