"""Commands and asks about orders with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre.handler import Handler

ORDER_HANDLERS: dict[str, Handler] = {}
"""Command kind → handler. Alphabetical."""

ORDER_ANSWERS: dict[str, Callable[..., bytes]] = {}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
