"""What is around the command view: the flood over great series, vitals and their alarms, a colleague who acknowledges.

`python -m tests.bench.command_gateways bulk PROFILE PORT FIRST LAST RATE` sweeps channels with normal values, RATE
samples a second. `… vitals PROFILE PORT TIMES RAISES` lets every vital's channel send TIMES as often as its period
says, on an ordinary day, and so many vitals a second cross a limit, each to come back ROUND_S / 2 later. `… colleague
PROFILE 0 TOKEN` acknowledges every alarm some seconds after it was raised, so that those that returned close. All end
with their standard input and then tell what became of what they sent, as one line of JSON. Times are the city's.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import zmq

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.scenario.day import Day
from chengyun_core.ingest.scenario.timetable import Timetable
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model import formula
from chengyun_core.model.alarm import Alarm, AlarmState, NoteCode, effective
from chengyun_core.model.catalogue import Catalogue, Channel, Threshold, Vital
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.failure import Refused
from chengyun_core.model.scope_sets import rules_in_force
from chengyun_core.wire import codec, heartbeat, secret_file, sockets
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import AskCatalogue, AskChanges, Changes
from chengyun_resources.reference import behaviour
from tests.soak.daemons import Gateway

BULK = "signal"
"""Quantity of the channel every great series is given (command_city)."""
BATCH = 50_000
NICE = 10
LEAST, MOST = 5.0, 40.0
ROUND_S = 20.0
"""Machine seconds in which each vital that crosses limits has crossed one and come back."""
STEP_S = 0.1
SEED = 7
BEYOND = 0.25
"""How far beyond a limit: this share of the way to the next one, or of the way back to normal."""
ACK_EVERY_S = 2.0
_BEAT_MS = 5_000
_CALLING = frozenset({AlarmState.UNACK, AlarmState.RTNUN})


def city_clock(profile: Path) -> ProfileClock:
    """Return a clock that goes as the centre's heartbeat says."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = sockets.subscriber(context, of_profile(profile).centre_changes, TOPIC_HEARTBEAT, queued=4)
    try:
        if not socket.poll(_BEAT_MS):
            raise RuntimeError("the centre does not tell its clock")
        return ProfileClock(heartbeat.read(socket.recv_multipart()[1]).law)
    finally:
        socket.close()
        context.term()


class Sender:
    """Pushes batches and counts what became of them."""

    def __init__(self, port: int) -> None:
        self.counts: Counter[str] = Counter()
        self._gateway = Gateway(port)

    def push(self, batch: Batch) -> None:
        """Push one batch; what nobody answered for is counted as such."""
        self.counts["offered"] += len(batch)
        answer = self._gateway.push(batch)
        if answer is None:
            self.counts["unanswered"] += len(batch)
            return
        self.counts["accepted"] += int(answer["accepted"])
        self.counts.update({f"refused.{cause}": int(count) for cause, count in answer["refused"].items()})

    def close(self) -> None:
        """Hang up and tell the counts."""
        self._gateway.close()
        print(json.dumps(self.counts), flush=True)


def bulk(clock: ProfileClock, sender: Sender, ended: threading.Event, channels: tuple[int, int], rate: float) -> None:
    """Sweep the channels at a rate until it ends."""
    first, last = channels
    size = min(BATCH, last - first)
    values = np.random.default_rng(first).uniform(LEAST, MOST, 2 * size)
    began, pushes = time.perf_counter(), 0
    while not ended.wait(max(0.0, began + pushes * size / rate - time.perf_counter())):
        begin = first + pushes * size % max(1, last - first - size + 1)
        at = pushes % size
        sender.push(
            Batch.of(np.arange(begin, begin + size), np.full(size, clock.utc_ns(), np.int64), values[at : at + size])
        )
        pushes += 1


