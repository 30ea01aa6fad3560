"""Which reader a file goes to: by its ending, and by what a zip holds."""

from pathlib import Path
from typing import Protocol

from chengyun_core.geo.readers import archive, geojson, network_tables, table
from chengyun_core.geo.rows import Source
from chengyun_core.model.failure import Refused

LARGEST_TEXT = 200 * 2**20
ENDINGS = (".geojson", ".json", ".csv", ".gpkg", ".mbtiles", ".zip")


class Asked(Protocol):
    """What a reader is told."""

    @property
    def name(self) -> str:
        """Return the name of the file."""
        ...

    @property
    def encoding(self) -> str:
        """Return the encoding; empty: found out."""
        ...

    @property
    def longitude_field(self) -> str:
        """Return the column of longitudes; empty: found out."""
        ...

    @property
    def latitude_field(self) -> str:
        """Return the column of latitudes."""
        ...


def read(path: Path, asked: Asked, folder: Path) -> Source:
    """Return the rows of a file; what a zip holds is unpacked into `folder`.

    Raises:
        Refused: `map.ending_unknown`, `map.too_large`, and what the readers raise.
    """
    ending = Path(asked.name).suffix.lower()
    if ending == ".zip":
        return _of_zip(archive.unpacked(path, folder), asked)
    if ending == ".gpkg":
        return _of_gdal(_linked(path, folder / "source.gpkg"), asked)
    if path.stat().st_size > LARGEST_TEXT:
        raise Refused("map.too_large", size=path.stat().st_size, most=LARGEST_TEXT)
    if ending in (".geojson", ".json"):
        return geojson.read(path.read_bytes())
    if ending == ".csv":
        return table.read(
            path.read_bytes(), longitude=asked.longitude_field, latitude=asked.latitude_field, encoding=asked.encoding
        )
    raise Refused("map.ending_unknown", file=asked.name[:80], known=", ".join(ENDINGS))


def _of_zip(files: list[Path], asked: Asked) -> Source:
    by_name = {file.name: file for file in files}
    if network_tables.is_network(set(by_name)):
        edges = next(by_name[name] for name in network_tables.EDGE_FILES if name in by_name)
        nodes = next(by_name[name] for name in network_tables.NODE_FILES if name in by_name)
        return network_tables.read(edges, nodes, encoding=asked.encoding)
    shapefiles = [file for file in files if file.suffix == ".shp"]
    if len(shapefiles) != 1:
        raise Refused("map.zip_holds", count=len(shapefiles), files=", ".join(sorted(by_name))[:120])
    return _of_gdal(shapefiles[0], asked)


def _of_gdal(path: Path, asked: Asked) -> Source:
    from chengyun_core.geo.readers import vector  # noqa: PLC0415 - GDAL is loaded where it is needed only

    return vector.read(path, encoding=asked.encoding)


def _linked(path: Path, target: Path) -> Path:
    """Return another name of a file: GDAL goes by the ending, and a content is named by its digest."""
    target.symlink_to(path.resolve())
    return target
