"""A session without sockets and threads: the real mirrors, fed by the test, and the asks of the pages written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from chengyun_console.session.answers import PreviewAnswer, SignOnEnded, WindowSeries
from chengyun_console.session.latency import LatencyMeter
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.links import Links, LinkState, Reach
from chengyun_core.mirror.news import Fact, FactNews, Record, StateRows
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import ManualClock
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Done, Heartbeat, Reply, Seats, SignedOn

S = 1_000_000_000
START_NS = 1_784_356_327 * S
"""2026-07-18 14:32:07 in Chongqing, the moment of the drawing."""
ALLOWED = ("alarm.acknowledge", "alarm.shelve", "alarm.unacknowledge", "alarm.unshelve", "session.sign_off")


@dataclass
class Asked:
    """One window asked for."""

    vital: int
    from_ns: int
    to_ns: int
    answer: Callable[[WindowSeries], None]
    slot: str


@dataclass
class Sent:
    """Everything the pages sent or asked."""

    commands: list[object] = field(default_factory=list)
    windows: list[Asked] = field(default_factory=list)
    asks: dict[str, tuple[str, object, Callable[[object], None]]] = field(default_factory=dict)
    """Slot → kind, body and who waits, the newest of each slot."""
    previews: list[tuple[str, Callable[[PreviewAnswer], None]]] = field(default_factory=list)
    sign_ons: list[tuple[str, str, str]] = field(default_factory=list)
    ways: list[tuple[str, bool]] = field(default_factory=list)
    """Code of the second factor and whether a seat is taken over, of each sign-on."""
    phones: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Secret and recovery codes of a phone that is enrolled along, of each sign-on."""
    seats_asked: int = 0
    renewed: int = 0


