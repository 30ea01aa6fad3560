"""The mode at a console: its sheet, a switch under way, 急时 in force, undone, nested; for walks and pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chengyun_core.model.mode import Scope, SwitchState
from tests.console import mode_samples as samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand

REGISTER = "500000/500000"


def put(at: "Stand", *declarations: object) -> None:
    """Bring presets and these declarations."""
    for preset in (samples.FLOOD, samples.WATER):
        at.session.put_fact("mode_preset", preset.code, preset)
    for one in declarations:
        at.session.put_fact("mode", one.key, one, version=one.version)  # type: ignore[attr-defined]
    at.beat()


def show_sheet(at: "Stand") -> None:
    """Show the sheet with what 防汛 would change."""
    at.window.show_page("F1")
    put(at)
    at.do("mode.change")
    at.window.rooms.mode.sheet.fields.put(preset="flood", reason="暴雨橙色预警，寸滩站超保证水位")
    at.session.answer_ask("mode.preview", samples.preview())


def show_faulty(at: "Stand") -> None:
    """Show the sheet with a part that cannot be switched."""
    show_sheet(at)
    at.window.rooms.mode.sheet.fields.put(preset="water")
    at.window.rooms.mode.sheet.fields.put(preset="flood")
    at.session.answer_ask("mode.preview", samples.preview(fault=True))


def show_switching(at: "Stand") -> None:
    """Show a switch that is being applied."""
    put(at, samples.applying())
    at.do("mode.change")


def show_undone(at: "Stand") -> None:
    """Show a switch that was undone, on the sheet."""
    put(at, samples.undone())
    at.do("mode.change")


def show_emergency(at: "Stand") -> None:
    """Show F1 in 急时."""
    put(at, samples.declaration())
    at.window.show_page("F1")


def show_nested(at: "Stand") -> None:
    """Show the city in peacetime with an emergency in a district."""
    lifted = samples.declaration(SwitchState.LIFTED, version=3)
    put(at, lifted, samples.declaration(number=13, issuer="500103", scope=Scope(centre="500103"), declared_seat="Y-01"))
    at.window.show_page("F1")


def show_order(at: "Stand") -> None:
    """Show the sheet with a superior's order."""
    put(at)
    at.session.put_fact("mode_order", "4", samples.order())
    at.do("mode.change")


def show_peace(at: "Stand") -> None:
    """Go back to peacetime everywhere."""
    district = {"number": 13, "issuer": "500103", "scope": Scope(centre="500103")}
    lifted = SwitchState.LIFTED
    put(at, samples.declaration(lifted, version=4), samples.declaration(lifted, version=4, **district))


MODE_SCENES: dict[str, "Callable[[Stand], None]"] = {
    "mode sheet": show_sheet,
    "mode faulty": show_faulty,
    "mode switching": show_switching,
    "mode undone": show_undone,
    "mode emergency": show_emergency,
    "mode order": show_order,
    "mode nested": show_nested,
    "mode peace": show_peace,
}
