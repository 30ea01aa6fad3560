"""What pages and rooms import, in pieces: one import that takes everything with it keeps the window for 70 ms."""

import sys
from importlib import import_module

from chengyun_console.frame_turns import Steps

_PLAN_ASKS = "chengyun_core.wire.plan_asks"
_MAP = (
    "chengyun_core.wire.map_asks", "chengyun_core.wire.drawing_asks",
    "chengyun_widgets.mapping.scene", "chengyun_widgets.mapping.canvas",
    "chengyun_console.maps.areas", "chengyun_console.maps.composer", "chengyun_console.maps.panel",
)  # fmt: skip
_RUN = ("chengyun_console.wording.plans", "chengyun_console.pages.plans.runner")
AHEAD: dict[str, tuple[str, ...]] = {
    "F3": (_PLAN_ASKS, *_RUN),
    "events": ("chengyun_console.shell.edit_sheet", "chengyun_console.shell.event_files"),
    "F4": ("chengyun_widgets.column_table", "chengyun_console.paper.reading"),
    "F5": (_PLAN_ASKS, *_MAP),
    "F6": (_PLAN_ASKS, *_MAP, *_RUN, "chengyun_console.video.desk", "chengyun_console.video.panes"),
    "F7": (_PLAN_ASKS, *_RUN),
    "duty": (
        "chengyun_console.paper.place", "chengyun_core.report.daily", "chengyun_console.daily_paper",
        _PLAN_ASKS, *_RUN,
        "chengyun_console.duty_forms.desk", "chengyun_console.pages.events.page", "chengyun_console.pages.plans.page",
        "chengyun_console.warnings.page",
    ),
    "consultation": ("chengyun_core.wire.room_asks", "chengyun_console.rooms.rows"),
}  # fmt: skip
"""Name of a page or room → modules it needs, each before what imports it; the rest comes with the page itself.

A page may be asked for before all the others: each names all that is heavy, also what others name.
"""


def imports(name: str) -> Steps:
    """Import what a page or room needs, a piece at a time."""
    for module in AHEAD.get(name, ()):
        if module not in sys.modules:
            import_module(module)
            yield