class StillSession(QObject):
    """Has what pages use of `session.Session`; nothing happens unless the test does it."""

    frame_came = Signal(object)
    facts_came = Signal(object)
    links_came = Signal(object)
    catalogue_came = Signal(object)
    seats_came = Signal(object)
    sign_on_ended = Signal(object)
    confirm_ended = Signal(object)
    rights_did_change = Signal()
    command_ended = Signal(str, object)
    command_unsure = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.state, self.facts, self.latency = StateMirror(), FactMirror(), LatencyMeter()
        self.catalogue: CatalogueView | None = None
        self.clock = ManualClock(START_NS)
        self.signed_on: SignedOn | None = None
        self.own_centre = ""
        self.sent = Sent()
        self._links = Links()
        self._seq = 0

    def links(self) -> Links:
        """Return how both daemons stand."""
        return self._links

    def sign_on(
        self, account: str, password: str, seat: str, *, code: str = "", taking_over: bool = False,
        phone_secret: str = "", recovery: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Write the wish down."""
        self.sent.phones.append((phone_secret, recovery))
        self.sent.sign_ons.append((account, password, seat))
        self.sent.ways.append((code, taking_over))
        return "sign-on"

    def confirm(self, password: str, code: str = "") -> None:
        """Write the wish down; the test answers with `confirm_ended`."""
        assert self.signed_on is not None
        self.sign_on(self.signed_on.account, password, self.signed_on.seat, code=code)

    def renew(self) -> None:
        """Count the wish."""
        self.sent.renewed += 1

    def sign_off(self) -> str:
        """End the session as the centre would."""
        self.signed_on = None
        self.sign_on_ended.emit(SignOnEnded(signed_on=None))
        return "sign-off"

    def send(self, command: object) -> str:
        """Write the command down; its id is its number."""
        self.sent.commands.append(command)
        return f"command-{len(self.sent.commands)}"

    def ask_seats(self) -> None:
        """Count the wish."""
        self.sent.seats_asked += 1

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
        """Write the ask down; the test answers it with `answer_windows`."""
        self.sent.windows.append(Asked(vital, from_ns, to_ns, answer, slot))
        return f"window-{len(self.sent.windows)}"

    def ask(
        self, kind: str, body: object, answer: Callable[[object], None], *, slot: str, of_historian: bool = False
    ) -> str:
        """Write the ask down; the test answers it with `answer_ask`."""
        self.sent.asks[slot] = (kind, body, answer)
        return slot

    def ask_preview(
        self, threshold_set: str, answer: Callable[[PreviewAnswer], None], sets: dict[str, str] | None = None
    ) -> str:
        """Write the ask down."""
        self.sent.previews.append((threshold_set, answer))
        return "preview"

    # What a test does.

    def answer_ask(self, slot: str, record: object) -> None:
        """Answer the newest ask of a slot."""
        _kind, _body, answer = self.sent.asks.pop(slot)
        answer(record)

    def put_fact(self, kind: str, key: str, record: Record, *, version: int = 1) -> None:
        """Bring another record than an alarm."""
        fact = Fact(kind=kind, key=key, version=version, number=8, record=record)
        through = self.facts.through + 1
        news = FactNews(facts=(fact,), gone=(), changes=(), through=through, tail=through, complete=True)
        self.facts.apply(news)
        self.facts_came.emit(news)

    def drop_fact(self, kind: str, key: str) -> None:
        """Have a record live no longer."""
        through = self.facts.through + 1
        news = FactNews(facts=(), gone=((kind, key),), changes=(), through=through, tail=through, complete=True)
        self.facts.apply(news)
        self.facts_came.emit(news)

    def show_city(self, catalogue: Catalogue) -> None:
        """Take over a catalogue and say whose centre this is."""
        self.own_centre = catalogue.centres[0].code
        self.catalogue = CatalogueView(catalogue)
        self.state.resize(self.catalogue.period_s)
        self.catalogue_came.emit(self.catalogue)

    def enter(self, seat: str = "A-03", allowed: Iterable[str] = ALLOWED) -> None:
        """Sign on."""
        self.signed_on = SignedOn(
            token="t",
            account="officer",
            name="李值班",
            seat=seat,
            posts=("500000.duty_officer",),
            allowed=tuple(allowed),
        )
        self.sign_on_ended.emit(SignOnEnded(signed_on=self.signed_on))

    def refuse_sign_on(self, code: str, **params: str) -> None:
        """Refuse to sign on."""
        self.sign_on_ended.emit(SignOnEnded(signed_on=None, failed=Reason(code=code, params=params)))

    def offer_seats(self, *seats: tuple[str, str, str]) -> None:
        """Tell the seats with their holders."""
        self.seats_came.emit(Seats(seats=seats))

    def put(self, values: dict[int, float], *, band: dict[int, int] | None = None, epoch: int = 1) -> None:
        """Bring values of now."""
        bands = band or {}
        vitals = sorted(values)
        count = len(vitals)
        self._seq += 1
        rows = StateRows(
            vital=np.array(vitals, np.uint32),
            time=np.full(count, self.clock.utc_ns(), np.int64),
            value=np.array([values[vital] for vital in vitals]),
            quality=np.zeros(count, np.uint8),
            band=np.array([bands.get(vital, 0) for vital in vitals], np.uint8),
            side=np.zeros(count, np.uint8),
            outdated=np.zeros(count, bool),
            new_epoch=epoch != self.state.epoch,
            epoch=epoch,
            seq=self._seq,
            catalogue=1,
            newest_ns=0,
            received_ns=self.clock.monotonic_ns(),
        )
        self.state.apply(rows)
        self.frame_came.emit(rows)

    def put_alarms(self, *alarms: Alarm) -> None:
        """Bring alarms as they stand; closed ones leave."""
        facts = tuple(
            Fact(kind="alarm", key=str(a.number), version=a.version, number=a.version, record=a)
            for a in alarms
            if not a.closed
        )
        gone = tuple(("alarm", str(alarm.number)) for alarm in alarms if alarm.closed)
        news = FactNews(facts=facts, gone=gone, changes=(), through=7, tail=7, complete=True)
        self.facts.apply(news)
        self.facts_came.emit(news)

    def hear(self, *, ingest: Reach = Reach.LIVE, centre: Reach = Reach.LIVE, demo: str = "") -> None:
        """Let both daemons be heard, or be lost since now."""
        self._links = Links(ingest=self._link("ingest", ingest, demo), centre=self._link("centre", centre, ""))
        self.state.silent = ingest is not Reach.LIVE
        self.links_came.emit(self._links)

    def answer_windows(self, *points: tuple[int, float], failed: str = "") -> None:
        """Answer every window asked since the last time with these (seconds before now, value)."""
        asked, self.sent.windows = self.sent.windows, []
        now_ns = self.clock.utc_ns()
        for one in asked:
            one.answer(
                WindowSeries(
                    vital=one.vital,
                    from_ns=one.from_ns,
                    to_ns=one.to_ns,
                    time=np.array([now_ns - ago * S for ago, _ in points], np.int64),
                    value=np.array([value for _, value in points]),
                    raw=True,
                    oldest_ns=one.from_ns,
                    failed=Reason(code=failed) if failed else None,
                )
            )

    def end_command(self, *, outcome: str = "done", code: str = "", **params: str) -> None:
        """Answer the command sent last."""
        command = f"command-{len(self.sent.commands)}"
        body = codec.pack(Done(change=42)) if outcome == "done" else b""
        self.command_ended.emit(command, Reply(id=command, outcome=outcome, body=body, code=code, params=params))

    def _link(self, daemon: str, reach: Reach, demo: str) -> LinkState:
        now_ns = self.clock.utc_ns()
        beat = Heartbeat(
            daemon=daemon,
            protocol=PROTOCOL_VERSION,
            epoch=1,
            tail=1234,
            clock_ns=now_ns,
            sent_ns=now_ns,
            counters={"devices": 1000, "devices_silent": 18} if daemon == "ingest" else {},
            gauges={"samples_per_s": 367_412.0} if daemon == "ingest" else {},
            lights={"database": "ok"} if daemon == "centre" else {},
            demo=demo,
        )
        return LinkState(daemon=daemon, reach=reach, since_ns=now_ns, heartbeat=beat)


def alarm(number: int, vital: int, colour: WarningColour = WarningColour.RED, **fields: object) -> Alarm:
    """Return an alarm raised a minute ago, active and unacknowledged unless told otherwise."""
    made = Alarm(
        number=number,
        vital=vital,
        vital_code=f"V{vital:04d}",
        colour=colour,
        band=colour,
        side=Side.HIGH,
        value=120.0,
        limit=100.0,
        raised_at=START_NS - 60 * S,
        changed_at=START_NS - 60 * S,
    )
    return replace(made, **fields)  # type: ignore[arg-type]
