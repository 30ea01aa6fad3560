"""Pictures and clips of the current pane kept as evidence: taken at the key, told why, sent, and kept by the centre."""

from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.panes import VideoPanes
from chengyun_console.video.tray import Arrived, Meant, Taken
from chengyun_core.model.camera import Camera, EvidenceWish
from chengyun_core.model.camera_commands import KeepEvidence
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

REASONS = ("scene", "water", "crowd", "traffic", "damage", "weather", "other")
BEFORE_S = 10.0
AFTERS_S = (0.0, 10.0, 30.0)
"""A clip begins 10 s before the key (pre-record); how long it goes on is asked."""


class EvidenceKeeper(QObject):
    """One per window: what an officer is asked and told of evidence. What was taken lies in the console's tray.

    Several may be on their way; a question stands for one at a time, the others wait for theirs.
    """

    def __init__(self, desk: Desk, video: VideoDesk, deeds: Deeds, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._video, self._deeds, self._tray = desk, video, deeds, video.tray
        self._window = video.tray.enter()
        self._panes: list[VideoPanes] = []
        self._asked: Taken | None = None
        """What the question that stands is about; still here when it went: Esc, nobody wants it."""
        self._sent: dict[str, Taken] = {}
        desk.session.command_ended.connect(self._on_ended)
        self._tray.did_change.connect(self._go_on)
        self._tray.was_taken.connect(self._on_taken)
        self._tray.did_advance.connect(self._on_share)

    def look_after(self, panes: VideoPanes) -> None:
        """Answer for these panes when a rule wants a picture of what they show (Y3)."""
        self._panes.append(panes)

    def refresh(self) -> None:
        """Ask what waited for another question, answer rules whose camera has its picture now; on each frame."""
        self._go_on()
        self._answer_wishes()

    def grab(self, panes: VideoPanes) -> None:
        """G: take the picture that is seen now."""
        camera = self._ready(panes, "video.grab")
        if camera is not None:
            self._tray.grab(panes.pane(), self._meant(panes, camera))

    def clip(self, panes: VideoPanes) -> None:
        """K: ask how long it goes on, and take it from 10 s ago."""
        camera = self._ready(panes, "video.clip")
        if camera is None:
            return
        notes = [self._desk.say("panes.after", before=round(BEFORE_S), after=round(after)) for after in AFTERS_S]
        question = self._desk.say("panes.question.length", camera=camera.name)
        begin = partial(self._clip, panes, panes.pane(), self._meant(panes, camera))
        self._deeds.ask(question, notes, begin)

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

    def _meant(self, panes: VideoPanes, camera: Camera) -> Meant:
        event, alarm = self._about(panes)
        return Meant(camera=camera, event=event, alarm=alarm)

    def _clip(self, panes: VideoPanes, pane: str, meant: Meant, at: int) -> None:
        after_s = AFTERS_S[at]
        told = self._desk.say("panes.clipping", seconds=round(after_s))
        panes.note(meant.camera.code, told, lasts_s=after_s + 5.0)
        self._tray.clip(pane, BEFORE_S, after_s, meant)

    def _go_on(self) -> None:
        """Tell what failed, keep what arrived, and ask for the next reason; not for a window that has gone."""
        tray = self._tray
        if not tray.is_newest(self._window):
            return
        while tray.failed:
            self._refuse(*tray.failed.popleft())
        while tray.arrived:
            self._keep(tray.arrived.popleft())
        if self._deeds.is_asking:
            return
        if self._asked is not None:
            tray.forget(self._asked)
            self._asked = None
        if tray.unexplained:
            self._ask_why(tray.unexplained[0])

    def _ask_why(self, taken: Taken) -> None:
        question = self._desk.say(
            f"panes.question.why_{taken.kind.value}", camera=taken.meant.camera.name,
            time=self._desk.figures.clock(taken.begins_at),
        )  # fmt: skip
        notes = [self._desk.say(f"panes.reason.{word}") for word in REASONS]
        self._deeds.ask(question, notes, partial(self._on_reason, taken, notes))
        self._asked = taken

    def _on_reason(self, taken: Taken, notes: list[str], at: int) -> None:
        self._asked = None
        self._tray.explain(taken, notes[at])

    def _keep(self, arrived: Arrived) -> None:
        taken, meant = arrived.taken, arrived.taken.meant
        made = KeepEvidence(
            camera=meant.camera.code, kind=taken.kind, event=meant.event, alarm=meant.alarm, digest=arrived.digest,
            size=arrived.size, begins_at=taken.begins_at, ends_at=taken.ends_at, reason=arrived.reason,
            wish=meant.wish,
        )  # fmt: skip
        told = self._desk.say(f"panes.deed.{taken.kind.value}", camera=meant.camera.name)
        sent = self._deeds.send(made, told) if meant.wish is None else self._deeds.send_quietly(made)
        self._sent[sent] = taken

    def _on_taken(self, taken: object) -> None:
        """Let the pane light up that shows what was taken."""
        assert isinstance(taken, Taken)
        shown = (panes for panes in self._panes if panes.camera() == taken.meant.camera and panes.isVisible())
        for panes in shown if taken.meant.wish is None else ():
            panes.flash()

    def _on_share(self, taken: object, share: float) -> None:
        assert isinstance(taken, Taken)
        self._note(taken, self._desk.say("panes.sending", percent=self._desk.figures.percent(share)))

    def _on_ended(self, command: str, reply: Reply) -> None:
        taken = self._sent.pop(command, None)
        if taken is not None and reply.outcome == "done":
            self._note(taken, self._desk.say(f"panes.kept.{taken.kind.value}"))

    def _note(self, taken: Taken, text: str) -> None:
        """Say something at the foot of the camera's pane, wherever it is shown."""
        for panes in self._panes:
            panes.note(taken.meant.camera.code, text)

    def _refuse(self, camera: Camera, reason: Reason) -> None:
        told = self._desk.say("panes.not_kept", camera=camera.name, reason=self._desk.refusal(reason))
        self._deeds.tell(MessageTone.TROUBLE, told)

    def _answer_wishes(self) -> None:
        """Answer what rules want of cameras that are shown here, once each and not before there is a picture."""
        answered = self._tray.answered
        for wish in self._desk.session.facts.cameras.wishes.values():
            if wish.number in answered or wish.ended_at is not None:
                continue
            panes = next((one for one in self._panes if self._has_picture(one, wish.camera)), None)
            if panes is not None and BY_ID["video.grab"].permission in self._desk.allowed():
                answered.add(wish.number)
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
        meant = Meant(camera=camera, alarm=wish.alarm, wish=wish.number)
        self._tray.grab(pane, meant)
        self._tray.clip(pane, wish.before_s + max(0.0, ago_s), max(0.0, wish.after_s - ago_s), meant)
