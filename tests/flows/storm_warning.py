"""WF5 and WF3 at the real windows: a red warning comes, everybody is called, the city switches to 急时 and back.

`python -m tests.flows.storm_warning [--pictures FOLDER]` enacts it and writes the table of docs/storm-warning-flow.md.
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

from chengyun_core.model.callout import Call, CallState
from chengyun_core.model.change import Change
from chengyun_core.model.mode import Declaration
from chengyun_core.model.warning_commands import TakeWarning
from chengyun_core.wire import codec
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import storm_city as storm
from tests.support import storm_ground as ground
from tests.support import storm_people as people
from tests.support.city_clock import begin_at, follow
from tests.support.living_city import PASSWORD, SEAT, LivingCity, living_city
from tests.support.map_seen import red_share, settled
from tests.support.storm_bulletin import bulletin
from tests.support.street_cameras import StreetCameras, street_cameras

DOC = Path(__file__).resolve().parents[2] / "docs" / "storm-warning-flow.md"
BEGINS = "2026-07-18T22:40:00+08:00"
WORDS = "收到，低洼处人员马上转移"
WHY_BACK = "雨势减弱"
SWITCH_BUDGET_S = 45.0
BANNER_BUDGET_S = 1.0
APPLIED_BUDGET_S = 2.0
_UNANSWERED = (("正在叫",), ("第 2/2 人",), ("第 2/2 人", "正在叫"), ("已上报 1",))
"""What the screen says after each of four tries nobody answers: twice the first of the chain, twice his deputy."""
AREA = "wf5-01a-map"
HALF = tuple((106.6 + (east - 106.6) / 2, 29.68 + (north - 29.68) / 2) for east, north in ground.OUTLINE)
"""A ring within the warning's outline, where only its hatching is."""
CAMERA_FRAMES = 20
"""Pictures of each camera's loop: drawing more takes seconds."""
Rect = tuple[int, ...]
_PANES = ("AlarmPanel", "ExplainPanel", "HeatPanel", "PinnedPanel")
SIX_LAYERS = f"打开 {len(ground.LAYERS)} 个地图图层"
WET = 0.18
"""Metres of water: yellow in the set of every day and in that of the flood season."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one step took."""

    step: str
    keys: int
    machine_s: float


@dataclass(slots=True, kw_only=True)
class Storm:
    """The officer at A-01 and a colleague at A-02 when the warning comes; steps are noted as they are done."""

    city: LivingCity
    one: Stranger
    other: Stranger
    pictures: Path | None = None
    folder: Path
    """For what was seen."""
    clock: str = "22:38"
    """When the warning is sent."""
    steps: list[Took] = field(default_factory=list)
    layers: list[frozenset[str]] = field(default_factory=list)
    """What was on the map in peace, in 急时, and after the way back: names as the list of layers says them."""
    canvas: Rect = ()
    """Where the map was on the screen that was seen last."""
    area: float = 0.0
    """Share of the warning's outline that was red on the map, and of one half as large within it."""
    elsewhere: float = 1.0
    panes: list[dict[str, Rect]] = field(default_factory=list)
    """Where the panes of F1 were, each time: kind → rectangle."""

    def act(self, step: str, do: Callable[[], object], until: Callable[[], bool], picture: str = "") -> None:
        """Do a step, wait for what it must bring, note what it took."""
        before = self.one.hands.keystrokes
        do()
        pressed = time.monotonic()
        self.one.eyes.wait_for(step, until)
        keys = self.one.hands.keystrokes - before
        self.steps.append(Took(step=step, keys=keys, machine_s=time.monotonic() - pressed))
        self.keep(picture)

    def keep(self, picture: str) -> None:
        """Keep what is on the officer's screen, where pictures are wanted."""
        if picture and self.pictures is not None:
            self.one.eyes.look_again()
            while "界面停顿" in self.one.eyes.said():
                # Strangers' work on the machine lets windows halt; Esc leaves a message before anything else.
                self.one.hands.key("Escape")
                self.one.eyes.look_again()
            self.one.eyes.picture(self.pictures / f"{picture}.png")

    def see_map(self, picture: str) -> None:
        """Wait until the map in front is painted whole, and keep it."""
        self.canvas = tuple(self.one.eyes.kind("MapCanvas")["rect"])
        settled(self.one.eyes, self.folder / f"{picture}.png", self.canvas)
        self.keep(picture)

    def look(self) -> None:
        """Note what is on the map and how F1 is arranged: what the way back must bring again."""
        self.press("`F1` as it is arranged", "F1", until=lambda: bool(_arranged(self.one)))
        self.one.eyes.look_again()
        self.panes.append(_arranged(self.one))
        self.press("`F5` what is on the map", "F5", until=self.shows("7 预警区域"))
        self.layers.append(_shown_layers(self.one))

    def press(self, step: str, *keys: str, until: Callable[[], bool], picture: str = "") -> None:
        """Press keys."""
        self.act(step, lambda: self.one.hands.key(*keys), until, picture)

    def shows(self, *words: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether all these words are on a screen."""
        eyes = (at or self.one).eyes
        return lambda: all(word in eyes.said() for word in words)

    def lacks(self, *words: str) -> Callable[[], bool]:
        """Return what says whether none of these words is on the screen."""
        return lambda: not any(word in self.one.eyes.said() for word in words)

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        with self.city.door() as door:
            return [change for change in door.changes() if change.action == action]

    def has(self, action: str, count: int = 1) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def calls(self) -> dict[str, Call]:
        """Return every call as it stands, by its key."""
        with self.city.door() as door:
            found = [change for change in door.changes() if change.kind == "call"]
        return {change.key: codec.unpack(change.record, Call) for change in found}

    def declaration(self) -> Declaration:
        """Return the declaration as it stands."""
        with self.city.door() as door:
            found = [change for change in door.changes() if change.kind == "mode"]
        return codec.unpack(found[-1].record, Declaration)

    def take(self, **told: str) -> None:
        """Have a bulletin come in as from the weather service's gateway."""
        with self.city.door() as door:
            data = bulletin(clock=self.clock, ring=ground.OUTLINE, **told)
            door.send(TakeWarning(name="bulletin.xml", data=data))

    def table(self) -> str:
        """Return the account as a table of the handbook."""
        lines = ["| step | keys | machine, s |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {one.step} | {one.keys or ''} | {one.machine_s:.1f} |" for one in self.steps)])


