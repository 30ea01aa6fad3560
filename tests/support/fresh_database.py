"""An empty database at the newest step, made once in a process: to take all the steps costs more than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chengyun_core.store.engine import Database
from chengyun_core.store.upgrade import upgrade

_NAME = "newest.db"


@cache
def _newest() -> dict[str, bytes]:
    """Return the files of such a database, by what follows its name: the file itself and the sums of its pages."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / _NAME)
        upgrade(database)
        database.close()
        return {file.name.removeprefix(_NAME): file.read_bytes() for file in Path(folder).iterdir()}


def fresh(path: Path) -> Database:
    """Open a database file, put there at the newest step when there is none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for suffix, content in _newest().items():
            file = path.with_name(path.name + suffix)
            file.touch(mode=0o600)
            file.write_bytes(content)
    return Database(path)
