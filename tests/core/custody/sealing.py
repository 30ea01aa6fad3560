"""A small drill profile and a seal that costs little, for tests of custody."""

from pathlib import Path

from chengyun_core.custody import envelope, keeper, tree
from chengyun_core.custody.envelope import Envelope
from chengyun_core.launch import profile as profiles
from chengyun_core.model.clock import NS_PER_S, Clock, ManualClock

PASSPHRASE, OTHER = "correct horse battery", "another long phrase"
NOON_NS = 1_800_000_000_000_000_000
DAY_NS = 86_400 * NS_PER_S
DRAFT = "张三的草稿 0123456789abcdef"


def clock() -> ManualClock:
    """Return a clock that stands at noon."""
    return ManualClock(NOON_NS)


def plain(folder: Path, blocks: int = 9_000) -> Path:
    """Make a drill profile with a draft, a file of many pieces, one with holes, and an empty one."""
    made = profiles.ensure(folder, name="一号演练", realm="drill").folder
    (made / "seats" / "A-01").mkdir()
    (made / "seats" / "A-01" / "drafts.json").write_text(DRAFT, "utf-8")
    (made / "centre" / "chengyun.db").write_bytes(b"SQLite format 3" + bytes(range(256)) * blocks)
    (made / "centre" / "reserve.bin").write_bytes(bytes(3 << 20))
    (made / "log" / "centre.log").touch()
    return made


def sealed(folder: Path, at: Clock, *, days: int = 30) -> Envelope:
    """Seal a profile for some days with the cheapest scrypt that is opened."""
    until_ns = at.utc_ns() + days * DAY_NS
    return keeper.make(
        folder, PASSPHRASE, at, suite="international", until_ns=until_ns, cost=envelope.LEAST_COST
    )  # fmt: skip


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return path → bytes of every file below a folder, None for folders, without what is of a moment only."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).parts[0] not in (tree.OPENED, "run")
    }  # fmt: skip
