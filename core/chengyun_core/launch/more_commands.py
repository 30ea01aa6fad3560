"""Commands that have no room in `cli`: each adds its parser and what it calls; light, because `--help` builds all."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chengyun_core.launch import camera_arguments
from chengyun_core.launch import profile as profiles
from chengyun_core.launch.report import Report
from chengyun_resources.texts import Texts

FolderOf = Callable[[argparse.Namespace], Path]
Make = Callable[..., argparse.ArgumentParser]
"""make(commands, name, text, handler): a parser with what every command has (cli)."""


def add_all(commands: Any, make: Make, folder_of: FolderOf) -> None:
    """Add every command told here."""
    for add in (_camera, _devices, _parties, _room, _survey):
        add(commands, make, folder_of)


def _camera(commands: Any, make: Make, folder_of: FolderOf) -> None:
    def run(options: argparse.Namespace, texts: Texts) -> Report | int:
        from chengyun_core.launch import camera_command  # noqa: PLC0415

        return camera_command.run(profiles.opened(folder_of(options)), options, texts)

    text = "list and check cameras, keep their credentials, list a platform's, hand evidence out"
    camera_arguments.add(make(commands, "camera", text, run))


def _room(commands: Any, make: Make, folder_of: FolderOf) -> None:
    def run(options: argparse.Namespace, texts: Texts) -> Report | int:
        from chengyun_core.launch import room_command  # noqa: PLC0415

        return room_command.run(profiles.opened(folder_of(options)), options, texts)

    made = make(commands, "room", "write the configuration of the relay for consultations of more than two", run)
    made.add_argument("act", choices=("relay",))
    made.add_argument("--folder", type=Path, help="where to (default: janus in the profile)")
    made.add_argument("--host", default="127.0.0.1", help="address consoles reach it at (default: %(default)s)")
    made.add_argument("--port", type=int, default=8088, help="port for requests (default: %(default)s)")
    made.add_argument("--media-ports", default="20000-20400", metavar="FIRST-LAST", help="UDP of sound and pictures")


def _parties(commands: Any, make: Make, folder_of: FolderOf) -> None:
    def run(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
        from chengyun_core.launch import parties, up  # noqa: PLC0415

        return parties.run(profiles.opened(folder_of(options)), up.stop_on_signals())

    make(commands, "parties", "play the members of consultations whom nobody plays, in a drill", run)


def _survey(commands: Any, make: Make, folder_of: FolderOf) -> None:
    def run(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
        from chengyun_core.launch import daemons  # noqa: PLC0415

        return daemons.run_survey(profiles.ensure(folder_of(options)))

    make(commands, "survey", "run the survey, which knows where devices stand and how", run)


def _devices(commands: Any, make: Make, folder_of: FolderOf) -> None:
    def run(options: argparse.Namespace, texts: Texts) -> Report | int:
        from chengyun_core.launch import devices_command  # noqa: PLC0415

        return devices_command.run(profiles.opened(folder_of(options)), options, texts)

    made = make(commands, "devices", "say where devices stand, and tell how they are", run)
    made.add_argument("act", choices=("places", "health"))
    made.add_argument(
        "file", nargs="?", type=Path, help="places: CSV or Parquet with device, member, longitude, latitude"
    )
    made.add_argument("--origin", default="", help="places: where the places come from (default: the file's name)")
    made.add_argument("--reference", action="store_true", help="places: scatter the reference city's devices")
    made.add_argument("--check", action="store_true", help="places: only say what would be taken")
    made.add_argument("--centre", default="", help="health: only this centre and all below it")
    made.add_argument("--kind", default="", help="health: only devices of this kind")
