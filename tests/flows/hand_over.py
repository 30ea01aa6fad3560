"""WF9 and WF1 at the real windows: a shift is composed, printed, walked through, signed by both, and the seat passes.

`python -m tests.flows.hand_over [--pictures FOLDER]` enacts it and writes the table of docs/hand-over-flow.md anew.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from chengyun_core.launch.door_client import asked
from chengyun_core.model.camera import CameraState
from chengyun_core.model.change import Change
from chengyun_core.model.duty import Handover, HandoverState
from chengyun_core.store import chain, journal, keys
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskCameraHealth, CameraHealth
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import duty_evening as evening
from tests.support import golden_city as golden
from tests.support.city_clock import begin_at, follow
from tests.support.living_city import PASSWORD, SEAT, LivingCity, living_city
from tests.support.street_cameras import StreetCameras, street_cameras
from tests.support.waiting import wait_until

DOC = Path(__file__).resolve().parents[2] / "docs" / "hand-over-flow.md"
LINES = ("上清寺爆管：19 点 50 分前盯关阀", "两路口路灯已报照明中心", "市防办 20 点 30 分到")
WHY = "刚发生，由交班人核实"
WF9_BUDGET_S, WF1_BUDGET_S = 240.0, 180.0
COMPUTE_BUDGET_S = 1.0
WALK_KEYS = 20
CAMERA_FRAMES = 20
"""Pictures of each camera's loop."""
BEFORE_THE_NEW = 4
"""Items the taker has ticked when another alarm is raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one step took: presses, characters of texts, clicks, and the machine after the last of them."""

    step: str
    keys: int
    typed: int
    clicks: int
    machine_s: float
    since_s: float
    budget: str


@dataclass(slots=True, kw_only=True)
class HandingOver:
    """The giver at A-01, the taker at a console of his own; `deed` does a deed by its key or by its button."""

    city: LivingCity
    folder: Path
    giver: Stranger
    taker: Stranger
    by_mouse: bool = False
    pictures: Path | None = None
    steps: list[Took] = field(default_factory=list)
    _began: float = 0.0

    def act(
        self, step: str, one: Stranger, do: Callable[[], object], until: Callable[[], bool], *, budget: str = "",
        picture: str = "",
    ) -> None:  # fmt: skip
        """Do a step, wait for what it must bring, note what it took."""
        hands = one.hands
        before = (hands.keystrokes, hands.typed, hands.clicks)
        self._began = self._began or time.monotonic()
        do()
        pressed = time.monotonic()
        one.eyes.wait_for(step, until)
        now, typed = time.monotonic(), hands.typed - before[1]
        self.steps.append(Took(
            step=step, keys=hands.keystrokes - before[0] - typed, typed=typed, clicks=hands.clicks - before[2],
            machine_s=now - pressed, since_s=now - self._began, budget=budget,
        ))  # fmt: skip
        self.take(one, picture)

    def take(self, one: Stranger, picture: str) -> None:
        """Keep what is on a screen, where pictures are wanted."""
        if picture and self.pictures is not None:
            one.eyes.look_again()
            one.eyes.picture(self.pictures / f"{picture}.png")

    def deed(self, one: Stranger, key: str, button: str) -> None:
        """Do a deed: by its key, or by the button that says it."""
        if self.by_mouse:
            one.click(button)
        else:
            one.hands.key(key)

    def shows(self, one: Stranger, *words: str) -> Callable[[], bool]:
        """Return what says whether all these words are on a screen."""
        return lambda: all(word in one.eyes.said() for word in words)

    def changes(self) -> list[Change]:
        """Return the journal."""
        with self.city.door() as door:
            return door.changes()

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        return [change for change in self.changes() if change.action == action]

    def has(self, action: str, count: int = 1) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def online(self) -> set[str]:
        """Return the cameras somebody looked at that were online then."""
        with self.city.door() as door:
            looks = asked(door, "camera.health", AskCameraHealth(), CameraHealth).looks
        return {look.camera for look in looks if look.state is CameraState.ONLINE}

    def sheet(self) -> Handover:
        """Return the sheet as it stands in the journal."""
        found = [change for change in self.changes() if change.kind == "handover"]
        return codec.unpack(found[-1].record, Handover)

    def papers(self, state: str) -> list[Path]:
        """Return the files that were written of the sheet while it was `open`, or once it was `signed`."""
        return sorted((self.city.profile.folder / "exports").glob(f"handover-*-{state}-*.pdf"))

    def chain_fault(self) -> str:
        """Stop the city; return the first fault of its journal, every hash, link and signature looked at."""
        self.city.supervisor.stop()
        folder = self.city.profile.folder
        database = Database(folder / "centre" / "chengyun.db")
        try:
            with database.reading() as connection:
                public = keys.signer(folder / "keys").public()
                return chain.verify(connection, public, 1, journal.head(connection).number).fault
        finally:
            database.close()

    def table(self) -> str:
        """Return the account as a table of the handbook."""
        lines = ["| step | budget | keys | typed | clicks | machine, s | since the first, s |", "|" + "---|" * 7]
        for one in self.steps:
            told = (one.keys or "", one.typed or "", one.clicks or "", f"{one.machine_s:.1f}", f"{one.since_s:.1f}")
            lines.append(f"| {one.step} | {one.budget} | " + " | ".join(map(str, told)) + " |")
        return "\n".join(lines)


