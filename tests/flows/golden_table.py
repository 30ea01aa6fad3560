"""The golden path's steps, declared once: what WORKFLOWS (WF2) wants of each, and what its hands and machine took."""

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One step of WF2 as the specification has it."""

    name: str
    what: str
    budget: str
    """As WORKFLOWS words it: from t0 unless it says otherwise."""
    within_s: float | None = None
    """The same from t0 in seconds, where the step is acted at the city's own pace."""
    waits: str = ""
    """What it waits for; it is then neither enacted nor claimed."""


STEPS = (
    Planned(name="1", what="alarm appears: strip, tone, tile", budget="≤ 1 s", within_s=1),
    Planned(name="2", what="next unacknowledged alarm, its card", budget="3 s", within_s=3),
    Planned(name="3", what="acknowledged with note 核实中", budget="6 s", within_s=6),
    Planned(name="4", what="four nearest cameras, evidence", budget="12 s", within_s=12),
    Planned(name="5", what="event form filled in from the alarm", budget="16 s", within_s=16),
    Planned(name="6", what="graded 较大, event open, report clock runs", budget="24 s", within_s=24),
    Planned(name="7", what="plan of the risk point started", budget="32 s", within_s=32),
    Planned(name="8", what="five orders looked over and sent, receipts matrix", budget="60 s", within_s=60),
    Planned(name="9a", what="four units sign, one is silent", budget="signature 1 min"),
    Planned(name="9b", what="reminder of the silent unit by the centre", budget="60 s after the order"),
    Planned(name="9c", what="call of the silent unit by the centre", budget="120 s after the order"),
    Planned(name="9d", what="confirmed on behalf: channel, speaker, words", budget="t0 + 3 min"),
    Planned(name="9e", what="units on site and at work, each by its own console", budget="5 min, 30 min"),
    Planned(name="10a", what="first report drafted, edited, sent", budget="≤ 15 min"),
    Planned(name="10b", what="the superior's receipt of it noted", budget="≤ 15 min"),
    Planned(name="11a", what="pressure returns, alarm ends", budget="3 h of the city's time"),
    Planned(name="11b", what="unit feeds back: four elements and a photo", budget="3 h of the city's time"),
    Planned(name="12a", what="the handler's own check is refused", budget=""),
    Planned(name="12b", what="another seat checks", budget="30 s with the next"),
    Planned(name="12c", what="another seat closes; total and hops shown", budget="30 s from the check"),
    Planned(name="13a", what="waterfall of the hops", budget="2 min with the next"),
    Planned(name="13b", what="review: finding 阈值提前量不足, improvement with owner and due", budget="2 min"),
    Planned(name="13c", what="replay of the window shows the same screens", budget="", waits="issue 8 (W1, replay)"),
)
BY_NAME = {step.name: step for step in STEPS}


@dataclass(slots=True, kw_only=True)
class Took:
    """What one step took: of hands, and of the machine after the last of them."""

    keys: int = 0
    typed: int = 0
    """Characters of texts; counted apart, for an input method makes other numbers of them."""
    clicks: int = 0
    machine_s: float = 0.0
    since_s: float = 0.0
    """Profile seconds since the reading crossed its limit."""


@dataclass(slots=True, kw_only=True)
class Account:
    """The steps that were acted, by name; prints itself as the flow's table."""

    took: dict[str, Took] = field(default_factory=dict)
    journal_s: dict[str, float] = field(default_factory=dict)
    """Row of the journal → seconds from the press, or the reading, to the row's own time."""

    def note(self, name: str, took: Took) -> None:
        """Add what was done for a step; a step may take several presses."""
        assert name in BY_NAME, name
        before = self.took.get(name, Took())
        self.took[name] = Took(
            keys=before.keys + took.keys, typed=before.typed + took.typed, clicks=before.clicks + took.clicks,
            machine_s=before.machine_s + took.machine_s, since_s=took.since_s,
        )  # fmt: skip

    def total(self) -> Took:
        """Return the sums."""
        took = self.took.values()
        return Took(
            keys=sum(one.keys for one in took), typed=sum(one.typed for one in took),
            clicks=sum(one.clicks for one in took), machine_s=sum(one.machine_s for one in took),
        )  # fmt: skip

    def markdown(self, where: str) -> str:
        """Return the table as a page shows it; `where`: when and on what it was measured."""
        lines = ["| step | what | budget | keys | typed | clicks | machine, s | since t0, s |", "|" + "---|" * 8]
        for step in STEPS:
            took = self.took.get(step.name)
            told = f"waits for {step.waits}: not enacted |  |  |  | "
            if took is not None:
                told = f"{took.keys} | {took.typed} | {took.clicks} | {took.machine_s:.2f} | {took.since_s:.0f}"
            lines.append(f"| {step.name} | {step.what} | {step.budget} | {told} |")
        whole, machine_s = self.total(), sum(self.journal_s.values())
        lines.append(f"| all |  |  | {whole.keys} | {whole.typed} | {whole.clicks} | {whole.machine_s:.2f} |  |")
        lines += [
            "",
            f"Threshold to orders by the journal's own times: {machine_s:.2f} s of machine. Measured {where}.",
            "",
        ]
        return "\n".join(lines)

    def tell(self) -> None:
        """Print the table; `pytest -s` shows it."""
        lines = [f"{'step':<5} {'keys':>4} {'typed':>5} {'clicks':>6} {'machine':>8} {'since t0':>10}  budget"]
        for step in STEPS:
            took = self.took.get(step.name)
            if took is None:
                lines.append(f"{step.name:<5} not enacted: waits for {step.waits}")
            else:
                lines.append(
                    f"{step.name:<5} {took.keys:>4} {took.typed:>5} {took.clicks:>6} {took.machine_s:>7.2f}s "
                    f"{took.since_s:>9.1f}s  {step.budget}"
                )
        whole = self.total()
        lines.append(f"{'all':<5} {whole.keys:>4} {whole.typed:>5} {whole.clicks:>6} {whole.machine_s:>7.2f}s")
        lines.append(f"threshold to orders by the journal's own times: {sum(self.journal_s.values()):.2f} s of machine")
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
