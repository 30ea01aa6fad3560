"""F6 in peacetime without an event, and in 急时 with plan, receipts, charts and timeline; for walks and pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from chengyun_console.pages.command.page import CommandPage
from chengyun_core.wire.event_asks import Timeline
from tests.console import event_samples, mode_samples
from tests.console.map_scenes import settle
from tests.console.mode_scenes import put
from tests.console.plan_scenes import busy

if TYPE_CHECKING:
    from tests.console.scenes import Stand


def show_command(at: "Stand") -> None:
    """Show F6 in 急时 with the gravest event in command."""
    put(at, mode_samples.declaration(version=9))
    event_samples.show_events(at, page="F6")
    shown = event_samples.several()[0]
    placed = replace(shown, longitude=106.58, latitude=29.58, version=shown.version + 1)
    at.session.put_fact("event", str(placed.number), placed, version=placed.version)
    at.desk.event_focus.select(shown.number)
    at.session.put_fact("plan_run", "7", replace(busy(), event=shown.number))
    given = {
        "command.file": event_samples.file_of(shown), "command.hops": event_samples.hops(shown),
        "command.lines": Timeline(lines=event_samples.lines()),
    }  # fmt: skip
    for _ in range(3):
        at.beat()
        for slot, record in given.items():
            if slot in at.session.sent.asks:
                at.session.answer_ask(slot, record)
    at.session.answer_windows(*((ago, 12.0 + ago % 7) for ago in range(3600, 0, -60)))
    settle(at, panel=at.window.stack.of(CommandPage).map)
    at.beat()


def show_nothing(at: "Stand") -> None:
    """Show F6 without any event."""
    at.window.show_page("F6")


COMMAND_SCENES: dict[str, "Callable[[Stand], None]"] = {"F6 empty": show_nothing, "F6": show_command}
