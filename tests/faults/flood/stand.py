"""The flooded city: real ingest and centre, flooding gateways as processes, reds, and a console model."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlalchemy import select

from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Catalogue, Channel, Device
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.command import ImportCatalogue
from chengyun_core.model.scales import WarningColour
from chengyun_core.store.engine import Database
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, IngestStatus
from tests.faults.flood.reds import Reds
from tests.soak.console_model import ConsoleModel
from tests.soak.daemons import Caller, Daemon, free_port, made_profile
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

VITALS = 6_000
RED_VITALS = 100
IDS = 22_000_000
USUAL_SAMPLES_PER_S = 367_000
"""22 million devices, each once a minute (PERFORMANCE.md)."""
USUAL_ACTIVATIONS_PER_S = 0.6
"""Of the reference city's simulator telling the flood of 2020: 36 in 60 s (28 → 64), seen on 2026-11-21."""
REDS_PER_S = 10.0
"""Each is a raise and a return: 20 activations a second, 33 times the usual."""
SENDERS = 2
LIMIT_S = 180.0
HELLO = Hello(protocol=PROTOCOL_VERSION, client="flood")


@dataclass(slots=True, kw_only=True)
class Flooded:
    """What a flood came to. Times in seconds."""

    seconds: float
    offered: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    counted: dict[str, int] = field(default_factory=dict)
    """Ingest's own counters."""
    reds: int = 0
    reds_tried_again: int = 0
    lost_in_journal: int = 0
    twice_in_journal: int = 0
    lost_on_console: int = 0
    overridden: int = 0
    to_journal_s: list[float] = field(default_factory=list)
    to_console_s: list[float] = field(default_factory=list)

    def faults(self, *, latest_s: float) -> list[str]:
        """Return a sentence for each thing that did not hold."""
        found = [
            f"{count} reds {words}"
            for count, words in (
                (self.lost_in_journal, "are not in the journal"), (self.twice_in_journal, "are in the journal twice"),
                (self.lost_on_console, "never reached the console"), (self.overridden, "stood under an override"),
            )
            if count
        ]  # fmt: skip
        for words, taken in (("the journal", self.to_journal_s), ("the console's model", self.to_console_s)):
            late = sum(seconds > latest_s for seconds in taken)
            if late:
                found.append(f"{late} of {len(taken)} reds reached {words} later than {latest_s:g} s")
        if self.counted.get("samples") != self.accepted:
            found.append(f"{self.accepted} samples were accepted, ingest counts {self.counted.get('samples')}")
        told = {name.removeprefix("dropped."): n for name, n in self.counted.items() if name.startswith("dropped.")}
        if told != {cause: count for cause, count in self.refused.items() if count}:
            found.append(f"senders were refused {dict(self.refused)}, ingest counts {told}")
        return found

    def counts(self) -> dict[str, object]:
        """Return the counts in the words of the report."""
        return {
            "seconds": round(self.seconds), "samples offered": self.offered, "samples accepted": self.accepted,
            "offered a second": round(self.offered / self.seconds),
            "accepted a second": round(self.accepted / self.seconds),
            "of the usual 367 000": f"{self.offered / self.seconds / USUAL_SAMPLES_PER_S:.1f} times offered",
            "refused and counted": dict(self.refused) or "none", "reds": self.reds,
            "activations a second": f"{2 * REDS_PER_S:g}, {2 * REDS_PER_S / USUAL_ACTIVATIONS_PER_S:.0f} times usual",
            "reds offered again after a 503": self.reds_tried_again,
            "reds lost": self.lost_in_journal + self.lost_on_console,
            "reds later than 1 s": sum(taken > 1.0 for taken in self.to_console_s),
            "sample to journal p50, p99, max ms": _spread(self.to_journal_s),
            "sample to console model p50, p99, max ms": _spread(self.to_console_s),
        }  # fmt: skip


def run(folder: Path, *, seconds: float, ids: int = IDS, vitals: int = VITALS, times: float = 10.0) -> Flooded:
    """Flood a city for so long and hold every red against journal and console."""
    with _city(folder, ids, vitals) as (profile_folder, ports, door, daemons):
        reds = Reds(ports[1], 0, RED_VITALS, REDS_PER_S)
        with ConsoleModel(profile_folder, took=reds.took) as console:
            wait_until(console.is_live, "the console is live", limit_s=LIMIT_S)
            with reds, _senders(ports[0], ids + vitals, times, seconds) as senders:
                told = [json.loads(sender.communicate()[0]) for sender in senders]
                reds.end()
                _wait_for_reds(reds)
            found = _gathered(reds, told, seconds)
            status = codec.unpack(door.ask("status", HELLO).body, IngestStatus)
            wait_until(lambda: _is_at_rest(door), "ingest has judged what it took", limit_s=LIMIT_S)
            status = codec.unpack(door.ask("status", HELLO).body, IngestStatus)
            found.counted = dict(status.counters)
        for daemon in reversed(daemons):
            daemon.stop()
        _hold_against_journal(found, reds, profile_folder / "centre" / "chengyun.db")
    return found


