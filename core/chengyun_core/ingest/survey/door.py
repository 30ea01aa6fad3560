"""The survey's door: each ask decoded strictly and answered, bounded in size; whatever comes, it lives on."""

from collections.abc import Callable
from typing import Any

from chengyun_core.ingest.answering import Answering, check_protocol
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.model.failure import Trouble
from chengyun_core.wire.envelope import Hello
from chengyun_core.wire.survey_asks import SURVEY_ASKS, AskDeviceHealth, SurveyStatus


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
        self.answering = Answering(SURVEY_ASKS, daemon="survey", epoch=epoch, realm=realm)
        self._asks: dict[str, Callable[[Any], object]] = {
            "density.devices": lambda ask: self._ready().devices(ask),
            "density.view": lambda ask: self._ready().view(ask),
            "density.within": lambda ask: self._ready().within(ask),
            "device.health": self._health,
            "device.place": lambda ask: self._ready().place(ask),
            "hello": self.answering.welcome,
            "status": self._tell,
        }

    def answer(self, data: bytes) -> bytes | None:
        """Return the reply's bytes."""
        return self.answering.answer(data, lambda kind, ask: self._asks[kind](ask))

    def _ready(self) -> Surveyor:
        surveyor = self._surveyor()
        if surveyor is None:
            raise Trouble("survey.preparing")
        return surveyor

    def _health(self, ask: AskDeviceHealth) -> object:
        return self._ready().told_health(ask, self._monotonic_s())

    def _tell(self, ask: Hello) -> SurveyStatus:
        check_protocol(ask)
        return self._status()
