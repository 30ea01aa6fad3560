"""A small real centre daemon for tests: a journal in memory, one door, sign-on, alarms, catalogue, changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from chengyun_core.model.alarm import Alarm, is_active
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    COMMANDS,
    AcknowledgeAlarm,
    ShelveAlarm,
    SignOff,
    SignOn,
    UnacknowledgeAlarm,
    UnshelveAlarm,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import TOPIC_CHANGE
from chengyun_core.wire.envelope import (
    AskChanges,
    Changes,
    Done,
    Heartbeat,
    Request,
    Seats,
    SignedOn,
    Snapshot,
    Welcome,
)
from tests.support.fake_daemon import FakeDaemon

PASSWORD = "correct horse"
ALLOWED = ("alarm.acknowledge", "alarm.shelve", "alarm.unacknowledge", "alarm.unshelve", "session.sign_off")
MOST_CHANGES = 200
"""Changes in one answer: small, so that a long gap takes several."""


class FakeCentre(FakeDaemon):
    """Every account signs on with `PASSWORD`. The journal survives `restart`, sessions too."""

    daemon = "centre"

    def __init__(self, profile: Path, catalogue: Catalogue) -> None:
        at = addresses.of_profile(profile)
        super().__init__(at.centre_changes, at.centre_door, queued=sockets.FACTS_QUEUED)
        self.catalogue = catalogue
        self.realm = "live"
        self.screen_key = ""
        """Lets an idle screen ask (not command); empty: nobody."""
        self.alarms: dict[int, Alarm] = {}
        self.sessions: dict[str, SessionRecord] = {}
        """By token."""
        self.journal: list[Change] = []
        self.lose = 0
        """Hints still to be kept back: journalled, not published."""
        self.deeds: list[str] = []
        """Kinds of the commands carried out, repetitions not counted."""
        self._answers: dict[str, bytes] = {}
        self._note("catalogue", "in_force", 1, self._catalogue_record())
        self._commands: dict[type[Any], Callable[[Any, str], bytes]] = {
            AcknowledgeAlarm: self._acknowledge,
            ShelveAlarm: self._shelve,
            SignOff: self._sign_off,
            SignOn: self._sign_on,
            UnacknowledgeAlarm: self._unacknowledge,
            UnshelveAlarm: self._unshelve,
        }

    def raise_alarm(self, vital: int, colour: WarningColour, *, value: float = 120.0, limit: float = 100.0) -> Alarm:
        """Raise an alarm on a vital, and publish it."""

        def deed() -> Alarm:
            now = self._clock.utc_ns()
            alarm = Alarm(
                number=len(self.alarms) + 1, vital=vital, vital_code=self.catalogue.vitals[vital].code, colour=colour,
                band=colour, side=Side.HIGH, value=value, limit=limit, raised_at=now, changed_at=now,
            )  # fmt: skip
            self._put(alarm, "alarm.raise")
            return alarm

        return self.call(deed)

    def return_alarm(self, number: int) -> None:
        """Let an alarm's condition return; an acknowledged one closes."""

        def deed() -> None:
            alarm, now = self.alarms[number], self._clock.utc_ns()
            self._put(
                replace(
                    alarm, band=WarningColour.NONE, returned_at=now, changed_at=now, version=alarm.version + 1,
                    closed=alarm.acked_at is not None,
                ),
                "alarm.return",
            )  # fmt: skip

        self.call(deed)

    def adopt(self, catalogue: Catalogue) -> None:
        """Put another catalogue version in force."""

        def deed() -> None:
            self.catalogue = catalogue
            self._publish(self._note("catalogue", "in_force", catalogue.version, self._catalogue_record()))

        self.call(deed)

    def forget_sessions(self) -> None:
        """End every session, as an administrator does."""
        self.call(self.sessions.clear)

    def beat(self) -> Heartbeat:
        """Return the heartbeat of now."""
        now = self._clock.utc_ns()
        return Heartbeat(
            daemon="centre", protocol=self.protocol, epoch=self.epoch, tail=len(self.journal), clock_ns=now,
            sent_ns=now, catalogue=self.catalogue.version, realm=self.realm, counters={"journal": len(self.journal)},
            gauges={"commit_p99_ms": 2.0}, lights={"database": "ok"},
        )  # fmt: skip

    def answer(self, request: Request) -> bytes:
        """Answer the asks and carry out the commands of the centre's door."""
        if request.kind == "hello":
            centre = self.catalogue.centres[0].code if self.catalogue.centres else ""
            return codec.pack(
                Welcome(protocol=self.protocol, daemon="centre", epoch=self.epoch, realm=self.realm, centre=centre)
            )
        if request.kind == "seats":
            return codec.pack(self._seats())
        is_screen = bool(self.screen_key) and request.session == self.screen_key and request.kind not in COMMANDS
        if request.kind != "session.sign_on" and request.session not in self.sessions and not is_screen:
            raise Refused("session.none")
        return self._asked(request) if request.kind not in COMMANDS else self._commanded(request)

    def _asked(self, request: Request) -> bytes:
        match request.kind:
            case "snapshot":
                living = {(change.kind, change.key): change for change in self.journal if self._lives(change)}
                return codec.pack(Snapshot(through=len(self.journal), records=tuple(living.values())))
            case "changes.since":
                after = codec.unpack(request.body, AskChanges).after
                page = tuple(self.journal[after : after + MOST_CHANGES])
                through = page[-1].number if page else len(self.journal)
                return codec.pack(Changes(through=through, tail=len(self.journal), changes=page))
            case "catalogue.get":
                return codec.pack(self.catalogue)
            case kind:
                raise Refused("door.unknown_ask", kind=kind)

    def _commanded(self, request: Request) -> bytes:
        if request.id not in self._answers:
            command = codec.unpack(request.body, COMMANDS[request.kind])
            answer = self._commands[type(command)](command, request.session)
            self._answers[request.id] = answer
            self.deeds.append(request.kind)
        return self._answers[request.id]

    def _sign_on(self, command: SignOn, _token: str) -> bytes:
        if command.password != PASSWORD:
            raise Refused("account.wrong_password", account=command.account)
        held = next((row for row in self.sessions.values() if row.seat == command.seat), None)
        if held is not None and held.account != command.account:
            raise Refused("seat.taken", seat=command.seat, account=held.account)
        token = f"token-{command.account}-{len(self.journal)}"
        record = SessionRecord(
            seat=command.seat, account=command.account, name=command.account, posts=("500000.duty_officer",),
            since=self._clock.utc_ns(), version=len(self.journal) + 1,
        )  # fmt: skip
        self.sessions[token] = record
        self._publish(self._note("session", command.seat, record.version, record, action="session.sign_on"))
        return codec.pack(
            SignedOn(
                token=token, account=command.account, name=command.account, seat=command.seat, posts=record.posts,
                allowed=ALLOWED,
            )
        )  # fmt: skip

    def _sign_off(self, _command: SignOff, token: str) -> bytes:
        record = self.sessions.pop(token)
        gone = replace(record, signed_off=True, version=len(self.journal) + 1)
        return self._done(self._note("session", record.seat, gone.version, gone, action="session.sign_off"))

    def _acknowledge(self, command: AcknowledgeAlarm, token: str) -> bytes:
        alarm = self._seen(command.alarm, command.version)
        if alarm.colour is WarningColour.RED and command.note_code is None:
            raise Refused("alarm.note_code_needed", alarm=alarm.number, vital=alarm.vital_code)
        session, now = self.sessions[token], self._clock.utc_ns()
        return self._put(
            replace(
                alarm, acked_at=now, acked_by=session.account, acked_seat=session.seat, note_code=command.note_code,
                note=command.note, changed_at=now, version=alarm.version + 1, closed=not is_active(alarm),
            ),
            "alarm.acknowledge",
        )  # fmt: skip

    def _unacknowledge(self, command: UnacknowledgeAlarm, _token: str) -> bytes:
        alarm = self._seen(command.alarm, command.version)
        return self._put(
            replace(alarm, acked_at=None, acked_by=None, acked_seat=None, version=alarm.version + 1),
            "alarm.unacknowledge",
        )

    def _shelve(self, command: ShelveAlarm, token: str) -> bytes:
        alarm, now = self._seen(command.alarm, command.version), self._clock.utc_ns()
        until = None if command.minutes is None else now + command.minutes * 60 * NS_PER_S
        return self._put(
            replace(
                alarm, shelved_at=now, shelved_until=until, shelved_by=self.sessions[token].account,
                shelve_reason=command.reason, version=alarm.version + 1,
            ),
            "alarm.shelve",
        )  # fmt: skip

    def _unshelve(self, command: UnshelveAlarm, token: str) -> bytes:
        alarm, now = self._seen(command.alarm, command.version), self._clock.utc_ns()
        session = self.sessions[token]
        return self._put(
            replace(
                alarm, shelved_at=None, shelved_until=None, shelved_by=None, acked_at=now, acked_by=session.account,
                acked_seat=session.seat, version=alarm.version + 1, closed=not is_active(alarm),
            ),
            "alarm.unshelve",
        )  # fmt: skip

    def _seen(self, number: int, version: int) -> Alarm:
        alarm = self.alarms.get(number)
        if alarm is None or alarm.closed or alarm.version != version:
            raise Refused("alarm.version_seen", alarm=number, who=(alarm and alarm.acked_by) or "")
        return alarm

    def _put(self, alarm: Alarm, action: str) -> bytes:
        self.alarms[alarm.number] = alarm
        return self._done(self._note("alarm", str(alarm.number), alarm.version, alarm, action=action))

    def _done(self, change: Change) -> bytes:
        self._publish(change)
        return codec.pack(Done(change=change.number, key=change.key, version=change.version))

    def _note(self, kind: str, key: str, version: int, record: object, *, action: str = "") -> Change:
        change = Change(
            number=len(self.journal) + 1, at_ns=self._clock.utc_ns(), action=action or f"{kind}.changed", kind=kind,
            key=key, version=version, record=codec.pack(record),
        )  # fmt: skip
        self.journal.append(change)
        return change

    def _publish(self, change: Change) -> None:
        if self.lose:
            self.lose -= 1
            return
        self.send(TOPIC_CHANGE, codec.pack(change))

    def _lives(self, change: Change) -> bool:
        """Return whether a change tells the present state of a living record."""
        match change.kind:
            case "alarm":
                alarm = self.alarms[int(change.key)]
                return alarm.version == change.version and not alarm.closed
            case "session":
                return any(row.seat == change.key and row.version == change.version for row in self.sessions.values())
            case _:
                return change.version == self.catalogue.version

    def _seats(self) -> Seats:
        holders = {row.seat: row.account for row in self.sessions.values()}
        return Seats(seats=tuple((seat.code, seat.name, holders.get(seat.code, "")) for seat in self.catalogue.seats))

    def _catalogue_record(self) -> CatalogueRecord:
        return CatalogueRecord(
            version=self.catalogue.version, threshold_set=self.catalogue.set_in_force(),
            vitals=len(self.catalogue.vitals), devices=len(self.catalogue.devices),
        )  # fmt: skip
