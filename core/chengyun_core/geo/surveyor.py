"""The process that reads one file of somebody else: `python -m chengyun_core.geo.surveyor OUT SECONDS MIB`.

Standard input: msgpack of [path, Wanted]. It writes the levels as files 0, 1, … into the folder OUT, and on standard
output msgpack of `Told`. A file that brings it down (GDAL and GEOS are C++) brings nobody else down.
"""

import resource
import sys
from pathlib import Path

import msgspec

from chengyun_core.geo.survey import Surveyed, survey
from chengyun_core.geo.telling import EXIT_REFUSED, LevelTold, Told, Wanted
from chengyun_core.model.failure import Refused


def main() -> int:
    """Read the file asked for; return the exit code."""
    out, seconds, mib = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(seconds, mib)
    path, wanted = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=tuple[str, Wanted])
    try:
        found = survey(Path(path), wanted)
    except Refused as refused:
        sys.stdout.buffer.write(msgspec.msgpack.encode(refused.reason))
        return EXIT_REFUSED
    sys.stdout.buffer.write(msgspec.msgpack.encode(_told(found, Path(out))))
    return 0


def _limit(seconds: int, mib: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(found: Surveyed, out: Path) -> Told:
    levels = []
    for number, level in enumerate(found.levels):
        (out / str(number)).write_bytes(level.data)
        levels.append(LevelTold(from_zoom=level.from_zoom, tolerance_m=level.tolerance_m, points=level.points))
    return Told(
        levels=tuple(levels), tiles=found.tiles, features=found.features, bounds=found.bounds, error_m=found.error_m,
        mended=found.mended, refused=found.refused, notes=found.notes,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
