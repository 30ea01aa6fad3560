"""The matrix of rights as the handbook prints it: one line an action, one column a kind of post."""

from chengyun_core.model.holding import Area, Permission, PostKind, Sectors
from chengyun_core.model.permission import PERMISSIONS
from chengyun_core.model.scales import Level, Mode

_COLUMNS = tuple(PostKind)


def matrix_table() -> str:
    """Return the matrix in Markdown: ● everywhere, ○ within the area, ◐ what is one's own; with limits in letters.

    Letters: C, D, T levels of the post's centre (city, district, town) when not all; p in peacetime only.
    """
    head = "| action | " + " | ".join(kind.value.replace("_", " ") for kind in _COLUMNS) + " |"
    lines = [head, "|" + " --- |" * (len(_COLUMNS) + 1)]
    for action, rows in PERMISSIONS.items():
        cells = [" ".join(_cell(row) for row in rows if row.post is kind) for kind in _COLUMNS]
        lines.append(f"| `{action}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(row: Permission) -> str:
    reach = "◐" if row.sectors is Sectors.OWNED else "●" if row.area is Area.EVERYWHERE else "○"
    levels = "" if row.levels == frozenset(Level) else "".join(sorted(level.value[0].upper() for level in row.levels))
    modes = "" if row.modes == frozenset(Mode) else "".join(sorted(mode.value[0] for mode in row.modes))
    return reach + levels + modes
