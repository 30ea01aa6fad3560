"""Commands and questions about documents with what carries them out; merged into `centre.handlers`."""

from collections.abc import Callable

from chengyun_core.centre import paper_facts, paper_numbers
from chengyun_core.centre.handler import Handler

PAPER_HANDLERS: dict[str, Handler] = {"paper.number": Handler(handle=paper_numbers.number)}
"""Command kind → handler. Alphabetical."""

PAPER_ANSWERS: dict[str, Callable[..., bytes]] = {
    "paper.daily": paper_facts.daily,
    "paper.event": paper_facts.event,
    "paper.handover": paper_facts.handover,
    "paper.page": paper_numbers.page,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
