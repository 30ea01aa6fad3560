"""What a pane says of its stream: figures while it is live, and the word and the age of everything else."""

from chengyun_console.desk import Desk
from chengyun_core.model.camera import StreamQuality
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video.port import PaneLook, PaneState
from chengyun_widgets.video.record import PaneRecord, PaneTone

QUICK_TRIES = 5
"""Attempts 1, 2, 4, 8 and 16 s apart are counted as of so many; after them one is made every 30 s without end."""
_SECONDS_UP_TO = 100
_TONES = {
    PaneState.CONNECTING: PaneTone.WAITING, PaneState.LIVE: PaneTone.LIVE, PaneState.LATE: PaneTone.OLD,
    PaneState.FROZEN: PaneTone.OLD, PaneState.BLACK: PaneTone.DARK, PaneState.DEAD: PaneTone.LOST,
    PaneState.RETRYING: PaneTone.LOST, PaneState.REFUSED: PaneTone.REFUSED, PaneState.UNSUPPORTED: PaneTone.REFUSED,
}  # fmt: skip
_AGED = {PaneState.LATE: "late", PaneState.FROZEN: "frozen", PaneState.BLACK: "black"}


class PaneWords:
    """Makes the record of a pane; made anew with the desk's words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(
        self, title: str, look: PaneLook | None, refused: Reason | None = None, note: str = "", *,
        lacks: StreamQuality | None = None,
    ) -> PaneRecord:  # fmt: skip
        """Return what a pane with a camera shows.

        Args:
            title: name of the camera.
            look: of the stream it shows; None: it has none yet.
            refused: why it has none.
            note: what is said of the camera besides.
            lacks: which stream would be of its size and cannot be had, so that the other one stays.
        """
        if look is None:
            tone = PaneTone.WAITING if refused is None else PaneTone.REFUSED
            told = self._desk.say("panes.opening") if refused is None else self._desk.refusal(refused)
            return self._made(title, tone, told, "", note)
        parts = self._foot(look), self._lacking(lacks)
        foot = self._desk.say("panes.between").join(part for part in parts if part)
        return self._made(title, _TONES[look.state], self._notice(look), foot, note)

    def _lacking(self, lacks: StreamQuality | None) -> str:
        return self._desk.say(f"panes.lacks_{lacks.value}") if lacks is not None else ""

    def _made(self, title: str, tone: PaneTone, notice: str, foot: str, note: str) -> PaneRecord:
        spoken = self._desk.say("panes.spoken", title=title, state=notice or self._desk.say("panes.live"), foot=foot)
        return PaneRecord(title=title, tone=tone, foot=foot, notice=notice, note=note, spoken=spoken)

    def _notice(self, look: PaneLook) -> str:
        say = self._desk.say
        match look.state:
            case PaneState.LIVE:
                return ""
            case PaneState.CONNECTING:
                return say("panes.connecting", age=self._age(look.since_s))
            case PaneState.LATE:
                return say("panes.late", age=self._age(look.age_ms / 1000), time=self._clock(look.taken_utc_ns))
            case PaneState.FROZEN | PaneState.BLACK:
                began = self._desk.now_ns() - int(look.since_s * NS_PER_S)
                return say(f"panes.{_AGED[look.state]}", age=self._age(look.since_s), time=self._clock(began))
            case PaneState.DEAD | PaneState.RETRYING:
                return say("panes.lost")
            case PaneState.REFUSED | PaneState.UNSUPPORTED:
                return self._desk.refusal(look.reason) if look.reason is not None else say(f"panes.{look.state.value}")

    def _foot(self, look: PaneLook) -> str:
        say = self._desk.say
        match look.state:
            case PaneState.LIVE | PaneState.BLACK | PaneState.FROZEN:
                return self._figures(look)
            case PaneState.DEAD | PaneState.RETRYING:
                tried = self._tried(look)
                last = say("panes.last", time=self._clock(look.taken_utc_ns)) if look.sequence else ""
                return say("panes.between").join(part for part in (tried, last) if part)
            case _:
                return ""

    def _figures(self, look: PaneLook) -> str:
        """Return `1080p · 25 fps · 延迟 0.4 s`; a latency the camera did not tell is not made up.

        A picture that does not change has none: «0.4 s» beside it would read as «this is now».
        """
        told: dict[str, object] = {"lines": look.height, "fps": round(look.fps)}
        if look.latency_ms is None or look.state is not PaneState.LIVE:
            return self._desk.say("panes.foot", **told)
        return self._desk.say("panes.foot_latency", **told, latency=self._desk.figures.value(look.latency_ms / 1000, 1))

    def _tried(self, look: PaneLook) -> str:
        told: dict[str, object] = {"attempt": look.attempt, "most": QUICK_TRIES}
        if look.state is PaneState.RETRYING:
            return self._desk.say("panes.retrying" if look.attempt <= QUICK_TRIES else "panes.retrying_on", **told)
        told |= {"attempt": look.attempt + 1, "seconds": max(1, round(look.next_try_s))}
        return self._desk.say("panes.waits" if look.attempt < QUICK_TRIES else "panes.waits_on", **told)

    def _age(self, seconds: float) -> str:
        """Return `12 s`, from a hundred seconds on `01:52`."""
        if seconds < _SECONDS_UP_TO:
            return self._desk.say("panes.seconds", seconds=int(seconds))
        return self._desk.figures.short_duration(seconds)

    def _clock(self, at_ns: int) -> str:
        return self._desk.figures.clock(at_ns)
