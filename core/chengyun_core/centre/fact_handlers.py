"""Commands and asks about facts of other centres with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import fact_intake
from chengyun_core.centre.handler import Handler

FACT_HANDLERS: dict[str, Handler] = {
    "facts.take": Handler(handle=fact_intake.take, prepare=fact_intake.prepare, lane="imports"),
}
"""Command kind → handler. Alphabetical."""

FACT_ANSWERS: dict[str, Callable[..., bytes]] = {"facts.waiting": fact_intake.waiting}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
