"""Reads a layer's file as geo.apart does, in this process: for tests of what is made of it."""

from pathlib import Path

from chengyun_core.geo import shapes
from chengyun_core.geo.apart import Read
from chengyun_core.geo.survey import survey
from chengyun_core.geo.telling import LevelTold, Told, Wanted


def read(path: Path, wanted: Wanted) -> Read:
    """Return what a file holds; raise Refused as the process of its own does."""
    found = survey(path, wanted)
    levels = tuple(
        LevelTold(from_zoom=one.from_zoom, tolerance_m=one.tolerance_m, points=one.points) for one in found.levels
    )
    for one in found.levels:
        shapes.unpack(one.data)
    told = Told(
        levels=levels, tiles=found.tiles, features=found.features, bounds=found.bounds, error_m=found.error_m,
        mended=found.mended, refused=found.refused, notes=found.notes,
    )  # fmt: skip
    return Read(told=told, levels=tuple(one.data for one in found.levels))
