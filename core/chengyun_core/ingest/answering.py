"""How a door answers: each ask decoded strictly, one reply, bounded in size; whatever comes, the daemon lives on."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec, versions
from chengyun_core.wire.endpoints import MAX_MESSAGE_BYTES, PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Reply, Request, Welcome

logger = logging.getLogger(__name__)

LOGGED_STRANGERS = 20
_ROUND_IT = 1024
"""Bytes of a reply besides its body, at most."""


class Answering:
    """One per door, owned by its daemon's one thread. Pure of sockets: bytes in, bytes out."""

    def __init__(self, asks: Mapping[str, tuple[Any, ...]], *, daemon: str, epoch: int, realm: str) -> None:
        """`asks`: kind → (record of the ask, record of its answer), as the tables of the wire have them."""
        self._asks = asks
        self._welcome = Welcome(protocol=PROTOCOL_VERSION, daemon=daemon, epoch=epoch, realm=realm)
        self.strangers = 0
        """Messages that were no request at all."""
        self.refused = 0
        self.bugs = 0
        """Requests that failed by a fault of ours."""

    def answer(self, data: bytes, do: Callable[[str, Any], object]) -> bytes | None:
        """Return the reply's bytes; None: nobody can be answered.

        Args:
            data: the request as it came.
            do: given kind and record of the ask, returns the record of the answer, or its bytes. Refused and Trouble
                it raises are answered; anything else is a bug of ours, told in the log and answered.
        """
        try:
            versions.refuse_other(data)
            request = codec.unpack(data, Request)
        except codec.BadMessage as fault:
            self.strangers += 1
            if self.strangers <= LOGGED_STRANGERS:
                logger.warning("bytes on the door that are no request (%d so far): %s", self.strangers, fault)
            return None
        except Refused as fault:
            return codec.pack(self._refusal(versions.id_in(data), fault))
        return codec.pack(self._reply(request, do))

    def welcome(self, ask: Hello) -> Welcome:
        """Return who answers here. Raises Refused `ingest.protocol`."""
        check_protocol(ask)
        return self._welcome

    def _reply(self, request: Request, do: Callable[[str, Any], object]) -> Reply:
        try:
            return Reply(id=request.id, outcome="done", body=self._body(request, do))
        except Refused as fault:
            return self._refusal(request.id, fault)
        except Trouble as fault:
            return Reply(id=request.id, outcome="trouble", code=fault.reason.code, params=fault.reason.params)
        except Exception:
            logger.exception("request %s of kind %s failed", request.id[:80], request.kind[:80])
            self.bugs += 1
            return Reply(id=request.id, outcome="trouble", code="ingest.bug", params={"request": request.id})

    def _body(self, request: Request, do: Callable[[str, Any], object]) -> bytes:
        if request.kind not in self._asks:
            raise Refused("ingest.unknown_ask", kind=request.kind[:80])
        answer = do(request.kind, codec.unpack(request.body, self._asks[request.kind][0]))
        packed = answer if isinstance(answer, bytes) else codec.pack(answer)
        if len(packed) > MAX_MESSAGE_BYTES - _ROUND_IT:
            raise Refused("ingest.answer_too_large", kind=request.kind, size=len(packed))
        return packed

    def _refusal(self, request_id: str, fault: Refused) -> Reply:
        self.refused += 1
        return Reply(id=request_id, outcome="refused", code=fault.reason.code, params=fault.reason.params)


def check_protocol(ask: Hello) -> None:
    """Raise Refused `ingest.protocol` unless the asker speaks as we do."""
    if ask.protocol != PROTOCOL_VERSION:
        raise Refused("ingest.protocol", theirs=ask.protocol, ours=PROTOCOL_VERSION)
