"""Asks the console for leave: the journal is told what is about to go out before a file gets its name or is printed."""

import hashlib
import json
import sys

from chengyun_console.paper.job import PrintOrder
from chengyun_core.model.failure import Trouble

YES, NO = b"+", b"-"
"""What the console answers on standard input; the end of it is a no."""


def ask(order: PrintOrder, digests: tuple[str, ...], pages: int) -> None:
    """Tell what was made and wait for the answer.

    digests: SHA-256 of each file, hex; none for a printer, whose bytes are its driver's.

    Raises:
        Trouble: `paper.not_noted`; nothing may leave then.
    """
    if not order.asks_leave:
        return
    one = (
        digests[0] if len(digests) == 1 else hashlib.sha256("".join((*digests, order.head.title)).encode()).hexdigest()
    )
    told = {"leave": {"form": order.format, "pages": pages, "digest": one}}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    if sys.stdin.buffer.read(1) != YES:
        raise Trouble("paper.not_noted")