def _wait_for_reds(reds: Reds) -> None:
    try:
        wait_until(lambda: not reds.unseen(), "the console has every red", limit_s=30.0)
    except AssertionError:
        return  # those that are missing are counted


def _is_at_rest(door: Caller) -> bool:
    status = codec.unpack(door.ask("status", HELLO).body, IngestStatus)
    return status.gauges["queued"] == 0 and status.counters["spooled"] == 0


def _gathered(reds: Reds, told: list[dict[str, float]], seconds: float) -> Flooded:
    found = Flooded(seconds=max([seconds, *(float(one["seconds"]) for one in told)]), reds=len(reds.sent))
    for one in told:
        found.offered += int(one["offered"])
        found.accepted += int(one.get("accepted", 0))
        found.refused.update({k.removeprefix("refused."): int(v) for k, v in one.items() if k.startswith("refused.")})
    found.accepted += reds.accepted
    found.refused.update(reds.refused)
    found.reds_tried_again = reds.pushes["refused"] + reds.pushes["unanswered"]
    found.lost_on_console, found.overridden = len(reds.unseen()), len(reds.overridden)
    found.to_console_s = [(at_ns - reds.sent[value]) / 1e9 for value, at_ns in reds.seen.items() if value in reds.sent]
    return found


def _hold_against_journal(found: Flooded, reds: Reds, file: Path) -> None:
    """The daemons have ended: every red must have raised exactly once."""
    database, times = Database(file), Counter[float]()
    try:
        with database.reading() as connection:
            rows = connection.execute(
                select(JOURNAL.c.at_ns, JOURNAL.c.record).where(JOURNAL.c.action == "alarm.raise")
            ).all()
    finally:
        database.close()
    for row in rows:
        alarm = codec.unpack(row.record, Alarm)
        if alarm.band is WarningColour.RED and alarm.value in reds.sent:
            times[alarm.value] += 1
            found.to_journal_s.append((row.at_ns - reds.sent[alarm.value]) / 1e9)
    found.lost_in_journal = len(reds.sent.keys() - times.keys())
    found.twice_in_journal = sum(count > 1 for count in times.values())


@contextmanager
def _city(folder: Path, ids: int, vitals: int) -> Iterator[tuple[Path, tuple[int, int], Caller, list[Daemon]]]:
    ports = free_port(), free_port()
    sources = "".join(map(_port, ("bulk", "alarms"), ports))
    profile = made_profile(folder, f"\n[ingest]\narchive_ring_mib = 0\n{sources}")
    daemons = [Daemon(name, profile) for name in ("centre", "ingest")]
    where = of_profile(profile.folder)
    with ExitStack() as stack:
        for daemon in daemons:
            stack.callback(daemon.kill)
        centre, door = (stack.enter_context(Caller(at)) for at in (where.centre_door, where.ingest_door))
        daemons[0].start()
        centre.reconnect("centre", limit_s=LIMIT_S)
        tables = tables_of(_catalogue(ids, vitals))
        command = ImportCatalogue(tables=tables, origin={name: name for name in tables})
        centre.do(command, profile.key("admin.key"))
        daemons[1].start()
        door.reconnect("ingest", limit_s=LIMIT_S)
        wait_until(lambda: _listens(door), "ingest has the catalogue and listens", limit_s=LIMIT_S)
        yield profile.folder, ports, door, daemons


def _catalogue(ids: int, vitals: int) -> Catalogue:
    """The small city with as many vitals as a real one, and one series of devices as long as all of a real one's."""
    plain = small_city(vitals, period_s=600.0)
    series = Device(code="BULK", name="设备群", kind="gauge", centre="500103", subtrack="ST1", count=ids)
    channel = Channel(
        number=vitals, device="BULK", quantity="load", unit="%", period_s=60.0, low=0.0, high=150.0, count=ids
    )
    return replace(plain, devices=(*plain.devices, series), channels=(*plain.channels, channel))


def _listens(door: Caller) -> bool:
    status = codec.unpack(door.ask("status", HELLO).body, IngestStatus)
    return len(status.sources) == 2 and all(source.state == "running" for source in status.sources)


def _port(name: str, port: int) -> str:
    return f'\n[[ingest.http]]\nname = "{name}"\nport = {port}\nlimit_samples_per_s = 0.0\nlimit_sender_per_s = 0.0\n'


@contextmanager
def _senders(port: int, last: int, times: float, seconds: float) -> Iterator[list["subprocess.Popen[str]"]]:
    """Each sweeps a share of the channels; those of the vitals that turn red belong to the reds alone."""
    edges = np.linspace(RED_VITALS, last, SENDERS + 1).astype(int)
    rate = USUAL_SAMPLES_PER_S * times / SENDERS
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.flood.sender", *map(str, (port, begin, end, rate, seconds))],
            stdout=subprocess.PIPE, text=True,
        )
        for begin, end in pairwise(edges)
    ]  # fmt: skip
    try:
        yield senders
    finally:
        for sender in senders:
            sender.kill()
            sender.wait()
            if sender.stdout is not None:
                sender.stdout.close()


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    p50, p99 = np.percentile(seconds, (50, 99)) * 1e3
    return f"{p50:.0f}, {p99:.0f}, {max(seconds) * 1e3:.0f}"
