"""The schedule of kills: who, when, how often; repeatable in its choices by its seed, and what it came to."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from tests.faults.kills import autopsy
from tests.faults.kills.stand import Stand, stand
from tests.support.waiting import wait_until

LONGEST_MS = 60.0
"""Between the officer's commands and the kill: a run and its answer take less."""
IN_STARTING = 0.15
"""Share of kills that strike the daemon while it starts (and opens, verifies, recovers)."""
BOTH = 0.10
STARTING_S = 0.7
ENOUGH = 3
"""Alarms shown before the first kill; a few kills on a slow machine would else be over before there is a promise."""
LOOK_EVERY = 10
"""Kills between two looks at the console."""
AUTOPSY_EVERY = 50
AT_COMMIT = 0.3
"""Share of kills that strike as soon as a COMMIT is heard of: before its answer is out, or before it is taken."""
COMMIT_WITHIN_MS = 2_000


@dataclass(slots=True)
class Outcome:
    """What many kills came to."""

    seed: int
    kills: dict[str, int] = field(default_factory=lambda: {"centre": 0, "ingest": 0, "starting": 0})
    at_commit: int = 0
    """Kills that struck at the first hint of a COMMIT."""
    autopsies: int = 0
    looks: int = 0
    """Times the console was held against the truth."""
    acknowledged: int = 0
    repeated: int = 0
    activations: int = 0
    rows: int = 0
    pushed: int = 0
    answered_s: list[float] = field(default_factory=list)
    """From the start of a daemon to its first answer."""
    faults: list[str] = field(default_factory=list)

    def total(self) -> int:
        """Return all kills."""
        return sum(self.kills.values())

    def counts(self) -> dict[str, object]:
        """Return the counts in the words of the report."""
        spread = quantiles(self.answered_s, n=20) if len(self.answered_s) > 1 else [0.0] * 19
        return {
            "kills": self.total(), **{f"kills of {name}": count for name, count in self.kills.items()},
            "of these at a COMMIT": self.at_commit, "acknowledgements answered": self.acknowledged,
            "commands repeated": self.repeated,
            "activations": self.activations, "samples taken": self.pushed, "journal rows": self.rows,
            "autopsies": self.autopsies, "looks at the console": self.looks,
            "start to answer p50 s": round(spread[9], 2), "p95 s": round(spread[18], 2),
            "max s": round(max(self.answered_s, default=0.0), 2),
        }  # fmt: skip


def run(kills: int, seed: int, folder: Path, *, mutant: str = "", autopsy_every: int = AUTOPSY_EVERY) -> Outcome:
    """Kill at least so many times under load; stop at the first fault found, for what follows it would only echo it."""
    chance, outcome = random.Random(seed), Outcome(seed)
    with stand(folder / "p", seed=seed, mutant=mutant) as city:
        wait_until(lambda: len(city.console.facts.alarms) >= ENOUGH, "there are alarms to acknowledge", limit_s=60.0)
        while outcome.total() < kills and not outcome.faults:
            try:
                _until_autopsy(city, chance, outcome, min(kills, outcome.total() + autopsy_every))
                _autopsy(city, outcome, folder / "copy", whole_chain=outcome.total() >= kills)
            except AssertionError as stuck:
                outcome.faults.append(f"after {outcome.total()} kills of seed {seed}: {stuck}")
    return outcome


def _until_autopsy(city: Stand, chance: random.Random, outcome: Outcome, until: int) -> None:
    while True:
        looked = outcome.total() // LOOK_EVERY
        with city.console.lock:
            shown = list(city.console.facts.alarms.values())
        city.officer.acknowledge(shown, chance, most=3)
        _strike(city, chance, outcome)
        victims = ["centre", "ingest"] if chance.random() < BOTH else [chance.choice(["centre", "ingest"])]
        _kill(city, victims, outcome)
        if outcome.total() >= until:
            return
        for victim in victims:
            if chance.random() < IN_STARTING:
                _kill_starting(city, victim, chance, outcome)
        outcome.answered_s += [city.start(victim) for victim in victims]
        if "centre" in victims:
            city.officer.ask_again(chance, most=2)
        if outcome.total() // LOOK_EVERY > looked:
            city.wait_for_truth()
            outcome.looks += 1


def _strike(city: Stand, chance: random.Random, outcome: Outcome) -> None:
    """Wait for the chosen moment, taking answers meanwhile: a promise is one only when it arrived before the kill."""
    after_s, at_commit = chance.random() * LONGEST_MS / 1000, chance.random() < AT_COMMIT
    if at_commit:
        outcome.at_commit += city.hints.wait(COMMIT_WITHIN_MS)
        return
    ends_at = time.perf_counter() + after_s
    while time.perf_counter() < ends_at:
        city.officer.collect(limit_ms=1)


def _kill(city: Stand, victims: list[str], outcome: Outcome) -> None:
    for victim in victims:
        city.daemons[victim].kill()
        outcome.kills[victim] += 1
    if "centre" in victims:
        city.officer.collect()
        city.doors["centre"].hang_up()


def _kill_starting(city: Stand, victim: str, chance: random.Random, outcome: Outcome) -> None:
    city.daemons[victim].start()
    time.sleep(chance.random() * STARTING_S)
    city.daemons[victim].kill()
    outcome.kills["starting"] += 1


def _autopsy(city: Stand, outcome: Outcome, copy: Path, *, whole_chain: bool) -> None:
    """With both dead: hold what lies on the disk against every promise; then let them live on and come to rest."""
    for name, daemon in city.daemons.items():
        if daemon.is_running():
            daemon.kill()
            outcome.kills[name] += 1
    city.officer.collect()
    city.doors["centre"].hang_up()
    _examine(city, outcome, copy, sensed=outcome.activations, whole_chain=False)
    if outcome.faults:
        return
    for name in city.daemons:
        outcome.answered_s.append(city.start(name))
    city.officer.ask_again(random.Random(outcome.seed), most=20)
    city.wait_for_truth()
    outcome.looks += 1
    with city.feeder.resting():
        outcome.activations = _drained(city)
        for daemon in city.daemons.values():
            daemon.stop()
        _examine(city, outcome, copy, sensed=outcome.activations, whole_chain=whole_chain)
    if outcome.faults:
        return
    for name in city.daemons:
        city.start(name)


def _drained(city: Stand) -> int:
    """Wait until the spool is empty; return how many activations there were in all."""
    wait_until(lambda: city.sensed()[1] == 0, "the centre has confirmed every activation", limit_s=60.0)
    return city.sensed()[0]


def _examine(city: Stand, outcome: Outcome, copy: Path, *, sensed: int, whole_chain: bool) -> None:
    left = autopsy.read(city.profile, copy, whole_chain=whole_chain)
    where = f"after {outcome.total()} kills of seed {outcome.seed}: "
    outcome.faults += [where + fault for fault in autopsy.faults(left, city.officer, sensed=sensed)]
    outcome.autopsies += 1
    outcome.acknowledged, outcome.repeated = len(city.officer.done), city.officer.repeated
    outcome.rows, outcome.pushed = left.rows, city.feeder.accepted