@contextmanager
def end_of_a_shift(folder: Path, *, by_mouse: bool = False, pictures: Path | None = None) -> Iterator[HandingOver]:
    """Bring up the city with what is open at its first seat, the giver there, a second console before the log-in."""
    (folder / "b").mkdir()
    with ExitStack() as stack:
        cameras = stack.enter_context(street_cameras(folder / "scenes", golden.shown(), frames=CAMERA_FRAMES))
        furnish = partial(_furnish, cameras)
        city = stack.enter_context(
            living_city(folder, catalogue=golden.golden_city(), furnish=furnish, officer=evening.GIVER)
        )  # fmt: skip
        follow(city)
        evening.staff(city)
        evening.leave_open(city)
        giver = stack.enter_context(stranger(city, folder, *signed_in(SEAT, folder)))
        taker = stack.enter_context(stranger(city, folder / "b"))
        giver.eyes.wait_for_words(f"值班 {evening.GIVER}")
        made = HandingOver(
            city=city, folder=folder, giver=giver, taker=taker, by_mouse=by_mouse, pictures=pictures
        )  # fmt: skip
        yield made
        sys.stdout.write(made.table() + "\n")


def looked(at: HandingOver) -> None:
    """Let the giver look at the cameras of his event, as a shift does: a hand-over tells how those looked at are."""
    one = at.giver
    at.act("`F6` four cameras of the event, live", one, lambda: one.hands.key("F6"),
           lambda: sum("，实时，" in str(seen["name"]) for seen in one.eyes.all()) == len(golden.NEAREST))  # fmt: skip
    at.act("the centre knows them online", one, lambda: None, lambda: len(at.online()) == len(golden.NEAREST))
    at.act("`F1` back", one, lambda: one.hands.key("F1"),
           lambda: any(seen["kind"] == "HeatPanel" for seen in one.eyes.all()))  # fmt: skip


def composed(at: HandingOver) -> None:
    """Act WF9 up to the print: the sheet composes itself, three free lines, the paper."""
    one = at.giver
    counts = ("未确认告警 2", "搁置告警 1", "在办事件 3", "执行中预案 1", "未回执指令 4", "故障 2", "交办事项 1")
    at.act("WF9 `Ctrl+Shift+H` composes", one, lambda: one.hands.key("ctrl+shift+h"), at.shows(one, *counts),
           budget="≤ 1 s")  # fmt: skip
    at.act("three free lines", one, partial(_write_lines, at), at.has("handover.lines", len(LINES)))
    at.take(one, "wf9-01-composed")
    print_it = partial(at.deed, one, "ctrl+p", "Ctrl+P 存 PDF、XLSX")
    at.act("`Ctrl+P` the sheet as PDF", one, print_it, lambda: bool(at.papers("open")), picture="wf9-02-printed")


def came_in(at: HandingOver) -> None:
    """Act WF1, steps 1 and 2: the strip before the log-in, the seat with its holder, the sheet by itself."""
    two = at.taker
    at.act("WF1 1 strip and seats before the log-in", two, lambda: None,
           at.shows(two, "登录席位", "未确认 2", evening.GIVER), picture="wf1-01-log-in")  # fmt: skip
    at.act("1 account and password", two, partial(_log_in, at), at.has("session.sign_on", 4), budget="15 s")
    both = (f"交班 {evening.GIVER}（未签字）", f"接班 {evening.TAKER_NAME}（未签字）")
    at.act("2 the sheet opens by itself", two, lambda: None, at.shows(two, *both), budget="≤ 1 s",
           picture="wf1-02-sheet")  # fmt: skip


def walked(at: HandingOver) -> None:
    """Act WF1, step 3: item by item; an alarm is raised amid it, and is refused: it stays with the giver."""
    two, count = at.taker, sum(evening.COUNTS.values())
    for number in range(1, BEFORE_THE_NEW + 1):
        _tick(at, number)
    raised = len(at.rows("alarm.raise"))
    meanwhile = partial(at.city.publish, {evening.MEANWHILE: 120.0})
    at.act("an alarm meanwhile: the giver's strip", at.giver, meanwhile, at.shows(at.giver, "未确认 3"))
    wait_until(at.has("alarm.raise", raised + 1), "the alarm is in the journal")
    at.act("and an item of the sheet", two, lambda: None, at.shows(two, "未确认告警 3"))
    for number in range(BEFORE_THE_NEW + 1, count + 1):
        _tick(at, number)
    at.act("3 `R` the new alarm is refused", two, partial(at.deed, two, "r", "R 拒接"), lambda: _asks(two))
    at.act("3 the reason", two, partial(_give_reason, at), lambda: len(_decided(at)) == count + 1, budget="6 s an item",
           picture="wf1-03-walked")  # fmt: skip
    checks = at.shows(two, "数据库", "日志链", "备份", "视频", "本机时钟", "屏幕")
    at.act("4 checks", two, lambda: None, lambda: checks() and "待知悉" not in two.eyes.said(), budget="5 s")


