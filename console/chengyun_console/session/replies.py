"""What the answer to a command says was done."""

from chengyun_core.wire.codec import BadMessage, unpack
from chengyun_core.wire.envelope import Done, Reply


def done_of(reply: Reply) -> Done:
    """Return what the centre did; an answer that cannot be read, or tells nothing, is done without a number."""
    try:
        return unpack(reply.body, Done) if reply.body else Done(change=0)
    except BadMessage:
        return Done(change=0)
