"""Commands and asks about events with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre.handler import Handler

EVENT_HANDLERS: dict[str, Handler] = {}
"""Command kind → handler. Alphabetical."""

EVENT_ANSWERS: dict[str, Callable[..., bytes]] = {}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