@contextmanager
def before_the_storm(folder: Path, pictures: Path | None = None) -> Iterator[Storm]:
    """Bring up the city with its people, and seat both officers."""
    (folder / "b").mkdir()
    with ExitStack() as stack:
        cameras = stack.enter_context(street_cameras(folder / "cameras", ground.SHOWN, frames=CAMERA_FRAMES))
        city = stack.enter_context(
            living_city(folder, catalogue=ground.storm_ground(), furnish=partial(_furnish, cameras), officer="陈静")
        )  # fmt: skip
        follow(city)
        people.staff(city, ground.LAYERS)
        ground.survey(city, folder)
        city.publish(storm.at_rest())
        one = stack.enter_context(stranger(city, folder, *signed_in(SEAT, folder)))
        seated = signed_in(people.COLLEAGUE_SEAT, folder / "b", people.COLLEAGUE)
        other = stack.enter_context(stranger(city, folder / "b", *seated))
        one.eyes.wait_for_words(f"席位 {SEAT}", "异常 0")
        other.eyes.wait_for_words(f"席位 {people.COLLEAGUE_SEAT}")
        made = Storm(city=city, one=one, other=other, folder=folder, pictures=pictures)
        yield made
        sys.stdout.write(made.table() + "\n")


def warned(at: Storm) -> None:
    """Act WF5 up to the call-out: banner, document, its area on the map, everybody called."""
    at.act("WF5 the banner", at.take, at.shows("暴雨红色预警", "还剩 0"), "wf5-01-banner")
    concerned = tuple(people.leader_name(place) for place in range(3))
    at.press("`Ctrl+Shift+W` the document", "ctrl+shift+w", until=at.shows("警示事项", *concerned))
    counted = (f"风险点 {ground.INSIDE}，责任人 {len(storm.TOWNS)} 人", f"涉及 {ground.INSIDE * ground.PEOPLE:,} 人")
    inside = at.shows("暴雨红色预警范围", *counted, *concerned)
    at.press("`T` its area on the map", "t", until=inside)
    at.see_map(AREA)
    at.area = red_share(at.folder / f"{AREA}.png", at.canvas, ground.OUTLINE, ground.OUTLINE)
    at.elsewhere = red_share(at.folder / f"{AREA}.png", at.canvas, ground.OUTLINE, HALF)
    at.look()
    at.press("`Ctrl+Shift+W` back to the document", "ctrl+shift+w", until=at.shows("警示事项", *concerned))
    at.press("`C` 叫应", "c", until=at.shows("要说的话"))
    called = f"应叫 {len(storm.TOWNS)}"
    at.press("`Enter` drafted words", "Return", until=at.shows(called), picture="wf5-02-called")
    _one_cannot_be_reached(at)
    for reached in range(1, len(storm.TOWNS)):
        _confirm(at, reached)
    at.act("all confirmed or escalated", lambda: None, lambda: not _open_calls(at), "wf5-03-reached")


def switched(at: Storm) -> None:
    """Act WF3: the suggested switch, the second person's password at this console, and the frame."""
    at.city.publish(dict.fromkeys(list(storm.FILLING)[:6], WET))
    at.act("six points fill", lambda: None, at.has("alarm.raise", 6))
    preview = at.shows("转换内容", "防汛", "阈值集", SIX_LAYERS)
    at.press("`M` the suggested switch", "m", until=preview, picture="wf3-01-preview")
    at.press("`Ctrl+Enter` ask", "ctrl+Return", until=at.shows("请另一人在此输入账号和口令"))
    at.act("second person's password", partial(_second, at), at.has("mode.in_force"))
    at.press("`Esc` the frame", "Escape", until=at.lacks("转换内容"), picture="wf3-02-emergency")
    at.act("at the other seat, too", lambda: None, at.shows("急时", at=at.other))


