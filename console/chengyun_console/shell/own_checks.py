"""What a console can check of itself at a hand-over: can it be heard, does it hear, is its clock right, its screens."""

from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication

from chengyun_console.desk import Desk
from chengyun_core.mirror.links import LAGGING_AFTER_S, Links, Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheck:
    """One finding. `reason` is a code of the message catalogue; empty when all is well."""

    name: str
    reason: str = ""


def own_checks(desk: Desk) -> tuple[OwnCheck, ...]:
    """Return every check of this console, those that found something wrong among them."""
    links = desk.session.links()
    return (_sound(desk), _links(links), _clock(links), _screens(desk))


def _sound(desk: Desk) -> OwnCheck:
    sound = desk.sound
    if sound.lost is not None:
        return OwnCheck(name="sound", reason=sound.lost.code)
    heard = sound.is_running and bool(sound.device)
    return OwnCheck(name="sound", reason="" if heard else "console.handover.no_sound")


def _links(links: Links) -> OwnCheck:
    """Every daemon this console listens to is alive now: the youngest sign of life is younger than a second."""
    for link in (links.centre, *(links.shards or (links.ingest,))):
        if link.reach is not Reach.LIVE:
            return OwnCheck(name="links", reason="console.handover.link_lost")
    return OwnCheck(name="links")


def _clock(links: Links) -> OwnCheck:
    """A heartbeat is stamped with the daemon's machine time: one that arrives old tells of a clock that is wrong."""
    late = max(links.centre.lag_s, links.ingest.lag_s)
    return OwnCheck(name="console_clock", reason="console.handover.clock_off" if late >= LAGGING_AFTER_S else "")


def _screens(desk: Desk) -> OwnCheck:
    present = {screen.name() for screen in QGuiApplication.screens()}
    wanted = {place.screen for place in desk.preferences.windows.values() if place.screen}
    return OwnCheck(name="screens", reason="" if wanted <= present else "console.handover.screen_gone")
