"""Commands and asks about plans with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre.handler import Handler

PLAN_HANDLERS: dict[str, Handler] = {}
"""Command kind → handler. Alphabetical."""

PLAN_ANSWERS: dict[str, Callable[..., bytes]] = {}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