def commanded(at: Storm) -> None:
    """Act what 急时 brings to hand: the preset's layers on the map, and on F6 the cameras of the place, live."""
    at.look()
    at.press("`F6` four cameras live", "F6", until=lambda: len(live(at.one)) == len(ground.SHOWN))
    at.see_map("wf3-02a-command")


def live(one: Stranger) -> list[str]:
    """Return what the panes say whose cameras are live."""
    told = (str(seen["name"]) for seen in one.eyes.all() if seen["kind"] == "VideoPane")
    return [name for name in told if "，实时，" in name]


def back(at: Storm) -> None:
    """Act the way back by the same path."""
    at.press("`Ctrl+Shift+E` the way back", "ctrl+shift+e", until=at.shows("解除：", "汛期 → 平时"))
    at.press("`Tab` the reason", "Tab", until=lambda: at.one.eyes.focus() == "QLineEdit")
    at.act("reason", lambda: at.one.write(WHY_BACK), at.shows(WHY_BACK))
    at.press("`Ctrl+Enter` ask", "ctrl+Return", until=at.shows("请另一人在此输入账号和口令"))
    at.act("second person's password", partial(_second, at), at.has("mode.lifted"))
    at.press("`Esc`", "Escape", until=at.lacks("转换内容"), picture="wf3-03-back")
    at.look()


def cancelled(at: Storm) -> None:
    """Have the warning told once more as grave, which calls nobody twice, and lifted by who published it."""
    again = partial(at.take, kind="Update", identifier="2", references="1")
    at.act("Update, as grave as before", again, at.has("warning.supersede"))
    lifted = partial(at.take, kind="Cancel", identifier="3", references="2")
    at.act("Cancel: the banner goes", lifted, at.lacks("暴雨红色预警 渝北区", "生效预警"))
    at.act("and its area leaves the map", lambda: None, at.shows("7 预警区域 0 "))


def applied_s(at: Storm) -> float:
    """Return the seconds from the second person's word to the last confirmation."""
    (begun,), (done,) = at.rows("mode.switch"), at.rows("mode.in_force")
    return (done.at_ns - begun.at_ns) / 1e9


def _furnish(cameras: StreetCameras, folder: Path) -> None:
    begin_at(folder, as_of=BEGINS)
    cameras.furnish(folder)


def _arranged(one: Stranger) -> dict[str, Rect]:
    """Return where the panes of F1 are; empty before they are seen."""
    return {str(seen["kind"]): tuple(seen["rect"]) for seen in one.eyes.all() if seen["kind"] in _PANES}


def _shown_layers(one: Stranger) -> frozenset[str]:
    """Walk over the list of layers by keys; return what it says is shown, counts left out."""
    found = set[str]()
    one.hands.key("y")
    for end in ("End", "Home"):
        one.hands.key(end)
        one.eyes.look_again()
        said = (str(row["text"]) for seen in one.eyes.all() if seen["kind"] == "StepList" for row in seen["rows"])
        found |= {words.lstrip("123456789 ").partition(" ")[0] for words in said if words.endswith("已显示")}
    return frozenset(found)


def _one_cannot_be_reached(at: Storm) -> None:
    """Nobody answers at the first town: his next is called, then the superior is told."""
    for tries, told in enumerate(_UNANSWERED, 1):
        at.press(f"`2` no answer ({tries})", "2", until=at.shows(*told))


def _confirm(at: Storm, reached: int) -> None:
    at.press(f"`1` confirmed ({reached})", "1", until=at.shows("Enter 确定"))
    one = at.one
    at.act("his words", lambda: (one.write(WORDS), one.hands.key("Return")), at.shows(f"· 已确认 {reached} ·"))


def _open_calls(at: Storm) -> list[Call]:
    over = (CallState.CONFIRMED, CallState.ESCALATED)
    return [call for call in at.calls().values() if call.state not in over]


def _second(at: Storm) -> None:
    at.one.hands.text(people.CHIEF)
    at.one.hands.key("Tab")
    at.one.hands.text(PASSWORD)
    at.one.hands.key("Return")


def enact(at: Storm) -> None:
    """Act all of it."""
    warned(at)
    switched(at)
    commanded(at)
    back(at)
    cancelled(at)


def main(arguments: list[str] | None = None) -> int:
    """Enact, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.flows.storm_warning", description=__doc__)
    parser.add_argument("--pictures", type=Path, default=None)
    pictures = parser.parse_args(arguments).pictures
    with tempfile.TemporaryDirectory() as folder, before_the_storm(Path(folder), pictures) as at:
        enact(at)
        told = DOC.read_text("utf-8").partition("\n| ")[0]
        DOC.write_text(told + "\n" + at.table() + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
