"""An industrial alarm log (Tennessee Eastman, raw cases 1-60) through our delays, chatter proposals and situations.

`python -m tests.realdata.alarms_tep` prints the tables of docs/alarm-hygiene.md. The log holds events, not samples: a
delay can be emulated exactly (an alarm that returns before it is over is not told), a deadband cannot (the values are
not there), so the published deadband stage is set against the delays that our chatter detection proposes.
"""

import csv
import gzip
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from chengyun_core.model.flood_meter import BEGINS_ABOVE
from chengyun_core.model.hygiene import NS_PER_S, Cycle, annunciated, is_bad_actor, is_chattering, proposed_delay_s
from chengyun_core.model.situation_rules import Clustering, Near, clustered
from tests.realdata.definitions import DATA

FOLDER = DATA / "alarms_tep"
SLOT_NS = 600 * NS_PER_S
LEARNING_NS = 4 * 3600 * NS_PER_S
"""Every four hours, half a shift, officers accept what is proposed."""
PRACTICE_S = {"F": 15.0, "L": 60.0, "P": 15.0, "T": 60.0, "A": 60.0, "K": 15.0, "V": 15.0}
"""On- and off-delay by kind of signal: flow 15 s, level 60 s, pressure 15 s, temperature 60 s (ISA-18.2, table of
recommended delays, after EEMUA 191); analysers as slow as temperatures; compressor work and valves as flows."""
NOISE = "FIR123"
"""88 % of all rows: a flow that crosses its limits by its noise alone, in every case."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a seat was told in one case under some treatment: raises in ns, rising, with their tag and limit."""

    told: tuple[tuple[int, Key], ...]
    slots: int

    def per_slot(self) -> float:
        """Return annunciations in ten minutes, on average."""
        return len(self.told) / self.slots

    def flooded(self) -> float:
        """Return the share of ten-minute slots with more than ten annunciations."""
        counts: dict[int, int] = defaultdict(int)
        for at, _ in self.told:
            counts[at // SLOT_NS] += 1
        return sum(count > BEGINS_ABOVE for count in counts.values()) / self.slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case through all stages."""

    number: int
    raw: Stage
    practice: Stage
    proposed: Stage
    lines: Stage
    """Lines of the list: an alarm that joins a situation is no new line."""
    root: Key
    """First alarm told that is no noise: what the officer sees of the cause."""
    root_after_s: float
    """Later than in the raw log, by its delay."""
    root_line: int
    """Place of its line in the list ten minutes later, 1 is the top."""
    living_then: int
    """Alarms living then, in so many lines…"""
    lines_then: int


def available() -> bool:
    """Return whether the data is on this machine."""
    return FOLDER.exists()


@cache
def cases() -> dict[int, dict[Key, list[Cycle]]]:
    """Return the raises and returns of every case, by tag and limit."""
    with gzip.open(FOLDER / "original.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found: dict[int, dict[Key, list[Cycle]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
        at_ns = int(at.timestamp()) * NS_PER_S
        limit, _, word = row["type"].partition(" ")
        held = found[int(row["case"])][row["tag"], limit]
        if not word:
            held.append(Cycle(at_ns))
        elif held and held[-1].returned is None:
            held[-1] = Cycle(held[-1].raised, at_ns)
    return found


def studied(number: int) -> Case:
    """Put one case through all stages."""
    history = cases()[number]
    raw = {key: list(some) for key, some in history.items()}
    practice = {
        key: annunciated(some, on_s=PRACTICE_S[key[0][0]], off_s=PRACTICE_S[key[0][0]]) for key, some in raw.items()
    }
    began = min(some[0].raised for some in raw.values() if some)
    ended = max(one.returned or one.raised for some in raw.values() for one in some)
    proposed = _accepted(raw, began, ended)
    slots = max(1, -(-(ended - began) // SLOT_NS))
    root, raised = min(
        ((key, some[0].raised) for key, some in proposed.items() if some and key[0] != NOISE), key=lambda item: item[1]
    )
    line, living, lines = _list_at(proposed, root, raised + SLOT_NS)
    return Case(
        number=number, raw=_stage(raw, slots), practice=_stage(practice, slots), proposed=_stage(proposed, slots),
        lines=_lines(proposed, slots), root=root, root_after_s=(raised - raw[root][0].raised) / NS_PER_S,
        root_line=line, living_then=living, lines_then=lines,
    )  # fmt: skip


def _accepted(raw: dict[Key, list[Cycle]], began: int, ended: int) -> dict[Key, list[Cycle]]:
    """Return what is told when officers accept, every four hours, what is proposed for chatterers and bad actors.

    A proposal is made from what is past and holds for what comes; nothing is taken back.
    """
    delay = {key: PRACTICE_S[key[0][0]] for key in raw}
    told: dict[Key, list[Cycle]] = {key: [] for key in raw}
    for from_ns in range(began, ended + 1, LEARNING_NS):
        now = {key: [one for one in some if from_ns <= one.raised < from_ns + LEARNING_NS] for key, some in raw.items()}
        heard = {key: annunciated(some, on_s=delay[key], off_s=delay[key]) for key, some in now.items()}
        load = sum(map(len, heard.values()))
        for key, some in heard.items():
            told[key] += some
            if _is_nuisance(some, load):
                delay[key] = max(delay[key], proposed_delay_s(now[key], told=len(some)))
    return told


def _is_nuisance(some: list[Cycle], load: int) -> bool:
    raised = [one.raised for one in some]
    chatters = any(is_chattering(raised[: k + 1], at) for k, at in enumerate(raised))
    return chatters or is_bad_actor(len(some), load)


def _stage(history: dict[Key, list[Cycle]], slots: int) -> Stage:
    told = sorted((one.raised, key) for key, some in history.items() for one in some)
    return Stage(told=tuple(told), slots=slots)


def _events(history: dict[Key, list[Cycle]]) -> list[tuple[int, int, Key]]:
    """Return (at, 0 for a return and 1 for a raise, key), in order."""
    found = [(one.raised, 1, key) for key, some in history.items() for one in some]
    found += [(one.returned, 0, key) for key, some in history.items() for one in some if one.returned is not None]
    return sorted(found)


def _near(alarm: int, at: int, key: Key) -> Near:
    # One plant is one place; the first digit of a tag is the section it stands in, the whole plant the sector.
    digits = "".join(letter for letter in key[0] if letter.isdigit())
    return Near(alarm=alarm, raised_at=at, place=("plant",), kind=(key[0], digits[:2], "plant"))


def _play(history: dict[Key, list[Cycle]], until: int) -> tuple[list[tuple[int, Key]], dict[Key, int], Clustering]:
    """Return the new lines in order, the living alarms by key, and the situations, as at `until`."""
    state, lines, living, numbers = Clustering(), [], {}, 0
    for at, raised, key in _events(history):
        if at > until:
            break
        if not raised:
            if key in living:
                state.forget(living.pop(key))
            continue
        numbers += 1
        living[key] = numbers
        found = clustered(state, [_near(numbers, at, key)])
        for group in found.begun:
            state.members[len(state.members) + 1] = set(group)
        if not found.into:
            lines.append((at, key))
    return lines, living, state


def _lines(history: dict[Key, list[Cycle]], slots: int) -> Stage:
    return Stage(told=tuple(_play(history, 1 << 62)[0]), slots=slots)


def _list_at(history: dict[Key, list[Cycle]], root: Key, at: int) -> tuple[int, int, int]:
    """Return the place of the root's line, how many alarms live and in how many lines; gravest first, then newest."""
    _, living, state = _play(history, at)
    if root not in living:
        living[root] = 0  # it has returned unacknowledged: it stays in the list (state D)
    line_of = {key: state.situation_of(number) or -number - 1 for key, number in living.items()}
    gravity = {"HH": 2, "LL": 2, "H": 1, "L": 1}
    ranked: dict[int, tuple[int, int]] = {}
    for key, line in line_of.items():
        rank = (gravity[key[1]], living[key])
        ranked[line] = max(ranked.get(line, rank), rank)
    order = sorted(ranked, key=lambda line: ranked[line], reverse=True)
    return order.index(line_of[root]) + 1, len(living), len(order)


def table() -> str:
    """Return all cases as Markdown."""
    found = [studied(number) for number in sorted(cases())]
    head = (
        "| case | raw /10 min | delays of practice | proposals accepted | lines | slots > 10: raw → lines "
        "| root cause as first told | later by | its line after 10 min (of lines, alarms) |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    rows = [
        f"| {one.number} | {one.raw.per_slot():.2f} | {one.practice.per_slot():.2f} | {one.proposed.per_slot():.2f} "
        f"| {one.lines.per_slot():.2f} | {one.raw.flooded():.1%} → {one.lines.flooded():.1%} "
        f"| {one.root[0]} {one.root[1]} | {one.root_after_s:.0f} s "
        f"| {one.root_line} ({one.lines_then}, {one.living_then}) |"
        for one in found
    ]
    return "\n".join((head, *rows, "", summary(found)))


def summary(found: list[Case]) -> str:
    """Return the totals."""
    raw, practice, proposed, lines = (
        sum(len(getattr(one, name).told) for one in found) for name in ("raw", "practice", "proposed", "lines")
    )
    seen = sum(one.root_line <= 10 for one in found)
    middle = statistics.median(one.lines_then for one in found)
    return "\n".join(
        (
            f"- raw annunciations {raw:,}",
            f"- delays of practice {practice:,} (−{1 - practice / raw:.1%}; published filter −90 %)",
            f"- accepted proposals {proposed:,} (−{1 - proposed / practice:.1%} of these; published deadband −80 %)",
            f"- lines of the list {lines:,} (−{1 - lines / raw:.1%} in all)",
            f"- the root cause's line was among the first ten after ten minutes in {seen} of {len(found)} cases",
            f"- lines of the list then, median: {middle:.0f}",
        )
    )


if __name__ == "__main__":
    print(table())