class Vitals:
    """An ordinary day of every vital's channel, except of those that cross their limits by turns."""

    def __init__(self, catalogue: Catalogue, clock: ProfileClock, *, times: float, raises_per_s: float) -> None:
        small = replace(catalogue, channels=tuple(one for one in catalogue.channels if one.quantity != BULK))
        self._clock, self._times, self._raises_per_s = clock, times, raises_per_s
        self._day = Day(small, behaviour.of, seed=SEED, longest_series=64)
        self._table = Timetable(self._day, seed=SEED)
        crossing = list(_crossing(small))
        step = max(1, len(crossing) // max(1, round(raises_per_s * ROUND_S)))
        self._crossing = crossing[::step][: round(raises_per_s * ROUND_S)]
        self._is_ordinary = ~np.isin(self._day.number, [channel for channel, _ in self._crossing])
        self._place = {int(number): place for place, number in enumerate(self._day.number)}
        self._turn, self._due = cycle(range(len(self._crossing))), 0.0
        self._until_ns = clock.utc_ns()

    def step(self, passed_s: float) -> Batch:
        """Return what is sent after so many machine seconds."""
        then_ns, self._until_ns = self._until_ns, self._clock.utc_ns()
        squeezed = round((self._until_ns - then_ns) * self._times)
        place, time_ns = self._table.between(then_ns, then_ns + squeezed)
        time_ns = then_ns + ((time_ns - then_ns) / self._times).astype(np.int64)
        kept = self._is_ordinary[place]
        place, time_ns = place[kept], time_ns[kept]
        self._due += passed_s * self._raises_per_s
        moves = [move for _ in range(int(self._due)) for move in self._cross()]
        self._due %= 1.0
        return Batch.of(
            np.concatenate((self._day.number[place], np.array([channel for channel, _ in moves], np.uint32))),
            np.concatenate((time_ns, np.full(len(moves), self._until_ns))),
            np.concatenate((self._day.value(place, time_ns), np.array([value for _, value in moves], np.float64))),
        )

    def begin(self) -> Batch:
        """Return a value of every channel, as a city has that is alive."""
        place = np.arange(len(self._day.number))
        time_ns = np.full(len(place), self._until_ns)
        return Batch.of(self._day.number, time_ns, self._day.value(place, time_ns))

    def _cross(self) -> Iterator[tuple[int, float]]:
        """Yield the next crossing, and the way back of the vital half a round before it."""
        at = next(self._turn)
        yield self._crossing[at]
        back, _ = self._crossing[at - len(self._crossing) // 2]
        place = np.array([self._place[back]])
        yield back, float(self._day.value(place, np.array([self._until_ns]))[0])


def _crossing(catalogue: Catalogue) -> Iterator[tuple[int, float]]:
    """Yield (channel, a value beyond one of its limits) of every vital that shows one channel and may go that far.

    The colour goes by turns, as far as the vital has a limit of it.
    """
    rules = {rule.vital: rule for rule in rules_in_force(catalogue)}
    channels = {f"{one.device}.{one.quantity}": one for one in catalogue.channels}
    for at, vital in enumerate(catalogue.vitals):
        rule, channel = rules.get(vital.code), channels.get(_alone(vital))
        if rule is None or channel is None or rule.on_delay_s:
            continue
        value = _beyond(rule, at)
        if value is not None and (channel.high is None or value <= channel.high) and _is_single(channel):
            yield channel.number, value


def _beyond(rule: Threshold, turn: int) -> float | None:
    limits = [limit for limit in rule.high() if limit is not None]
    if not limits:
        return None
    at = turn % len(limits)
    way = limits[at + 1] - limits[at] if at + 1 < len(limits) else max(rule.hysteresis, abs(limits[at]) * 0.02)
    return limits[at] + BEYOND * way


def _alone(vital: Vital) -> str:
    """Return the one channel a vital shows the last value of, or nothing."""
    parsed = formula.parse(vital.formula) if vital.formula else None
    return parsed.channels[0] if parsed is not None and parsed.function == "last" else ""


def _is_single(channel: Channel) -> bool:
    return channel.count == 1


def vitals(sender: Sender, ended: threading.Event, made: Vitals) -> None:
    """Send the vitals until it ends."""
    sender.push(made.begin())
    last = time.perf_counter()
    while not ended.wait(STEP_S):
        now = time.perf_counter()
        sender.push(made.step(now - last))
        last = now


def acknowledge(profile: Path, token: str, ended: threading.Event) -> Counter[str]:
    """Acknowledge what nobody did, one by one, until it ends; return how many, and how many had moved meanwhile."""
    counts, alarms, through = Counter[str](), dict[int, Alarm](), 0
    with DoorClient(of_profile(profile).centre_door, session=token, timeout_s=30.0) as door:
        while not ended.wait(ACK_EVERY_S):
            for alarm in [one for one in alarms.values() if effective(one) in _CALLING]:
                try:
                    door.send(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING))
                    counts["acknowledged"] += 1
                except Refused:
                    counts["moved meanwhile"] += 1
            page = codec.unpack(door.ask("changes.since", AskChanges(after=through)), Changes)
            through = page.through
            found = (codec.unpack(change.record, Alarm) for change in page.changes if change.kind == "alarm")
            alarms = {alarm.number: alarm for alarm in found}
    return counts


def _catalogue(profile: Path) -> Catalogue:
    door = of_profile(profile).centre_door
    with DoorClient(door, session=secret_file.read(profile / "keys" / "admin.key")) as centre:
        return codec.unpack(centre.ask("catalogue.get", AskCatalogue(), timeout_s=60.0), Catalogue)


def main(kind: str, profile: str, port: str, *told: str) -> int:
    """Send until the input is closed. At low priority: on a real site gateways are other machines."""
    os.nice(NICE)
    ended = threading.Event()
    if kind == "colleague":
        _ready(ended)
        print(json.dumps(acknowledge(Path(profile), told[0], ended)), flush=True)
        return 0
    clock, sender, made = city_clock(Path(profile)), Sender(int(port)), None
    if kind == "vitals":
        times, raises = map(float, told)
        made = Vitals(_catalogue(Path(profile)), clock, times=times, raises_per_s=raises)
    _ready(ended)
    if made is not None:
        vitals(sender, ended, made)
    else:
        bulk(clock, sender, ended, (int(told[0]), int(told[1])), float(told[2]))
    sender.close()
    return 0


def _ready(ended: threading.Event) -> None:
    print("ready", flush=True)
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
