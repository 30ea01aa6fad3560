"""`chengyun mode presets FILE`: what 急时 means for each kind of emergency, from a table, all rows or none."""

from pathlib import Path

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model import call_tables, mode_tables
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.warning_commands import SaveCallList
from chengyun_core.tabular import event_file
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.mode_asks import AskModes, Modes
from chengyun_core.wire.warning_asks import AskCallLists, CallLists
from chengyun_resources.reference.facts_files import rows
from chengyun_resources.texts import Texts


def run(profile: Profile, file: Path, texts: Texts) -> Report:
    """Save the presets of a file that are new or changed.

    Raises:
        Refused: the file cannot be read; the centre refuses a preset. Trouble: no daemon.
    """
    if not file.is_file():
        raise Refused("launch.no_file", file=file)
    made, faults = mode_tables.presets(event_file.read(file))
    if faults:
        told = [{"code": one.code, "params": one.params} for one in faults]
        lines = tuple(sentence_of(fault, texts) for fault in faults)
        return Report(lines=lines, facts={"outcome": "refused", "faults": told}, exit_code=EXIT_REFUSED)
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        held = {one.code: one for one in codec.unpack(door.ask("mode.page", AskModes()), Modes).presets}
        changed = [one for one in made if not mode_tables.is_same(one, held.get(one.code))]
        for one in changed:
            door.send(SavePreset(preset=one, version=held[one.code].version if one.code in held else 0))
    line = texts.say("launch.presets_saved", count=len(changed), same=len(made) - len(changed), file=file.name)
    return Report(lines=(line,), facts={"outcome": "done", "presets": [one.code for one in changed]})


def ensure_demo(profile: Profile) -> None:
    """Give a demo city its call lists and presets when it has none."""
    address = of_profile(profile.folder).centre_door
    with DoorClient(address, session=profile.key("admin.key")) as door:
        if not codec.unpack(door.ask("call_list.page", AskCallLists()), CallLists).lists:
            for called in call_tables.lists(rows("call_lists.csv"))[0]:
                door.send(SaveCallList(call_list=called, version=0))
        if not codec.unpack(door.ask("mode.page", AskModes()), Modes).presets:
            for preset in mode_tables.presets(rows("presets.csv"))[0]:
                door.send(SavePreset(preset=preset, version=0))
