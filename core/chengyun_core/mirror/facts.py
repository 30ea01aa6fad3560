"""The screen's copy of the facts: living alarms, sessions, the catalogue in force, and the last changes."""

from typing import Any

from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.mirror.camera_facts import CameraFacts
from chengyun_core.mirror.device_facts import DeviceFacts
from chengyun_core.mirror.duty_facts import DutyFacts
from chengyun_core.mirror.mode_facts import ModeFacts
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.mirror.room_facts import RoomFacts
from chengyun_core.mirror.warning_facts import WarningFacts
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.alarm_records import AlarmComment, LateViolation, SeatFlood, ThresholdChange
from chengyun_core.model.approval import Approval
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.drawing import Drawing
from chengyun_core.model.duty import INCOMING
from chengyun_core.model.event import Event
from chengyun_core.model.map_layer import MapLayer
from chengyun_core.model.order import Order, Receipt, RollAnswer, RollCall, SideRequest
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.room_parties import is_played
from chengyun_core.model.scales import Aspect
from chengyun_core.model.situation import Situation

HISTORY = 2000
"""Changes kept for histories; older ones are asked of the centre."""


class FactMirror:
    """Owned by one thread (the GUI's); only `apply` writes."""

    _board: AlarmBoard | None = None

    def __init__(self) -> None:
        self.alarms: dict[int, Alarm] = {}
        """Living alarms by number."""
        self.sessions: dict[str, SessionRecord] = {}
        """Who sits where, by seat code."""
        self.overrides: dict[str, Override] = {}
        """Overrides that stand, by `vital:kind`; each living alarm carries its own besides."""
        self.situations: dict[int, Situation] = {}
        """Open situations by number."""
        self.approvals: dict[int, Approval] = {}
        """What waits for a second person, by number."""
        self.floods: dict[str, SeatFlood] = {}
        """Seats in alarm flood, by code."""
        self.runs: dict[int, PlanRun] = {}
        """Plans that run, by number of the run."""
        self._hold_chain()
        self.mode, self.warned, self.duty, self.rooms = ModeFacts(), WarningFacts(), DutyFacts(), RoomFacts()
        self.cameras, self.devices = CameraFacts(), DeviceFacts()
        self.map_layers: dict[str, MapLayer] = {}
        """Layers on the map, by code; their shapes are asked for by digest."""
        self.comments: dict[int, AlarmComment] = {}
        self.late: dict[int, LateViolation] = {}
        self.thresholds: dict[int, ThresholdChange] = {}
        """Changes of thresholds by number, newest known last."""
        self.catalogue: CatalogueRecord | None = None
        self.through, self.tail, self.complete = 0, 0, False
        """False before the first snapshot and while a gap is being closed: lists may lack something."""
        self._by_vital: dict[tuple[int, Aspect], int] = {}
        self._changes: dict[int, Change] = {}

    def _hold_chain(self) -> None:
        """Begin with no event, and nothing of what hangs on events."""
        self.events: dict[int, Event] = {}
        """Living events by number; ended ones are asked of the centre."""
        self.drawings: dict[int, Drawing] = {}
        """What is drawn on events and not erased, by number; that of events that ended may be among it."""
        self.orders: dict[int, Order] = {}
        """Living orders by number."""
        self.receipts: dict[str, Receipt] = {}
        """Living receipts by `<order>.<place>`."""
        self.requests: dict[int, SideRequest] = {}
        """Requests of recipients that wait, by number."""
        self.roll_calls: dict[int, RollCall] = {}
        """Roll calls that run, by number."""
        self.roll_answers: dict[str, RollAnswer] = {}
        """Answers to roll calls by `<call>.<code>`; newest ones, those of ended calls among them."""
        self.units: dict[str, UnitRecord] = {}
        """What units told of themselves, by code; one that never told anything is not here."""

    @property
    def board(self) -> AlarmBoard:
        """Return the living alarms in order with their figures; made once per change."""
        if self._board is None:
            self._board = AlarmBoard.of(self.alarms.values(), self.situations.values())
        return self._board

    def alarm_of_vital(self, vital: int) -> Alarm | None:
        """Return the living alarm of a vital, that of its process before that of its link; None when it has none."""
        found = (self._by_vital.get((vital, aspect)) for aspect in Aspect)
        return next((self.alarms[number] for number in found if number is not None), None)

    def history_of(self, alarm: int) -> tuple[Change, ...]:
        """Return the changes of an alarm seen by this console, oldest first."""
        of_alarm = (change for change in self._changes.values() if change.kind == "alarm" and change.key == str(alarm))
        return tuple(sorted(of_alarm, key=lambda change: change.number))

    def apply(self, news: FactNews) -> None:
        """Take over news."""
        if news.relabelled:
            self._changes = {number: change for number, change in self._changes.items() if change.kind == "alarm"}
        for key in news.gone:
            self._remove(key)
        for fact in news.facts:
            self._put(fact)
        self._board = news.board or self._board
        self.through, self.tail, self.complete = news.through, news.tail, news.complete
        self._changes.update((change.number, change) for change in news.changes)
        for number in sorted(self._changes)[: max(0, len(self._changes) - HISTORY)]:
            del self._changes[number]

    def _put(self, fact: Fact) -> None:
        match fact.record:
            case Alarm() as alarm:
                self.alarms[alarm.number] = alarm
                self._by_vital[alarm.vital, alarm.aspect] = alarm.number
                self._board = None
            case SessionRecord() as session if _is_seated(fact.key):
                self.sessions[session.seat] = session
            case CatalogueRecord() as catalogue:
                self.catalogue = catalogue
            case _:
                shelf, key = self._shelf_of(fact.kind, fact.key)
                shelf[key] = fact.record
                self._board = None if fact.kind == "situation" else self._board

    def _shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str]:
        """Return where records of a kind are kept, and the key there."""
        by_name: dict[str, dict[Any, Any]] = {
            "flood": self.floods, "map_layer": self.map_layers, "override": self.overrides, "receipt": self.receipts,
            "roll_answer": self.roll_answers, "unit": self.units,
        }  # fmt: skip
        if kind in by_name:
            return by_name[kind], key
        for kept in (self.mode, self.warned, self.duty, self.rooms, self.cameras, self.devices):
            found = kept.shelf_of(kind, key)
            if found is not None:
                return found
        shelves: dict[str, dict[Any, Any]] = {
            "approval": self.approvals, "comment": self.comments, "drawing": self.drawings, "event": self.events,
            "late": self.late, "order": self.orders, "plan_run": self.runs, "roll_call": self.roll_calls,
            "side_request": self.requests, "situation": self.situations, "threshold": self.thresholds,
        }  # fmt: skip
        return shelves[kind], int(key)

    def _remove(self, key: tuple[str, str]) -> None:
        match key:
            case ("alarm", number):
                alarm = self.alarms.pop(int(number), None)
                if alarm is not None and self._by_vital.get((alarm.vital, alarm.aspect)) == alarm.number:
                    del self._by_vital[alarm.vital, alarm.aspect]
                self._board = None
            case ("session", seat) if _is_seated(seat):
                self.sessions.pop(seat, None)
            case ("catalogue", _):
                self.catalogue = None
            case (kind, name):
                shelf, place = self._shelf_of(kind, name)
                shelf.pop(place, None)
                self._board = None if kind == "situation" else self._board


def _is_seated(seat: str) -> bool:
    """Return whether a session is somebody's at a seat: not who is taking one over, no simulated party of a room."""
    return not seat.endswith(INCOMING) and not is_played(seat)
