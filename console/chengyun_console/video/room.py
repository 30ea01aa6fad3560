"""What the window does about cameras: the sheet of the nearest ones, evidence, movement, rounds, by their keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.event_files import EventFiles
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.ways import Window
from chengyun_console.subjects import subject_of
from chengyun_console.video.cameras import Spot
from chengyun_console.video.keeping import EvidenceKeeper
from chengyun_console.video.panes import VideoPanes, panes_of
from chengyun_console.video.positions import PositionKeeper
from chengyun_console.video.sheet import CLOSE, VideoSheet, attachment_name
from chengyun_console.video.spots import spot_of_alarm, spot_of_event
from chengyun_core.model.camera import CameraRound, Evidence
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_widgets.toast import MessageTone

CONSULT = "room.open_for_event"
"""Action of the consultation on the event in focus."""
_MOST_ROUNDS = 9
"""As many as there are digits; of more the last digit leads to the others."""


class VideoRoom(QObject):
    """Made once by the window."""

    def __init__(
        self, desk: Desk, parent: QWidget, window: Window, deeds: Deeds, files: Callable[[], EventFiles], *,
        area: Callable[[], QRect],
    ) -> None:  # fmt: skip
        """`files` opens what was kept; `area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._window, self._parent, self._deeds = desk, window, parent, deeds
        self._files, self._area = files, area
        self._video = desk.video.of(desk)
        self.sheet = VideoSheet(desk, parent)
        self.keeper = EvidenceKeeper(desk, self._video, deeds, self)
        self.positions = PositionKeeper(desk, deeds, self)
        self._wanted: tuple[str, int] | None = None
        """What cameras were asked for before any are known."""
        self._looked_after: list[VideoPanes] = []
        self._followed: VideoPanes | None = None
        """Whose camera the desk knows as the one keys are about."""
        self.sheet.evidence_was_opened.connect(self._open_evidence)
        self.sheet.action_was_asked.connect(self._on_button)
        self._video.book_did_change.connect(self._on_book)
        self._video.full_was_asked.connect(self._open_full)
        self._look_after(self.sheet.panes)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return (self.sheet,)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions on cameras do, by their ids."""
        return {
            "alarm.video": lambda: self._open_for("alarm"),
            "event.video": lambda: self._open_for("event"),
            "video.open": self._open_all,
            "video.grab": lambda: self.keeper.grab(self.panes()),
            "video.clip": lambda: self.keeper.clip(self.panes()),
            "video.consult": self._consult,
            "video.steer": self._steer,
            "video.choose": self._choose,
            "video.evidence": self._list_evidence,
            "video.round": self._run,
        }

    def refresh(self) -> None:
        """Ask what waits; called on each frame."""
        self.keeper.refresh()

    def panes(self) -> VideoPanes:
        """Return the panes keys are about: those with the keyboard, else the sheet's."""
        found = panes_of(self._parent.window().focusWidget())
        panes = found if found is not None and not self.sheet.isAncestorOf(found) else self.sheet.panes
        self._look_after(panes)
        self._follow(panes)
        return panes

    def _look_after(self, panes: VideoPanes) -> None:
        """Know panes that were met for the first time: of the sheet, of a page."""
        if panes in self._looked_after:
            return
        self._looked_after.append(panes)
        self.keeper.look_after(panes)
        panes.current_did_change.connect(partial(self._follow, panes))
        panes.rounds.did_change.connect(partial(self._on_round, panes))
        panes.steering.fault_came.connect(self._tell_fault)
        panes.steering.keep_was_asked.connect(partial(self.positions.keep, panes.steering))

    def _follow(self, panes: VideoPanes) -> None:
        """Let the desk know which camera keys are about."""
        self._followed = panes
        self._desk.video_focus.take(panes.camera(), panes.cameras, panes.grid.count, panes.rounds.running)

    def _on_round(self, panes: VideoPanes) -> None:
        """A round that ended by itself is none any more to take away."""
        if panes is self._followed:
            self._follow(panes)

    def _open_for(self, kind: str) -> None:
        """V: the cameras nearest to what is in focus; the same key closes them."""
        if self.sheet.isVisible():
            self.sheet.give_way()
            return
        number = self._number(kind)
        if number is None:
            code = "console.no_alarm" if kind == "alarm" else "events.none_in_focus"
            self._deeds.tell(MessageTone.NOTE, self._desk.say(code))
            return
        self._wanted = kind, number
        self.sheet.open_at(self._spot(kind, number), self._area())

    def _number(self, kind: str) -> int | None:
        alarm, event = self._desk.alarm(), self._desk.event_focus.number
        return event if kind == "event" else alarm.number if alarm is not None else None

    def _spot(self, kind: str, number: int) -> Spot | None:
        """Return what is to be seen of an alarm or an event, None while no cameras are known, or it is not any more."""
        book, facts, focus = self._video.book, self._desk.session.facts, self._desk.event_focus
        if book is None:
            return None
        if kind == "alarm":
            alarm = facts.alarms.get(number)
            return spot_of_alarm(self._desk, book, alarm) if alarm is not None else None
        event = focus.record if focus.number == number else facts.events.get(number)
        return spot_of_event(self._desk, book, event) if event is not None else None

    def _on_book(self) -> None:
        """The cameras came after they were asked for."""
        wanted = self._wanted
        if wanted is not None and self.sheet.isVisible() and self.sheet.panes.spot is None:
            self.sheet.open_at(self._spot(*wanted), self._area())

    def _open_full(self, panes: VideoPanes) -> None:
        """Enter or a double click in a small panel: its camera as large as the page."""
        if panes.isVisible() and panes.window() is self._parent.window():
            self.sheet.open_full(panes, self._area())

    def _open_all(self) -> None:
        """Ctrl+Shift+V: all cameras by place and name; the same key closes them."""
        if self.sheet.isVisible():
            # Whatever lies nearer in it: a camera in hand goes back, a round stops, a text goes with the field.
            self.sheet.give_way()
        else:
            self._wanted = None
            self.sheet.open_at(None, self._area())

    def _on_button(self, name: str) -> None:
        if name == CLOSE:
            self.sheet.close_over()
        else:
            self._window.do((BY_ID[name],))

    def _consult(self) -> None:
        """V beside pictures: talk about what is seen, with those the event concerns."""
        action = BY_ID.get(CONSULT)
        if action is not None:
            self._window.do((action,))

    def _choose(self) -> None:
        if self.sheet.isVisible():
            self.sheet.choose()
        else:
            self._open_all()

    def _list_evidence(self) -> None:
        if not self.sheet.isVisible():
            self._open_all()
        self.sheet.list.ask_evidence()

    def _steer(self) -> None:
        """Y: take the camera's movement, from somebody else with a reason; give it back when it is ours."""
        panes = self.panes()
        if panes.steering.give():
            return
        camera = panes.camera()
        lock = panes.steering.lock_of(camera.code) if camera is not None else None
        if camera is not None and panes.steering.is_ours(camera.code):
            panes.steering.begin(camera)
            return
        if camera is not None:
            panes.steering.want(camera)
        action = "video.take" if lock is None else "video.take_over"
        self._deeds.begin((BY_ID[action],), subject_of(self._desk))

    def _run(self) -> None:
        """X: stop the round that runs, or choose one."""
        panes = self.panes()
        if panes.rounds.stop():
            return
        rounds = sorted(self._desk.session.facts.cameras.rounds.values(), key=lambda row: (row.name, row.number))
        if rounds:
            self._offer(panes, rounds)
        else:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("panes.no_rounds"))

    def _offer(self, panes: VideoPanes, rounds: list[CameraRound]) -> None:
        """Ask which of these; the last digit leads on where there are more than digits."""
        is_all = len(rounds) <= _MOST_ROUNDS
        offered = rounds if is_all else rounds[: _MOST_ROUNDS - 1]
        notes = [self._round_name(row) for row in offered]
        if not is_all:
            notes.append(self._desk.say("rounds.others", count=len(rounds) - len(offered)))
        self._deeds.ask(self._desk.say("panes.question.round"), notes, partial(self._on_offer, panes, rounds))

    def _on_offer(self, panes: VideoPanes, rounds: list[CameraRound], at: int) -> None:
        if len(rounds) > _MOST_ROUNDS and at == _MOST_ROUNDS - 1:
            self._offer(panes, rounds[at:])
        else:
            self._begin(panes, rounds[at])

    def _begin(self, panes: VideoPanes, chosen: CameraRound) -> None:
        """Run a round as it is now: while the question stood somebody may have written it anew, or taken it away."""
        told = self._desk.session.facts.cameras.rounds.get(chosen.number)
        if told is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("rounds.gone", name=chosen.name))
            return
        panes.run(told)
        self._follow(panes)

    def _round_name(self, row: CameraRound) -> str:
        return self._desk.say("panes.round_named", name=row.name, count=len(row.cameras), seconds=round(row.dwell_s))

    def _open_evidence(self, kept: Evidence, listed: tuple[Evidence, ...]) -> None:
        """Look at what was kept, among what is listed with it."""
        shown = tuple(self._attachment(one) for one in listed)
        chosen = next(one for one in shown if one.number == kept.attachment)
        self._files().sheet.open_for(chosen, shown, self._area())

    def _attachment(self, kept: Evidence) -> Attachment:
        return Attachment(
            number=kept.attachment, about=f"evidence:{kept.number}", digest=kept.digest,
            name=attachment_name(self._desk, kept), size=kept.size, media=kept.media, taken_at=kept.begins_at,
            added_at=kept.added_at, added_by=kept.added_by, added_seat=kept.added_seat, reason=kept.reason,
        )  # fmt: skip

    def _tell_fault(self, reason: object) -> None:
        if isinstance(reason, Reason):
            self._deeds.tell(MessageTone.TROUBLE, self._desk.refusal(reason))
