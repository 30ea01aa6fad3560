"""`chengyun roster FILE`: people and shifts from a table, all rows or none; and the demo city's own roster."""

import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from chengyun_core.centre.time_law import MACHINE
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty_commands import ImportRoster
from chengyun_core.model.failure import Refused
from chengyun_core.model.roster_table import TABLES
from chengyun_core.tabular import catalogue_csv
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.duty_asks import AskShifts, Shifts
from chengyun_resources.reference import duty_roster
from chengyun_resources.texts import Texts

_ZONE_MINUTES = 480
"""The reference city's."""
_WEEK_NS = 7 * 86_400 * NS_PER_S


def run(profile: Profile, file: Path, texts: Texts) -> Report:
    """Take a roster from a file.

    Raises:
        Refused: the file cannot be read, or a row of it is wrong: nothing is taken. Trouble: no daemon.
    """
    if not file.is_file():
        raise Refused("launch.no_file", file=file)
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        done = door.send(ImportRoster(name=file.name, data=file.read_bytes()))
    line = texts.say("launch.roster_taken", file=file.name, people=done.version, shifts=done.key)
    return Report(lines=(line,), facts={"outcome": "done", "people": done.version, "shifts": int(done.key)})


def ensure_demo(profile: Profile) -> None:
    """Give a demo city a roster of today and the two days after, when it has none for these days."""
    now = MACHINE.utc_ns()
    zone = timezone(timedelta(minutes=_ZONE_MINUTES))
    today = datetime.fromtimestamp(now // NS_PER_S, UTC).astimezone(zone).date()
    with DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key")) as door:
        asked = AskShifts(from_ns=now, to_ns=now + _WEEK_NS)
        if codec.unpack(door.ask("shift.page", asked), Shifts).shifts:
            return
        for name, rows in duty_roster.tables(today).items():
            door.send(ImportRoster(name=f"{name}.csv", data=_bytes_of(name, rows)))


def _bytes_of(name: str, rows: list[dict[str, str]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        file = Path(folder) / f"{name}.csv"
        catalogue_csv.write(file, TABLES[name], rows)
        return file.read_bytes()
