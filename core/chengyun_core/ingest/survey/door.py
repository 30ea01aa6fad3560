"""The survey's door: each ask decoded strictly and answered, bounded in size; whatever comes, it lives on."""

import logging
from collections.abc import Callable
from typing import Any

from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec, versions
from chengyun_core.wire.endpoints import MAX_MESSAGE_BYTES, PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Reply, Request, Welcome
from chengyun_core.wire.survey_asks import SURVEY_ASKS, AskDeviceHealth, SurveyStatus

logger = logging.getLogger(__name__)

LOGGED_STRANGERS = 20


class SurveyDoor:
    """Answers requests. Pure of sockets: bytes in, bytes out; None: nobody can be answered."""

    def __init__(
        self,
        surveyor: Callable[[], Surveyor | None],
        *,
        status: Callable[[], SurveyStatus],
        monotonic_s: Callable[[], float],
        epoch: int,
        realm: str,
    ) -> None:
        self._surveyor = surveyor
        self._status = status
        self._monotonic_s = monotonic_s
        self._epoch = epoch
        self._realm = realm
        self._asks: dict[str, Callable[[Any], object]] = {
            "density.devices": lambda ask: self._ready().devices(ask),
            "density.view": lambda ask: self._ready().view(ask),
            "density.within": lambda ask: self._ready().within(ask),
            "device.health": self._health,
            "device.place": lambda ask: self._ready().place(ask),
            "hello": self._hello,
            "status": self._tell,
        }
        self.strangers = 0
        """Messages that were no request at all."""

    def answer(self, data: bytes) -> bytes | None:
        """Return the reply's bytes."""
        try:
            versions.refuse_other(data)
            request = codec.unpack(data, Request)
        except codec.BadMessage as fault:
            self.strangers += 1
            if self.strangers <= LOGGED_STRANGERS:
                logger.warning("bytes on the door that are no request (%d so far): %s", self.strangers, fault)
            return None
        except Refused as fault:
            return codec.pack(_no(versions.id_in(data), "refused", fault))
        try:
            reply = Reply(id=request.id, outcome="done", body=self._done(request))
        except Refused as fault:
            reply = _no(request.id, "refused", fault)
        except Trouble as fault:
            reply = _no(request.id, "trouble", fault)
        except Exception:
            # A bug of ours: told in the log and answered; the survey goes on.
            logger.exception("request %s of kind %s failed", request.id[:80], request.kind[:80])
            reply = Reply(id=request.id, outcome="trouble", code="ingest.bug", params={"request": request.id})
        return codec.pack(reply)

    def _done(self, request: Request) -> bytes:
        if request.kind not in SURVEY_ASKS:
            raise Refused("ingest.unknown_ask", kind=request.kind[:80])
        body: Any = codec.unpack(request.body, SURVEY_ASKS[request.kind][0])
        packed = codec.pack(self._asks[request.kind](body))
        if len(packed) > MAX_MESSAGE_BYTES - 1024:
            raise Refused("ingest.answer_too_large", kind=request.kind, size=len(packed))
        return packed

    def _ready(self) -> Surveyor:
        surveyor = self._surveyor()
        if surveyor is None:
            raise Trouble("survey.preparing")
        return surveyor

    def _health(self, ask: AskDeviceHealth) -> object:
        return self._ready().told_health(ask, self._monotonic_s())

    def _hello(self, ask: Hello) -> Welcome:
        _check_protocol(ask)
        return Welcome(protocol=PROTOCOL_VERSION, daemon="survey", epoch=self._epoch, realm=self._realm)

    def _tell(self, ask: Hello) -> SurveyStatus:
        _check_protocol(ask)
        return self._status()


def _check_protocol(ask: Hello) -> None:
    if ask.protocol != PROTOCOL_VERSION:
        raise Refused("ingest.protocol", theirs=ask.protocol, ours=PROTOCOL_VERSION)


def _no(request_id: str, outcome: str, fault: Refused | Trouble) -> Reply:
    return Reply(id=request_id, outcome=outcome, code=fault.reason.code, params=fault.reason.params)
