"""The soak's part of the week: seven days of the reference city in a quarter of an hour, on a profile clock that runs.

The simulator tells the flood of 2020 slowed down to a few days; every channel sends at its own period of profile time.
Judged after a warm-up: memory per profile day, handles, threads, the journal's growth and the archive's retention.
"""

import os
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import HistoryStatus
from tests.soak import growth
from tests.soak.console_model import ConsoleModel
from tests.soak.daemons import Caller
from tests.soak.reference_city import HELLO, LivingReference, living
from tests.soak.verdict import Asked, Verdict
from tests.support.waiting import wait_until

DAYS = 7.0
SLOWER = 60
"""Every channel sends once where it would sixty times, and is waited for sixty times as long: a week is to be judged,
not how many samples fit into a quarter of an hour (the flood and the benchmarks do that)."""
DAY_S = 86_400.0
FULL_S, QUICK_S = 900.0, 60.0
EVERY_S = 2.0
WARM_UP = 0.35
"""Share of the time in which rings, caches and the history of vitals fill."""
MOST_MIB_PER_DAY = 24.0
"""RG9: 1 MiB an hour."""
KEPT_DAYS = 2.0
SETTINGS = """
[ingest]
lateness_s = {lateness:.0f}
future_limit_s = 7200.0
archive_ring_mib = 64
[ingest.simulator]
scenario = "flood_2020"
speed = {speed:.4f}
backfill_hours = 0.5
backfill_minutes = 10.0
[historian]
flush_s = 5.0
least_free_mib = 64
keep_vitals_days = {kept}
keep_channels_days = {kept}
keep_minutes_days = {kept}
"""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    seconds = asked.timed(FULL_S, QUICK_S)
    rate = DAYS * DAY_S / seconds
    # What waits a tenth of a second of machine time is a minute late on this clock: that is the clock's doing.
    told = SETTINGS.format(lateness=rate, speed=20.0 / rate, kept=KEPT_DAYS)
    with (
        tempfile.TemporaryDirectory(prefix="soak-week-") as folder,
        living(Path(folder) / "p", told, historian=True, clock_rate=rate, slower=SLOWER) as city,
    ):
        return _watched(city, seconds, rate)


def _watched(city: LivingReference, seconds: float, rate: float) -> Verdict:
    with ConsoleModel(city.profile.folder) as console:
        wait_until(console.is_live, "the console is live", limit_s=120.0)
        pids = {name: daemon.pid for name, daemon in city.daemons.items()}
        watch, ended = growth.Watch({**pids, "console model": os.getpid()}), threading.Event()
        before = _journal_bytes(city)
        while not watch.looks or watch.looks[-1].at_s < seconds:
            watch.look()
            ended.wait(EVERY_S)
        counts, faults = _judged(watch, seconds, rate)
        more, wrong = _rest(city, console, before)
    return Verdict(counts={**counts, **more}, faults=(*faults, *wrong))


def _judged(watch: growth.Watch, seconds: float, rate: float) -> tuple[dict[str, object], list[str]]:
    """Judge what each process used; per profile day, that is DAY_S / rate seconds."""
    day_s, faults = DAY_S / rate, []
    counts: dict[str, object] = {"profile days": round(seconds * rate / DAY_S, 2), "profile clock": f"{rate:.0f} times"}
    for name in sorted({look.name for look in watch.looks}):
        looks = watch.of(name, after_s=WARM_UP * seconds)
        most = MOST_MIB_PER_DAY * growth.MIB / day_s
        faults += growth.faults(looks, most_bytes_per_s=most, per="profile day", seconds_per=day_s)
        first, last = looks[0], looks[-1]
        counts[name] = (
            f"{first.resident / growth.MIB:.0f} → {last.resident / growth.MIB:.0f} MiB "
            f"({growth.slope(looks) * day_s / growth.MIB:+.2f} MiB per profile day), "
            f"{first.handles} → {last.handles} handles, {first.threads} → {last.threads} threads"
        )
    return counts, faults


def _rest(city: LivingReference, console: ConsoleModel, before: int) -> tuple[dict[str, object], list[str]]:
    """Tell of ingest, journal and archive, and judge that old parts were let go."""
    status = city.status()
    with Caller(of_profile(city.profile.folder).history_door) as door:
        door.reconnect("the historian")
        history = codec.unpack(door.ask("status", HELLO).body, HistoryStatus)
    drops = {name: count for name, count in status.counters.items() if name.startswith("dropped.")}
    counters = history.counters
    with console.lock:
        rows, alarms = console.facts.through, len(console.facts.alarms)
    told: dict[str, object] = {
        "samples": status.counters["samples"], "samples dropped": drops or "none",
        "kept by the console": f"{len(console.facts.late)} late, {len(console.facts.comments)} comments",
        "activations": status.counters["activations"], "journal rows": rows, "living alarms at the end": alarms,
        "journal grew by MiB": round((_journal_bytes(city) - before) / growth.MIB, 1),
        "archive rows written": counters["rows"], "archive parts at the end": counters["archive_parts"],
        "archive parts let go": counters.get("retired_parts", 0),
        "archive rows let go": counters.get("retired_rows", 0), "archive gaps": counters["known_gaps"],
        "historian": history.light,
    }  # fmt: skip
    kept_for_ever = f"no part of the archive older than {KEPT_DAYS:g} days was let go"
    return told, [] if counters.get("retired_parts") else [kept_for_ever]


def _journal_bytes(city: LivingReference) -> int:
    return sum(_sizes((city.profile.folder / "centre").glob("chengyun.db*")))


def _sizes(files: Iterable[Path]) -> Iterable[int]:
    return (file.stat().st_size for file in files if file.exists())
