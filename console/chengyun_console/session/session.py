"""The session of one console window: what pages read, what they may ask, and the signals that tell them of news."""

import logging
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import zmq
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from chengyun_console.session.answers import PreviewAnswer, WindowSeries
from chengyun_console.session.latency import LatencyMeter
from chengyun_console.session.listener import is_there
from chengyun_console.session.mailbox import Mailbox, Post
from chengyun_console.session.reader import WAKE_ADDRESS, Reader
from chengyun_console.session.wishes import (
    SendCommand,
    TakeSeat,
    WantAnswer,
    WantPreview,
    WantSeats,
    WantWindow,
    Watch,
    Wish,
)
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.links import Links, LinkState, Reach
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.command import SignOff, SignOn
from chengyun_core.model.failure import Reason
from chengyun_core.model.identity import CommandId
from chengyun_core.wire.duty_asks import AskSeated
from chengyun_core.wire.envelope import AskPreview, AskWindow, SignedOn

WATCH_OVER_MS = 250
READER_SILENT_NS = NS_PER_S
STOP_WITHIN_S = 5.0
SWITCH_S = 0.001
"""How soon the reader and the window give way to each other. A drain lets go of the interpreter with every message, and
with Python's usual 5 ms a window that paints would keep each frame waiting that long."""
UNHEARD = frozenset({Reach.CONNECTING, Reach.LOST, Reach.REFUSED})

logger = logging.getLogger(__name__)


