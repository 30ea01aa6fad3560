"""What pages and rooms import, in pieces: one import that takes everything with it keeps the window for 70 ms."""

from importlib import import_module

from chengyun_console.frame_turns import Steps

AHEAD: dict[str, tuple[str, ...]] = {
    "F3": (
        "chengyun_core.wire.plan_asks", "chengyun_console.wording.plans", "chengyun_console.pages.plans.runner",
    ),
    "events": ("chengyun_console.shell.edit_sheet", "chengyun_console.shell.event_files"),
    "F4": ("chengyun_widgets.column_table", "chengyun_console.paper.reading"),
    "F5": (
        "chengyun_core.wire.map_asks", "chengyun_core.wire.drawing_asks", "chengyun_widgets.mapping.scene",
        "chengyun_widgets.mapping.canvas",
        "chengyun_console.maps.areas", "chengyun_console.maps.composer",
    ),
    "F6": ("chengyun_console.video.desk", "chengyun_console.video.panes"),
    "duty": (
        "chengyun_console.paper.place", "chengyun_core.report.daily", "chengyun_console.daily_paper",
        "chengyun_console.duty_forms.desk",
    ),
    "consultation": ("chengyun_core.wire.room_asks", "chengyun_console.rooms.rows"),
}  # fmt: skip
"""Name of a page or room → modules it needs, each before what imports it; the rest comes with the page itself."""


def imports(name: str) -> Steps:
    """Import what a page or room needs, a piece at a time."""
    for module in AHEAD.get(name, ()):
        import_module(module)
        yield
