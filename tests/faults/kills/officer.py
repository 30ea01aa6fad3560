"""The officer amid the kills: acknowledges what his console shows, and remembers what he was promised."""

import random
import uuid
from collections.abc import Sequence

from chengyun_core.model.alarm import Alarm, AlarmMove, NoteCode, effective, possible_moves
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from tests.soak.daemons import Caller

KIND = "alarm.acknowledge"


class Officer:
    """One session at the centre's door. Every command he sent is in exactly one of `done`, `refused`, `unknown`."""

    def __init__(self, caller: Caller, session: str) -> None:
        self.done: dict[str, tuple[int, int]] = {}
        """Command id → (alarm, number of the journal row he was told)."""
        self.refused: set[str] = set()
        self.unknown: set[str] = set()
        self.repeated = 0
        self.differing: list[str] = []
        """Commands that got two different answers under one id."""
        self._sent: dict[str, AcknowledgeAlarm] = {}
        self._caller, self._session = caller, session

    def acknowledge(self, shown: Sequence[Alarm], chance: random.Random, most: int) -> None:
        """Send acknowledgements of what is shown waiting; `collect` takes the answers."""
        asked = {self._sent[request_id].alarm for request_id in self.unknown}
        waiting = [
            alarm
            for alarm in shown
            if alarm.number not in asked and AlarmMove.ACKNOWLEDGE in possible_moves(effective(alarm))
        ]
        for alarm in chance.sample(waiting, min(most, len(waiting))):
            request_id = uuid.uuid4().hex
            self._sent[request_id] = AcknowledgeAlarm(
                alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING
            )
            self.unknown.add(request_id)
            self._send(request_id)

    def collect(self, limit_ms: int = 0) -> None:
        """Take the answers that came."""
        for reply in self._caller.answers(limit_ms):
            self._note(reply)

    def ask_again(self, chance: random.Random, most: int) -> None:
        """Repeat, under the same ids, what the kill left unanswered, and some of what was answered (RF24)."""
        answered = chance.sample(sorted(self.done), min(most, len(self.done)))
        for request_id in [*sorted(self.unknown), *answered]:
            self._note(self._caller.ask(KIND, self._sent[request_id], session=self._session, request_id=request_id))
            self.repeated += 1

    def _send(self, request_id: str) -> None:
        self._caller.send(KIND, self._sent[request_id], session=self._session, request_id=request_id)

    def _note(self, reply: Reply) -> None:
        if reply.id not in self._sent:
            return
        self.unknown.discard(reply.id)
        if reply.outcome != "done":
            # The alarm moved meanwhile; also a refusal must stay one when it is asked again.
            self.refused.add(reply.id)
        else:
            told = (self._sent[reply.id].alarm, codec.unpack(reply.body, Done).change)
            if self.done.setdefault(reply.id, told) != told:
                self.differing.append(f"command {reply.id} was answered {self.done[reply.id]}, then {told}")
        if reply.id in self.done and reply.id in self.refused:
            self.differing.append(f"command {reply.id} was done and refused: {reply.code}")