class Session(QObject):
    """Lives in the GUI thread; never blocks it. Everything handed out is frozen or owned by the GUI thread."""

    frame_came = Signal(object)
    """StateRows: the values that changed. `state` has them already."""
    facts_came = Signal(object)
    """FactNews. `facts` has them already."""
    links_came = Signal(object)
    """Links: a daemon was heard, lost, found again, or its counters are new."""
    watch_came = Signal(object)
    """WatchRows: raw samples of the watched vitals' channels."""
    catalogue_came = Signal(object)
    """CatalogueView. `state` has its length already."""
    seats_came = Signal(object)
    """Seats."""
    sign_on_ended = Signal(object)
    """SignOnEnded: signed on, refused, or the seat was lost (reason)."""
    confirm_ended = Signal(object)
    """None: the password asked again was right; the Reason when it was not, or could not be checked."""
    rights_did_change = Signal()
    """The seat taken over is this session's own now: `signed_on` says what it may."""
    command_ended = Signal(str, object)
    """Id and Reply of a command: done, refused, or trouble (`session.outcome_unknown`, `session.not_sent`)."""
    command_unsure = Signal(str)
    """No answer within 5 s: «unknown, checking». It is repeated under the same id until `command_ended`."""

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = StateMirror()
        self.facts = FactMirror()
        self.catalogue: CatalogueView | None = None
        self.clock = ProfileClock()
        self.signed_on: SignedOn | None = None
        self.own_centre = ""
        self.latency = LatencyMeter()
        """Sample at ingest → this console's model, for the status bar."""
        self._links = Links()
        self._windows: dict[str, Callable[[WindowSeries], None]] = {}
        self._slots: dict[str, str] = {}
        self._previews: dict[str, Callable[[PreviewAnswer], None]] = {}
        self._answers: dict[str, tuple[str, Callable[[object], None]]] = {}
        self._mailbox = Mailbox()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._reader = Reader(profile, self._context, self._mailbox, self._ring)
        self._thread = threading.Thread(target=self._reader.run, name="session-reader")
        self._looked_ns = 0
        self._knocker: zmq.Socket[bytes] | None = None
        self._rang.connect(self._open_post, Qt.ConnectionType.QueuedConnection)
        self._watchman = QTimer(self, interval=WATCH_OVER_MS, timerType=Qt.TimerType.CoarseTimer)
        self._watchman.timeout.connect(self._look_after_reader)

    _rang = Signal()

    def start(self) -> None:
        """Begin to listen. Once per session."""
        sys.setswitchinterval(SWITCH_S)
        self._knocker = self._context.socket(zmq.PAIR)
        self._knocker.connect(WAKE_ADDRESS)
        self._mailbox.beat(self.clock.monotonic_ns())
        self._thread.start()
        self._watchman.start()

    def stop(self) -> None:
        """End the thread and close everything; the session cannot be started again."""
        self._watchman.stop()
        self._reader.stop()
        self._knock()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)
        if self._thread.is_alive():
            logger.error("the session's reader did not end within %s s", STOP_WITHIN_S)
            return
        if self._knocker is not None:
            self._knocker.close(0)
            self._knocker = None
        self._context.term()

    def links(self) -> Links:
        """Return how both daemons stand."""
        return self._links

    def sign_on(
        self, account: str, password: str, seat: str, *, code: str = "", taking_over: bool = False,
        phone_secret: str = "", recovery: tuple[str, ...] = (),
    ) -> CommandId:  # fmt: skip
        """Take a seat, or come in beside who holds it to take it over; `sign_on_ended` tells how it went.

        `phone_secret`: base32 of a first phone that is enrolled along, with the codes that stand in for it.
        """
        return self.send(SignOn(
            account=account, password=password, seat=seat, code=code, taking_over=taking_over,
            phone_secret=phone_secret, recovery=recovery,
        ))  # fmt: skip

    def confirm(self, password: str, code: str = "") -> None:
        """Ask the password of who holds the seat again; `confirm_ended` tells. The seat is kept whatever comes.

        A sign-on at the own seat: wrong passwords are counted and lock the account as they do at any sign-on.
        """
        if self.signed_on is not None:
            seated = self.signed_on
            self.sign_on(seated.account, password, seated.seat, code=code, taking_over=seated.incoming)

    def renew(self) -> None:
        """Ask what this session may now: the seat it took over has become its own. `rights_did_change` tells."""
        if self.signed_on is not None:
            self.ask("session.seated", AskSeated(seat=self.signed_on.seat), self._on_seated, slot="session.seated")

    def _on_seated(self, told: object) -> None:
        held = self.signed_on
        if held is not None and isinstance(told, SignedOn) and told.account == held.account:
            self.signed_on = replace(told, token=held.token)
            self.rights_did_change.emit()

    def take_seat(self, signed_on: SignedOn) -> None:
        """Take a session that was opened elsewhere (`chengyun glass break`); `sign_on_ended` tells of it."""
        self._submit(TakeSeat(signed_on=signed_on))

    def sign_off(self) -> CommandId:
        """Leave the seat; ends like any command."""
        return self.send(SignOff())

    def send(self, command: object) -> CommandId:
        """Send a command of model.command; `command_ended` brings the outcome under the id returned."""
        command_id = CommandId(uuid.uuid4().hex)
        self._submit(SendCommand(id=command_id, command=command))
        return command_id

    def ask_seats(self) -> None:
        """Ask for the seats; `seats_came` brings them. Needs no sign-on."""
        self._submit(WantSeats(id=uuid.uuid4().hex))

    def ask_window(
        self,
        vital: int,
        from_ns: int,
        to_ns: int,
        pixels: int,
        answer: Callable[[WindowSeries], None],
        *,
        slot: str = "",
    ) -> str:
        """Ask for a series; `answer` is called once, in the GUI thread, unless a newer ask of the slot supersedes it.

        `slot` names the chart; without one the vital does. A failure comes as a series with `failed` set.
        """
        request_id = uuid.uuid4().hex
        slot = slot or f"vital-{vital}"
        self._windows.pop(self._slots.get(slot, ""), None)
        self._windows[request_id], self._slots[slot] = answer, request_id
        ask = AskWindow(vital=vital, from_ns=from_ns, to_ns=to_ns, pixels=pixels)
        self._submit(WantWindow(id=request_id, ask=ask, slot=slot))
        return request_id

    def ask_preview(
        self, threshold_set: str, answer: Callable[[PreviewAnswer], None], sets: dict[str, str] | None = None
    ) -> str:
        """Ask what would alarm now under another threshold set; only the newest ask is answered.

        `sets`: sets of scopes in 急时 as they would be (`ModePreview.sets`); None: as they are.
        """
        request_id = uuid.uuid4().hex
        self._previews = {request_id: answer}
        self._submit(WantPreview(id=request_id, ask=AskPreview(threshold_set=threshold_set, sets=sets)))
        return request_id

    def ask(
        self, kind: str, body: object, answer: Callable[[object], None], *, slot: str, of_historian: bool = False
    ) -> str:
        """Ask a door something; `answer` gets the record of wire.envelope's table, or the Reason why there is none.

        Called once, in the GUI thread, unless a newer ask of the slot supersedes it. `of_historian`: asked of the
        historian, where ingest answers the same kind (`status`).
        """
        request_id = uuid.uuid4().hex
        self._answers = {key: kept for key, kept in self._answers.items() if kept[0] != slot}
        self._answers[request_id] = (slot, answer)
        self._submit(WantAnswer(id=request_id, kind=kind, ask=body, slot=slot, of_historian=of_historian))
        return request_id

    def watch(self, vitals: Iterable[int]) -> None:
        """Watch exactly these vitals' channels at full rate from now on; the lease is renewed until told otherwise."""
        self._submit(Watch(vitals=tuple(sorted(vitals))))

    def _submit(self, wish: Wish) -> None:
        self._reader.submit(wish)
        self._knock()

    def _knock(self) -> None:
        """Wake the reader; when its queue of knocks is full it is awake anyway."""
        if self._knocker is not None:
            try:
                self._knocker.send(b"", zmq.DONTWAIT)
            except zmq.Again:
                return

    def _ring(self) -> None:
        """Called in the reader's thread; the queued connection brings it to ours."""
        self._rang.emit()

    def _open_post(self) -> None:
        post, awaited = self._mailbox.take()
        if post is None:
            return
        begun_ns = self.clock.monotonic_ns()
        self._take_over(post)
        self._tell(post)
        self._mailbox.cost_ns = self.clock.monotonic_ns() - begun_ns
        if awaited:
            self._knock()

    def _take_over(self, post: Post) -> None:
        """Bring the mirrors up to date before anybody is told: a page may read whatever it likes in its slot."""
        if post.catalogue is not None:
            self.catalogue = post.catalogue
            self.state.resize(post.catalogue.period_s)
        if post.links is not None:
            self._take_links(post.links)
        if post.state is not None:
            self.state.apply(post.state)
            self.latency.took(post.state)
        if post.facts is not None:
            self.facts.apply(post.facts)
        if post.own_centre is not None:
            self.own_centre = post.own_centre
        if post.sign_on is not None:
            self.signed_on = post.sign_on.signed_on or (self.signed_on if post.sign_on.again else None)

    def _tell(self, post: Post) -> None:
        for signal, part in (
            (self.catalogue_came, post.catalogue),
            (self.links_came, post.links),
            (self.frame_came, post.state),
            (self.watch_came, post.watch),
            (self.facts_came, post.facts),
            (self.seats_came, post.seats),
        ):
            if part is not None:
                signal.emit(part)
        self._tell_sign_on(post)
        for reply in post.replies:
            self.command_ended.emit(reply.id, reply)
        for command_id in post.unsure:
            self.command_unsure.emit(command_id)
        self._answer(post)

    def _tell_sign_on(self, post: Post) -> None:
        if post.sign_on is not None and post.sign_on.again:
            self.confirm_ended.emit(post.sign_on.failed)
        elif post.sign_on is not None:
            self.sign_on_ended.emit(post.sign_on)
            if self.signed_on is not None and not self.signed_on.allowed:
                # Taken from a file, which does not tell what the session may.
                self.renew()

    def _answer(self, post: Post) -> None:
        for request_id, series in post.windows:
            if is_there(answer := self._windows.pop(request_id, None)):
                answer(series)
        for request_id, record in post.answers:
            _slot, waiting = self._answers.pop(request_id, ("", None))
            if is_there(waiting):
                waiting(record)
        for request_id, preview in post.previews:
            if is_there(told := self._previews.pop(request_id, None)):
                told(preview)

    def _take_links(self, links: Links) -> None:
        self._links = links
        self.state.silent = links.ingest.reach in UNHEARD
        self.state.silent_shards = tuple(
            number for number, link in enumerate(links.shards) if link.reach in UNHEARD
        )  # fmt: skip
        for link in (links.centre, links.ingest):
            if link.heartbeat is not None:
                self.clock.follow(link.heartbeat.law)

    def _look_after_reader(self) -> None:
        """A reader that does not turn any more would leave everything looking live: say lost instead.

        After a sleep of the whole process the pulse is old as well; the reader gets its turn before it is judged.
        """
        now_ns, looked_ns = self.clock.monotonic_ns(), self._looked_ns
        self._looked_ns = now_ns
        slept = now_ns - looked_ns >= READER_SILENT_NS
        if slept or now_ns - self._mailbox.pulse_ns < READER_SILENT_NS or self.state.silent:
            return
        reason = Reason(code="link.reader_failed")
        lost = Links(ingest=self._lost(self._links.ingest, reason), centre=self._lost(self._links.centre, reason))
        self._take_links(lost)
        self.links_came.emit(lost)

    def _lost(self, link: LinkState, reason: Reason) -> LinkState:
        return replace(link, reach=Reach.LOST, reason=reason, since_ns=self.clock.utc_ns())
