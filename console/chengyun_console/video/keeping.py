"""Pictures and clips of the current pane kept as evidence: taken at the key, told why, sent, and kept by the centre."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.uploads import HeldUpload
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.panes import VideoPanes
from chengyun_core.model.camera import Camera, EvidenceKind, EvidenceWish
from chengyun_core.model.camera_commands import KeepEvidence
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video.port import Clip, Still
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

REASONS = ("scene", "water", "crowd", "traffic", "damage", "weather", "other")
BEFORE_S = 10.0
AFTERS_S = (0.0, 10.0, 30.0)
"""A clip begins 10 s before the key (pre-record); how long it goes on is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What was taken, and what it is kept with."""

    camera: Camera
    kind: EvidenceKind
    data: bytes
    begins_at: int
    ends_at: int
    event: int | None
    alarm: int | None
    wish: int | None = None


class EvidenceKeeper(QObject):
    """One per window. Several may be on their way; a question stands for one at a time, the others wait for theirs."""

    def __init__(self, desk: Desk, video: VideoDesk, deeds: Deeds, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._video, self._deeds = desk, video, deeds
        self._panes: list[VideoPanes] = []
        self._waiting: list[Callable[[], None]] = []
        self._sent: dict[str, tuple[_Taken, VideoPanes]] = {}
        self._answered: set[int] = set()
        desk.session.command_ended.connect(self._on_ended)

    def look_after(self, panes: VideoPanes) -> None:
        """Answer for these panes when a rule wants a picture of what they show (Y3)."""
        self._panes.append(panes)

    def refresh(self) -> None:
        """Ask what waited for another question, answer rules whose camera has its picture now; on each frame."""
        if self._waiting and not self._deeds.is_asking:
            self._waiting.pop(0)()
        self._answer_wishes()

    def grab(self, panes: VideoPanes) -> None:
        """G: take the picture that is seen now."""
        camera = self._ready(panes, "video.grab")
        if camera is not None:
            about = self._about(panes)
            self._video.grab(panes.pane(), partial(self._on_still, panes, camera, about))

    def clip(self, panes: VideoPanes) -> None:
        """K: ask how long it goes on, and take it from 10 s ago."""
        camera = self._ready(panes, "video.clip")
        if camera is None:
            return
        about, pane = self._about(panes), panes.pane()
        notes = [self._desk.say("panes.after", before=round(BEFORE_S), after=round(after)) for after in AFTERS_S]
        self._deeds.ask(
            self._desk.say("panes.question.length", camera=camera.name), notes,
            lambda at: self._clip(panes, camera, pane, about, AFTERS_S[at]),
        )  # fmt: skip

    def _ready(self, panes: VideoPanes, action: str) -> Camera | None:
        """Return the camera in focus when this seat may keep its picture and there is something to keep it with."""
        camera = panes.camera()
        if camera is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("panes.no_camera"))
            return None
        if not self._deeds.may(BY_ID[action]):
            return None
        if self._about(panes) == (None, None):
            self._deeds.tell(MessageTone.REFUSED, self._desk.say("panes.nothing_to_keep_with"))
            return None
        return camera

    def _about(self, panes: VideoPanes) -> tuple[int | None, int | None]:
        """Return event and alarm: those the panes are shown for, else the ones in focus at the desk."""
        spot, desk = panes.spot, self._desk
        alarm = desk.alarm()
        event = spot.event if spot is not None else None
        number = spot.alarm if spot is not None else None
        if event is None and number is None:
            event, number = desk.event_focus.number, alarm.number if alarm is not None else None
        if event is None and number is not None:
            event = next((row.number for row in desk.session.facts.events.values() if number in row.alarms), None)
        return event, number

    def _clip(
        self, panes: VideoPanes, camera: Camera, pane: str, about: tuple[int | None, int | None], after_s: float
    ) -> None:  # fmt: skip
        panes.note(camera.code, self._desk.say("panes.clipping", seconds=round(after_s)), lasts_s=after_s + 5.0)
        self._video.clip(pane, BEFORE_S, after_s, partial(self._on_clip, panes, camera, about))

    def _on_still(
        self, panes: VideoPanes, camera: Camera, about: tuple[int | None, int | None], told: Still | Reason
    ) -> None:  # fmt: skip
        if isinstance(told, Reason):
            self._refuse(camera, told)
            return
        panes.flash()
        at = told.taken_utc_ns
        taken = _Taken(
            camera=camera, kind=EvidenceKind.SNAPSHOT, data=told.image, begins_at=at, ends_at=at, event=about[0],
            alarm=about[1],
        )  # fmt: skip
        self._ask_why(panes, taken)

    def _on_clip(
        self, panes: VideoPanes, camera: Camera, about: tuple[int | None, int | None], told: Clip | Reason
    ) -> None:  # fmt: skip
        if isinstance(told, Reason):
            self._refuse(camera, told)
            return
        panes.flash()
        self._ask_why(panes, self._of_clip(camera, told, about))

    def _of_clip(
        self, camera: Camera, clip: Clip, about: tuple[int | None, int | None], wish: int | None = None
    ) -> _Taken:  # fmt: skip
        return _Taken(
            camera=camera, kind=EvidenceKind.CLIP, data=clip.video, begins_at=clip.begin_utc_ns,
            ends_at=clip.end_utc_ns, event=about[0], alarm=about[1], wish=wish,
        )  # fmt: skip

    def _ask_why(self, panes: VideoPanes, taken: _Taken) -> None:
        """Ask for the reason, after the question that stands; what was taken is not lost by waiting."""
        if self._deeds.is_asking:
            self._waiting.append(partial(self._ask_why, panes, taken))
            return
        question = self._desk.say(
            f"panes.question.why_{taken.kind.value}", camera=taken.camera.name,
            time=self._desk.figures.clock(taken.begins_at),
        )  # fmt: skip
        notes = [self._desk.say(f"panes.reason.{word}") for word in REASONS]
        self._deeds.ask(question, notes, lambda at: self._send(panes, taken, notes[at]))

    def _send(self, panes: VideoPanes, taken: _Taken, reason: str) -> None:
        """Send the bytes; the command that keeps them follows when they are there."""
        name = self._desk.say(f"panes.file.{taken.kind.value}", camera=taken.camera.code)
        upload = HeldUpload(self._desk.session, taken.data, name, self)
        upload.did_advance.connect(partial(self._on_share, panes, taken))
        upload.did_fail.connect(partial(self._on_failed, upload, taken))
        upload.was_done.connect(partial(self._keep, upload, panes, taken, reason))
        upload.begin()

    def _on_share(self, panes: VideoPanes, taken: _Taken, share: float) -> None:
        panes.note(taken.camera.code, self._desk.say("panes.sending", percent=self._desk.figures.percent(share)))

    def _keep(
        self, upload: HeldUpload, panes: VideoPanes, taken: _Taken, reason: str, digest: str, size: int
    ) -> None:  # fmt: skip
        upload.deleteLater()
        made = KeepEvidence(
            camera=taken.camera.code, kind=taken.kind, event=taken.event, alarm=taken.alarm, digest=digest, size=size,
            begins_at=taken.begins_at, ends_at=taken.ends_at, reason=reason, wish=taken.wish,
        )  # fmt: skip
        told = self._desk.say(f"panes.deed.{taken.kind.value}", camera=taken.camera.name)
        send = self._deeds.send if taken.wish is None else self._send_quietly
        self._sent[send(made, told)] = taken, panes

    def _send_quietly(self, command: object, _told: str) -> str:
        return self._deeds.send_quietly(command)

    def _on_ended(self, command: str, reply: Reply) -> None:
        taken, panes = self._sent.pop(command, (None, None))
        if taken is not None and panes is not None and reply.outcome == "done":
            panes.note(taken.camera.code, self._desk.say(f"panes.kept.{taken.kind.value}"))

    def _on_failed(self, upload: HeldUpload, taken: _Taken, reason: object) -> None:
        assert isinstance(reason, Reason)
        upload.deleteLater()
        self._refuse(taken.camera, reason)

    def _refuse(self, camera: Camera, reason: Reason) -> None:
        told = self._desk.say("panes.not_kept", camera=camera.name, reason=self._desk.refusal(reason))
        self._deeds.tell(MessageTone.TROUBLE, told)

    def _answer_wishes(self) -> None:
        """Answer what rules want of cameras that are shown here, once each and not before there is a picture."""
        for wish in self._desk.session.facts.cameras.wishes.values():
            if wish.number in self._answered or wish.ended_at is not None:
                continue
            panes = next((one for one in self._panes if self._has_picture(one, wish.camera)), None)
            if panes is not None and BY_ID["video.grab"].permission in self._desk.allowed():
                self._answered.add(wish.number)
                self._answer(panes, wish)

    def _has_picture(self, panes: VideoPanes, code: str) -> bool:
        camera, pane = panes.where(code)
        look = self._video.standing(pane).look
        return camera is not None and look is not None and look.sequence > 0

    def _answer(self, panes: VideoPanes, wish: EvidenceWish) -> None:
        """Keep picture and clip of a wish; the clip begins as long before the alarm as the rule says."""
        camera, pane = panes.where(wish.camera)
        if camera is None:
            return
        ago_s = (self._desk.now_ns() - wish.raised_at) / NS_PER_S
        self._video.grab(pane, partial(self._on_wished, panes, camera, wish))
        self._video.clip(
            pane, wish.before_s + max(0.0, ago_s), max(0.0, wish.after_s - ago_s),
            partial(self._on_wished, panes, camera, wish),
        )  # fmt: skip

    def _on_wished(self, panes: VideoPanes, camera: Camera, wish: EvidenceWish, told: Still | Clip | Reason) -> None:
        if isinstance(told, Reason):
            self._refuse(camera, told)
            return
        about = None, wish.alarm
        if isinstance(told, Clip):
            self._send(panes, self._of_clip(camera, told, about, wish.number), "")
            return
        self._send(panes, _Taken(
            camera=camera, kind=EvidenceKind.SNAPSHOT, data=told.image, begins_at=told.taken_utc_ns,
            ends_at=told.taken_utc_ns, event=None, alarm=wish.alarm, wish=wish.number,
        ), "")  # fmt: skip
