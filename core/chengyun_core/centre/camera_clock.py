"""What time does to cameras: hands that rest are freed, wishes lapse, platforms are asked how they are."""

import logging
from functools import partial

from chengyun_core.centre import evidence_deeds, ptz_deeds
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.one_job import OneJob
from chengyun_core.centre.workers import Undertake
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire.camera_asks import PlatformHealth

logger = logging.getLogger(__name__)

ASK_EVERY_S = 60.0
LOOK_EVERY_S = 0.5
AGAIN_AFTER_S = 30.0


class CameraKeeper:
    """Tended by the loop."""

    def __init__(self, desk: Desk, ledger: Ledger, undertake: Undertake) -> None:
        """`undertake` has a worker of lane `cameras` do something."""
        self._desk, self._ledger = desk, ledger
        self._job = OneJob(desk, undertake, what="platforms", bugs="platforms.bugs", again_after_s=AGAIN_AFTER_S)
        self._due_ns = self._look_ns = 0

    def tend(self) -> None:
        """Do what is due."""
        now = self._desk.clock.monotonic_ns()
        if now >= self._look_ns:
            # Every turn of the loop would ask the database who still sits there.
            self._look_ns = now + round(LOOK_EVERY_S * NS_PER_S)
            ptz_deeds.tend(self._desk, self._ledger)
            evidence_deeds.tend(self._desk, self._ledger)
        if now >= self._due_ns and self._job.is_free:
            self._due_ns = now + round(ASK_EVERY_S * NS_PER_S)
            self._ask()

    def _ask(self) -> None:
        """Nothing is begun, and no thread made, where the profile names no platform."""
        cameras = self._desk.cameras
        try:
            known = cameras.secrets.book().platforms
        except (Refused, Trouble) as fault:
            logger.warning("platforms are not asked: %s", fault)
            return
        if known:
            names = {code: entry.name or code for code, entry in known.items()}
            self._job.begin(partial(_asked, cameras.office, names, self._desk.clock.utc_ns()), self._take)
        else:
            cameras.platforms = {}

    def _take(self, told: object) -> None:
        assert isinstance(told, dict)
        self._desk.cameras.platforms = told


def _asked(office: CameraOffice, names: dict[str, str], at_ns: int) -> dict[str, PlatformHealth]:
    return {code: _one(office, code, name, at_ns) for code, name in names.items()}


def _one(office: CameraOffice, code: str, name: str, at_ns: int) -> PlatformHealth:
    async def deed(office: CameraOffice) -> PlatformHealth:
        seen = await (await office.platform(code)).seen()
        return PlatformHealth(
            platform=code, name=name, light="ok", at=at_ns, devices=seen.devices, online=seen.online
        )  # fmt: skip

    try:
        return office.done(deed)
    except (Refused, Trouble) as fault:
        return PlatformHealth(platform=code, name=name, light=fault.reason.code, at=at_ns)
