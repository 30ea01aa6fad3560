"""A whole shift of eight hours with a night of storm in it, played at the real window; its figures from the journal.

`python -m tests.flows.night_shift [--rate N] [--hours H] [--seed N] [--pictures FOLDER]`. The city's time goes faster
than ours, so that the hands are about as fast as a person's in the city's time: at 16 times a key each second of ours.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.callout import Call, CallState
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Handover, HandoverState, Item, ItemState
from chengyun_core.model.mode import ReportDue
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from tests.flows import storm_warning
from tests.flows.storm_warning import Storm
from tests.flows.ten_minutes import Stranger, count_of, signed_in, stranger
from tests.support import storm_city as storm
from tests.support import storm_people as people
from tests.support.city_clock import begin_at, follow
from tests.support.living_city import PASSWORD, SEAT, LivingCity, living_city
from tests.support.storm_night import HOUR, HOURS, MINUTE, OVER, RAIN, Sky, program

BEGINS = "2026-07-18T20:00:00+08:00"
RATE, SEED = 16.0, 2020
LOOK_S, READ_S = 0.2, 0.4
"""Pause between two looks at the screen, and what a person takes to read before he presses, in our time."""
TEN_MIN = 10 * MINUTE
REPORT_WITHIN_S = 20 * MINUTE
"""After so long the first report of an event goes before what calls: one hour is the law's (条例 art. 28)."""
MOST_ITEMS = 60
_WAITING = "未确认 "
_EVENTS_PAGE = "事件"
_RED = ("超红色限", "低于红色限")
_REPORT_WORDS = "雨势和供电恢复情况已报市防指"


