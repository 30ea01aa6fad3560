"""Commands and asks of dispatch with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import dispatch_asks, units
from chengyun_core.centre.handler import Handler

DISPATCH_HANDLERS: dict[str, Handler] = {"unit.state": Handler(handle=units.tell, subjects=units.subjects)}
"""Command kind → handler. Alphabetical."""

DISPATCH_ANSWERS: dict[str, Callable[..., bytes]] = {
    "dispatch.classify": dispatch_asks.reading,
    "dispatch.misroutes": dispatch_asks.misroutes,
    "dispatch.propose": dispatch_asks.proposal,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