def signed(at: HandingOver) -> None:
    """Act WF1, step 5: both sign at the taker's console, the sheet is locked and printed, the seat passes."""
    two = at.taker
    at.act("5 `Ctrl+Enter`", two, partial(at.deed, two, "ctrl+Return", "Ctrl+Enter 签字"),
           lambda: two.eyes.focus() == "Secret", picture="wf1-04-giver-signs")  # fmt: skip
    at.act("5 the giver's password", two, partial(_sign, at),
           lambda: at.sheet().state is HandoverState.GIVEN, budget="10 s with the next")  # fmt: skip
    at.act("5 the taker is asked", two, lambda: None, at.shows(two, f"接班人 {evening.TAKER_NAME} 签字"))
    at.act("5 the taker's password", two, partial(_sign, at), lambda: at.sheet().state is HandoverState.SIGNED)
    at.act("locked", two, lambda: None, at.shows(two, "双方已签字", "审计头"), picture="wf1-05-locked")
    at.act("the seat passes", two, lambda: None, at.shows(two, f"值班 {evening.TAKER_NAME}"))
    print_it = partial(at.deed, two, "ctrl+p", "Ctrl+P 存 PDF、XLSX")
    at.act("`Ctrl+P` as signed", two, print_it, lambda: bool(at.papers("signed")))
    at.take(at.giver, "wf1-06-giver-relieved")


def enact(at: HandingOver) -> None:
    """Act WF9 and WF1."""
    looked(at)
    composed(at)
    came_in(at)
    walked(at)
    signed(at)


def walk_keys(at: HandingOver) -> int:
    """Return the presses by which the items were decided, texts apart."""
    return sum(one.keys + one.clicks for one in at.steps if one.step.startswith("3 "))


def since(at: HandingOver, first: str) -> float:
    """Return the seconds from the end of the step before `first` to the last one's end."""
    place = next(number for number, one in enumerate(at.steps) if one.step.startswith(first))
    return at.steps[-1].since_s - (at.steps[place - 1].since_s if place else 0.0)


def _furnish(cameras: StreetCameras, folder: Path) -> None:
    begin_at(folder, as_of=evening.BEGINS)
    cameras.furnish(folder)


def _write_lines(at: HandingOver) -> None:
    one = at.giver
    for number, line in enumerate(LINES, 1):
        _go_to(at, f"第 {number} 条")
        one.write(line)
        one.eyes.wait_for("the line is written", at.shows(one, line))
    _away_from_the_lines(at)


def _go_to(at: HandingOver, name: str) -> None:
    one = at.giver
    if at.by_mouse:
        one.click(name)
        one.eyes.wait_for(f"the keyboard in {name}", lambda: one.eyes.focused() == name)
        return
    for _ in range(20):
        if one.eyes.focused() == name:
            return
        one.hands.key("Tab")
        one.eyes.look_again()
    raise AssertionError(f"Tab does not lead to {name}")


def _away_from_the_lines(at: HandingOver) -> None:
    if at.by_mouse:
        at.giver.hands.click(*at.giver.eyes.place_of("事〔2026〕000003 大溪沟泵站异响"))
    else:
        at.giver.hands.key("Tab")


def _log_in(at: HandingOver) -> None:
    hands = at.taker.hands
    hands.text(evening.TAKER)
    hands.key("Tab")
    hands.text(PASSWORD)
    hands.key("Return")


def _tick(at: HandingOver, number: int) -> None:
    two = at.taker
    tick = partial(at.deed, two, "a", "A 已知悉")
    at.act(f"3 `A` item {number}", two, tick, lambda: len(_decided(at)) >= number, budget="6 s")


def _decided(at: HandingOver) -> list[object]:
    return [item for item in at.sheet().items if item.state.value != "open"]


def _asks(two: Stranger) -> bool:
    return two.eyes.focus() == "_Line"


def _give_reason(at: HandingOver) -> None:
    at.taker.write(WHY)
    at.taker.hands.key("Return")


def _sign(at: HandingOver) -> None:
    at.taker.hands.text(PASSWORD)
    at.taker.hands.key("Return")


def main(arguments: list[str] | None = None) -> int:
    """Enact, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.flows.hand_over", description=__doc__)
    parser.add_argument("--pictures", type=Path, default=None)
    pictures = parser.parse_args(arguments).pictures
    with tempfile.TemporaryDirectory() as folder, end_of_a_shift(Path(folder), pictures=pictures) as at:
        enact(at)
        told = DOC.read_text("utf-8").partition("\n| ")[0]
        DOC.write_text(told + "\n" + at.table() + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