@dataclass(slots=True, kw_only=True)
class NightShift:
    """The officer of the night: acknowledges what calls, makes an event of what is red, reports it and what 急时 asks
    for as soon as nothing calls, and never touches the mouse."""

    city: LivingCity
    one: Stranger
    sky: Sky
    pictures: Path | None = None
    events: set[str] = field(default_factory=set)
    """Names of what an event was made of."""
    reported: int = 0
    """Events whose first report was sent."""
    made_at_s: float = 0.0
    """Time of the shift at which the last event was made."""
    _taken: set[str] = field(default_factory=set)

    def work(self, until_s: float) -> None:
        """Watch and act until a time of the shift."""
        while self.sky.passed_s < until_s:
            self.sky_is_well()
            waits = self.one.eyes.has(_WAITING) or _WAITING in self.title()
            if self._owes_report() and (not waits or self.sky.passed_s > self.made_at_s + REPORT_WITHIN_S):
                self.report_event()
            elif waits:
                self.acknowledge()
            elif self.one.eyes.has("情况报告"):
                self.report_situation()
            else:
                time.sleep(LOOK_S)

    def sky_is_well(self) -> None:
        """Keep the daemons up, as the machine of a centre does."""
        self.city.supervisor.tick()

    def title(self) -> str:
        """Return the window's title: page, seat, how many wait."""
        return self.one.hands.title(self.one.window)

    def acknowledge(self) -> None:
        """Go to the gravest that waits, read it, and say «seen»; make an event of the first red of its kind."""
        hands = self.one.hands
        hands.key("ctrl+j")
        time.sleep(READ_S)
        hands.key("a")
        if not self._comes("NoteChooser"):
            hands.key("Escape")
            return
        hands.key("1")
        self._goes("NoteChooser")
        self._make_event()

    def report_event(self) -> None:
        """Send the first report of the event made last, as the program drafted it."""
        hands, eyes = self.one.hands, self.one.eyes
        hands.key("F3")
        hands.key("r")
        if _within(
            5.0, lambda: any(one["kind"] == "QPlainTextEdit" and str(one["text"]).strip() for one in eyes.all())
        ):
            hands.key("ctrl+Return")
            if _within(5.0, lambda: count_of(self.city, "event.report") > self.reported):
                self.reported += 1
                self.take("reported")
        hands.key("Escape")
        hands.key("F1")

    def report_situation(self) -> None:
        """Give the situation report that is late: the sheet of the mode opens at it."""
        hands, eyes = self.one.hands, self.one.eyes
        given = count_of(self.city, "mode.give_report")
        hands.key("ctrl+shift+e")
        eyes.wait_for("the late report is chosen", lambda: eyes.focus() == "ChoiceBox")
        hands.key("Tab")
        eyes.wait_for("its words are asked for", lambda: eyes.focus() == "QLineEdit")
        self.one.write(_REPORT_WORDS)
        hands.key("ctrl+Return")
        eyes.wait_for("the report is given", lambda: count_of(self.city, "mode.give_report") > given)
        self.take("situation-report")
        hands.key("Escape")

    def take(self, name: str) -> None:
        """Keep a picture of the screen, once a name."""
        if self.pictures is not None and name not in self._taken:
            self._taken.add(name)
            self.one.eyes.look_again()
            self.one.eyes.picture(self.pictures / f"shift-{name}.png")

    def _make_event(self) -> None:
        """Make an event of the power cut; the river's needs a grading nobody has the minutes for in a flood."""
        said, name = self.one.eyes.said(), storm.POWER_NAME
        if name in self.events or f"\n{name} " not in said or not any(words in said for words in _RED):
            return
        before = count_of(self.city, "event.open")
        self.one.hands.key("e")
        if self._comes("LevelPad"):
            self.one.hands.key("Return")
        # The page of events comes when the centre has opened it; a key pressed before is another page's.
        if _within(10.0, lambda: count_of(self.city, "event.open") > before and _EVENTS_PAGE in self.title()):
            self.events.add(name)
            self.made_at_s = self.sky.passed_s
        else:
            self.one.hands.key("Escape")

    def _owes_report(self) -> bool:
        return self.reported < len(self.events)

    def _comes(self, kind: str) -> bool:
        return _within(2.0, lambda: self.one.eyes.focus() == kind)

    def _goes(self, kind: str) -> bool:
        return _within(2.0, lambda: self.one.eyes.focus() != kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a shift was like, counted from its journal alone."""

    raised: int
    per_ten: tuple[int, ...]
    """Annunciated in each ten minutes of the shift."""
    seconds: dict[WarningColour, tuple[float, ...]]
    """Colour → seconds of the city's time from the call to «seen», of every alarm that was seen."""
    waiting: int
    """Still waits at the end."""
    situations: int
    masked: int
    events: int
    reports: tuple[int, int]
    """First reports of events, and situation reports of 急时, that were sent."""
    overdue: int
    """Times that a report was told as overdue."""
    stamps: int
    calls: tuple[int, int]
    """Addressees reached and told upwards (叫应)."""
    switches: int
    """Switches of the mode that came into force, and back."""
    handed_over: bool

    def table(self) -> str:
        """Return the figures as a table."""
        busy = [count for count in self.per_ten if count > 10]
        told = f"{self.reports[0]}, {self.reports[1]}, {self.overdue}"
        lines = [
            "| figure | of the shift |", "|---|---|",
            f"| alarms raised, of them masked by their cause | {self.raised}, {self.masked} |",
            f"| situations, events made | {self.situations}, {self.events} |",
            f"| first reports sent, situation reports given, told as overdue | {told} |",
            f"| alarms per ten minutes: mean, most | {statistics.mean(self.per_ten):.1f}, {max(self.per_ten)} |",
            f"| ten minutes with more than ten (flood, ISA-18.2) | {len(busy)} of {len(self.per_ten)} |",
            f"| still unacknowledged at the end | {self.waiting} |",
            f"| acknowledgements nobody can have read (A17) | {self.stamps} |",
            f"| 叫应: confirmed, told upwards | {self.calls[0]}, {self.calls[1]} |",
            f"| switches to 急时 and back | {self.switches} |",
            f"| hand-over signed by both | {'yes' if self.handed_over else 'no'} |",
        ]  # fmt: skip
        for colour in sorted(self.seconds, reverse=True):
            spent = sorted(self.seconds[colour])
            p95 = spent[min(len(spent) - 1, int(0.95 * len(spent)))]
            told = f"{statistics.median(spent):.0f}, {p95:.0f}, {spent[-1]:.0f} ({len(spent)})"
            lines.append(f"| {colour.name.lower()}: seconds to «seen», median, p95, most (of how many) | {told} |")
        return "\n".join(lines)


def figures(changes: list[Change], began_ns: int, hours: float) -> Figures:
    """Count a shift."""
    actions = Counter(change.action for change in changes)
    calls: dict[str, int] = {}
    seconds: dict[WarningColour, list[float]] = {}
    tens = [0] * max(1, round(hours * 6))
    last: dict[str, Alarm] = {}
    waits = (AlarmState.UNACK, AlarmState.RTNUN)
    for change in changes:
        if change.kind != "alarm":
            continue
        alarm = codec.unpack(change.record, Alarm)
        last[change.key] = alarm
        if change.action == "alarm.acknowledge" and change.key in calls:
            spent = (change.at_ns - calls.pop(change.key)) / NS_PER_S
            seconds.setdefault(alarm.colour, []).append(spent)
        elif effective(alarm) not in waits:
            # What its cause masks calls nobody; when it is unmasked it calls anew.
            calls.pop(change.key, None)
        elif change.key not in calls:
            calls[change.key] = change.at_ns
            at = int((change.at_ns - began_ns) / NS_PER_S // TEN_MIN)
            tens[min(max(at, 0), len(tens) - 1)] += 1
    return Figures(
        raised=actions["alarm.raise"], per_ten=tuple(tens),
        seconds={colour: tuple(spent) for colour, spent in seconds.items()},
        waiting=sum(effective(alarm) in waits for alarm in last.values()),
        situations=actions["situation.begin"], masked=actions["alarm.mask"], events=actions["event.open"],
        reports=(actions["event.report"], actions["mode.give_report"]),
        overdue=actions["event.report_overdue"] + actions["mode.report_due"],
        stamps=actions["alarm.rubber_stamp"],
        calls=_reached(changes), switches=actions["mode.in_force"] + actions["mode.lifted"],
        handed_over=actions["handover.sign"] >= 1,
    )  # fmt: skip


def _reached(changes: list[Change]) -> tuple[int, int]:
    calls = {change.key: codec.unpack(change.record, Call) for change in changes if change.kind == "call"}
    states = [call.state for call in calls.values()]
    return states.count(CallState.CONFIRMED), states.count(CallState.ESCALATED)


@contextmanager
def on_duty(folder: Path, *, rate: float, seed: int, hours: float, pictures: Path | None) -> Iterator[NightShift]:
    """Bring up the city at eight in the evening, and seat the officer of the night."""
    with (
        living_city(
            folder, catalogue=storm.storm_city(), furnish=partial(begin_at, as_of=BEGINS, rate=rate), officer="陈静"
        ) as city,
        stranger(city, folder, *signed_in(SEAT, folder)) as one,
    ):
        follow(city)
        people.staff(city)
        city.publish(storm.at_rest())
        one.eyes.wait_for_words(f"席位 {SEAT}", "异常 0")
        sky = Sky(city=city, steps=program(seed, hours), began_ns=city.clock.utc_ns())
        sky.begin()
        try:
            yield NightShift(city=city, one=one, sky=sky, pictures=pictures)
        finally:
            sky.end()


def the_night(shift: NightShift, end_s: float) -> None:
    """Work through the shift: the evening, the warning with 叫应 and 急时, the storm, the way back, the morning."""
    warning = Storm(city=shift.city, one=shift.one, other=shift.one, pictures=shift.pictures, clock="21:29")
    shift.work(min(RAIN, end_s))
    if end_s > RAIN:
        storm_warning.warned(warning)
        storm_warning.switched(warning)
        shift.one.hands.key("F1")
    shift.work(min(OVER, end_s))
    if end_s > OVER:
        for _ in range(_late_reports(shift.city)):
            shift.report_situation()
        storm_warning.back(warning)
        storm_warning.cancelled(warning)
        shift.one.hands.key("F1")
    shift.work(end_s)
    hand_over(shift)


def hand_over(shift: NightShift) -> None:
    """Hand the seat over at this console: the taker signs on beside the officer, ticks every item, both sign."""
    hands, eyes = shift.one.hands, shift.one.eyes
    hands.key("ctrl+shift+h")
    eyes.wait_for_words("自检与本班统计", "Alt+J")
    shift.take("hand-over")
    hands.key("alt+j")
    _signed(shift, people.COLLEAGUE, PASSWORD)
    eyes.wait_for_words(f"接班 {people.COLLEAGUE_NAME}（未签字）")
    for _ in range(MOST_ITEMS):
        if not _open_items(shift):
            break
        before = len(_open_items(shift))
        hands.key("a")
        _within(5.0, lambda before=before: len(_open_items(shift)) < before)
    hands.key("ctrl+Return")
    for signed, who in ((HandoverState.GIVEN, "交班人"), (HandoverState.SIGNED, f"接班人 {people.COLLEAGUE_NAME}")):
        eyes.wait_for_words(f"{who} ", "签字：")
        eyes.wait_for("the password is asked for", lambda: eyes.focus() == "Secret")
        hands.text(PASSWORD)
        hands.key("Return")
        eyes.wait_for(signed.value, lambda signed=signed: _sheet(shift).state is signed)
    shift.take("signed")


def _signed(shift: NightShift, account: str, password: str) -> None:
    hands, eyes = shift.one.hands, shift.one.eyes
    eyes.wait_for("the account is asked for", lambda: eyes.focus() == "_OwnLine")
    hands.text(account)
    hands.key("Return")
    eyes.wait_for("the password is asked for", lambda: eyes.focus() == "Secret")
    hands.text(password)
    hands.key("Return")


def _sheet(shift: NightShift) -> Handover:
    found = [change for change in journal(shift.city) if change.kind == "handover"]
    return codec.unpack(found[-1].record, Handover)


def _open_items(shift: NightShift) -> list[Item]:
    return [item for item in _sheet(shift).items if item.state is ItemState.OPEN]


def _late_reports(city: LivingCity) -> int:
    newest = {change.key: change for change in journal(city) if change.kind == "mode_report"}
    reports = [codec.unpack(change.record, ReportDue) for change in newest.values()]
    return sum(due.given_at is None and due.version > 1 for due in reports)


def journal(city: LivingCity) -> list[Change]:
    """Return the whole journal."""
    with city.door() as door:
        return door.changes()


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


def main(arguments: list[str] | None = None) -> int:
    """Play the shift and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.flows.night_shift", description=__doc__)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--hours", type=float, default=HOURS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--pictures", type=Path, default=None)
    told = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        on_duty(Path(folder), rate=told.rate, seed=told.seed, hours=told.hours, pictures=told.pictures) as shift,
    ):
        the_night(shift, told.hours * HOUR)
        counted = figures(journal(shift.city), shift.sky.began_ns, told.hours)
        sys.stdout.write(counted.table() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
