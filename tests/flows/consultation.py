"""WF7 at three real consoles on one centre: city, district and town, each a process on a screen of its own, by keys.

python -m tests.flows.consultation --pictures docs/pictures --film docs/pictures/wf7.webp --page docs/rooms.md: enacts
it and keeps its stills, its film and its table.
"""

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import psutil
from PySide6.QtGui import QImage

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import profile as profiles
from chengyun_core.model.change import Change
from chengyun_core.model.room import Room
from chengyun_core.store import keys
from chengyun_core.wire import codec
from tests.flows.recording import filmed
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.gallery.pictures import kept
from tests.support import consult_city as place
from tests.support.city_clock import begin_at, follow
from tests.support.janus_stand import JanusStand
from tests.support.living_city import OFFICER, SEAT, LivingCity, living_city
from tests.support.street_cameras import StreetCameras, street_cameras

DOC = Path(__file__).resolve().parents[2] / "docs" / "rooms.md"
SOUND = Path(__file__).resolve().parents[1] / "support" / "null_sound.conf"
FIRST_SENTENCE_BUDGET_S = 40.0
"""From `V` on the event to the first voice that comes out at another console (WF7)."""
QUESTION, RESERVED = "是否转移沿江低洼处群众？", "先转移行动不便的三十户"
DECIDED = "15时前转移朝天门沿江低洼处群众，先转移行动不便的三十户"
ORDERED = f"{DECIDED} · 已下达 "
MISSED = "气象台：未来两小时仍有强降雨"
SILENT_S = 10.0
"""Two cores under strangers' work hold a console up for longer than the five seconds of every day."""
ROOMS = '\n[rooms]\nmicrophone = "tone:440"\nspeaker = "none"\ncamera = "card"\n'
"""A machine of the test hears nothing and has no eyes: each console speaks a tone and shows a card."""
FINDING, RECIPIENTS = "输入名称或代码，加任何单位", "接收单位"
MOST_TABS = 12
FIELD = "_Field"
"""What has the keyboard while a line is asked for."""
_BEGIN, _END = "<!-- enacted: consultation -->\n", "<!-- end -->"
_SOUND = re.compile(r"声音 (\d+) 帧/秒")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one step took."""

    step: str
    keys: int
    machine_s: float


@dataclass(slots=True, kw_only=True)
class Consultation:
    """The officer of the city who leads, and those of the district and the town; steps are noted as they are done."""

    city: LivingCity
    chair: Stranger
    district: Stranger
    town: Stranger
    pictures: Path | None = None
    steps: list[Took] = field(default_factory=list)
    began_s: float = 0.0
    first_sentence_s: float = 0.0

    def act(
        self, step: str, do: Callable[[], object], until: Callable[[], bool], *, at: Stranger | None = None,
        picture: str = "",
    ) -> None:  # fmt: skip
        """Do a step, wait for what it must bring, note what it took."""
        one = at or self.chair
        before = one.hands.keystrokes
        do()
        pressed = time.monotonic()
        self._wait(one, step, until)
        self.steps.append(
            Took(step=step, keys=one.hands.keystrokes - before, machine_s=time.monotonic() - pressed)
        )  # fmt: skip
        if picture and self.pictures is not None:
            one.eyes.look_again()
            taken = self.pictures / f"{picture}.png"
            one.eyes.picture(taken)
            kept(QImage(str(taken)), taken)

    def press(
        self, step: str, *keys: str, until: Callable[[], bool], at: Stranger | None = None, picture: str = ""
    ) -> None:  # fmt: skip
        """Press keys."""
        self.act(step, lambda: (at or self.chair).hands.key(*keys), until, at=at, picture=picture)

    def shows(self, *words: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether all these words are on a screen."""
        eyes = (at or self.chair).eyes
        return lambda: all(word in eyes.said() for word in words)

    def asks(self, field_kind: str, *words: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether a field has the keyboard, and these words are on a screen."""
        eyes = (at or self.chair).eyes
        return lambda: eyes.focus() == field_kind and self.shows(*words, at=at)()

    def hears(self, one: Stranger) -> Callable[[], bool]:
        """Return what says whether whole sound comes out at a console: fifty frames a second, a few lost."""
        return lambda: any(int(found) > 40 for found in _SOUND.findall(one.eyes.said()))

    def rows(self, *actions: str) -> list[Change]:
        """Return the journal's rows of these actions, in order."""
        with self.city.door() as door:
            return [change for change in door.changes() if change.action in actions]

    def has(self, action: str, count: int = 1) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def newest(self, kind: str, record: type[_R]) -> _R:
        """Return a record of the journal as it stands."""
        with self.city.door() as door:
            found = [change for change in door.changes() if change.kind == kind]
        return codec.unpack(found[-1].record, record)

    def room(self) -> Room:
        """Return the room as it stands."""
        return self.newest("room", Room)

    def table(self) -> str:
        """Return the account as a table of the page."""
        lines = ["| step | keys | machine, s |", "| --- | --- | --- |"]
        lines += [f"| {one.step} | {one.keys or ''} | {one.machine_s:.1f} |" for one in self.steps]
        load, keys_pressed = os.getloadavg()[0], sum(one.keys for one in self.steps)
        first, budget = f"{self.first_sentence_s:.1f} s", f"{FIRST_SENTENCE_BUDGET_S:.0f} s"
        told = f"From `Shift+H` to the first voice {first} (budget {budget}); {keys_pressed} keys in all."
        return "\n".join([*lines, "", f"{told} Load of the machine: {load:.0f}.", ""])

    def _wait(self, one: Stranger, step: str, until: Callable[[], bool]) -> None:
        try:
            one.eyes.wait_for(step, until)
        except AssertionError as never:
            with self.city.door() as door:
                written = [change.action for change in door.changes()]
            log = one.eyes.file.with_name("console.log").read_text("utf-8")[-2000:]
            raise AssertionError(f"{step}: hands {one.hands.log}; the journal: {written}; {log}; {never}") from never


@contextmanager
def before_the_room(folder: Path, pictures: Path | None = None) -> Iterator[Consultation]:
    """Bring up the city with its camera, its relay and its event, and seat all three."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"ALSA_CONFIG_PATH": str(SOUND)}))
        made = profiles.ensure(folder / "p", centre="500000")
        secret = relay_secret(keys.secret(made.folder / "keys" / "token.key"))
        janus = stack.enter_context(JanusStand(folder / "janus", secret))
        cameras = stack.enter_context(street_cameras(folder, {place.CAMERA: place.SCENE}, frames=40))
        city = stack.enter_context(
            living_city(folder, catalogue=place.consult_city(), officer=place.OFFICER,
                        furnish=lambda profile: _furnish(profile, janus.address, cameras))
        )  # fmt: skip
        follow(city)
        place.make_accounts(city)
        city.publish(dict.fromkeys(range(4), 20.0))
        place.open_event(city)
        windows = [
            _console(stack, city, folder, account, seat)
            for account, seat in (
                (OFFICER, SEAT), *((account, seat) for seat, (account, _, _) in place.PEOPLE.items()),
            )
        ]  # fmt: skip
        chair, district, town = windows
        at = Consultation(city=city, chair=chair, district=district, town=town, pictures=pictures)
        for one in windows:
            one.eyes.wait_for_words(place.TITLE)
        yield at
        sys.stdout.write(at.table())


def _furnish(profile: Path, relay: str, cameras: StreetCameras) -> None:
    begin_at(profile, place.BEGINS)
    file = profile / "profile.toml"
    told = file.read_text("utf-8")
    told = told.replace("\n[centre]\n", f'\n[centre]\nrooms_relay = "{relay}"\nroom_silent_s = {SILENT_S}\n')
    file.write_text(told + ROOMS, "utf-8")
    cameras.furnish(profile)


def _console(stack: ExitStack, city: LivingCity, folder: Path, account: str, seat: str) -> Stranger:
    own = folder / account
    own.mkdir()
    return stack.enter_context(stranger(city, own, *signed_in(seat, own, account), "--page", "F3"))


def enact(at: Consultation) -> None:
    """Act all of it."""
    opened(at)
    speaking(at)
    shared(at)
    asked(at)
    dropped(at)
    decided(at)


def opened(at: Consultation) -> None:
    """The chair opens the room from the event and asks everybody by one key; district and town come."""
    at.began_s = time.monotonic()
    suggested = ("已勾选", place.LEAD_NAME, "朝天门", "防汛跑道长")
    at.press("`Shift+H` who should come", "shift+h", until=at.shows(*suggested), picture="consultation-plan")
    at.press("`O` opens and asks them all", "o", until=at.has("room.open"))
    for name, one in (("district", at.district), ("town", at.town)):
        at.press(f"`Shift+H` at the {name}'s", "shift+h", until=at.shows("J 加入会商", at=one), at=one)
        at.press(f"`J` the {name} joins", "j", until=at.shows(f"到会 {2 if one is at.district else 3}", at=one), at=one)
    at.act("the roll: three are in", lambda: None, at.shows("到会 3", place.OFFICER, "刘勇", "周敏"))


def speaking(at: Consultation) -> None:
    """Everybody opens his microphone and shows his picture; what the chair hears is the first sentence."""
    for name, one in (("chair", at.chair), ("district", at.district), ("town", at.town)):
        at.press(f"`M` the {name} speaks", "m", until=at.has("room.mute", _turn(at, one)), at=one)
    at.act("the first voice at the chair's", lambda: None, at.hears(at.chair))
    at.first_sentence_s = time.monotonic() - at.began_s
    for one in (at.chair, at.district, at.town):
        one.hands.key("c")
    at.press("`R` records", "r", until=at.shows("录音中 R-1-1"))


def shared(at: Consultation) -> None:
    """The town shows its camera: live at the chair's and the district's, with who shows it and since when."""
    town = at.town
    at.press("`V` the town's cameras", "Escape", "v", until=at.shows(f"{place.CAMERA_NAME}，实时", at=town), at=town)
    at.press("`V` back to the room", "v", until=at.shows("到会 3", at=town), at=town)
    at.press("`S` share", "s", until=at.shows("共享什么", place.CAMERA_NAME, at=town), at=town)
    at.press("`3` the camera", "3", until=at.has("room.share"), at=town)
    for name, one in (("chair", at.chair), ("district", at.district)):
        live = partial(_is_live, one)
        at.act(f"the town's camera is live at the {name}'s", lambda: None, live, at=one)


def _is_live(one: Stranger) -> bool:
    """Return whether the pane of the shared camera, and no other, says that it is live."""
    shared = rf"{place.CAMERA_NAME} · [^\n]*周敏 共享 · 自 14:[\d:]+[^\n]*，实时，"
    return re.search(shared, one.eyes.said()) is not None


def asked(at: Consultation) -> None:
    """The chair asks; the city and the town agree, the district has a reservation with its words."""
    _answered(at, "`Q` asks", at.chair, "q", QUESTION)
    for name, one in (("chair", at.chair), ("district", at.district), ("town", at.town)):
        picture = "consultation-shared" if one is at.chair else ""
        told = at.shows(QUESTION, "未表态\N{NO-BREAK SPACE}3", at=one)
        at.act(f"the question at the {name}'s", lambda: None, told, at=one, picture=picture)
    at.press("`1` the chair agrees", "1", until=at.has("room.vote"))
    at.press("`1` the town agrees", "1", until=at.has("room.vote", 2), at=at.town)
    _answered(at, "`2` the district's reservation", at.district, "2", RESERVED)
    counted = at.shows("同意 2 · 保留 1 · 反对 0 · 未表态\N{NO-BREAK SPACE}0", RESERVED)
    at.act("the count at the chair's", lambda: None, counted)


def dropped(at: Consultation) -> None:
    """The district's machine stands still for a while: it is shown gone, and comes back with what it missed."""
    halted = processes_of(at.district)
    for process in halted:
        process.send_signal(signal.SIGSTOP)
    at.act("the district's machine stands still", lambda: None, at.shows("断线"), picture="consultation-dropped")
    _answered(at, "`N` what it misses", at.chair, "n", MISSED)
    for process in halted:
        process.send_signal(signal.SIGCONT)
    at.act("it is back by itself", lambda: None, at.has("room.rejoin"))
    at.act("and reads what it missed", lambda: None, at.shows(MISSED, "到会 3", at=at.district), at=at.district)


def decided(at: Consultation) -> None:
    """The decision becomes the draft of an order, the order is sent and tied to it; the recording ends."""
    _answered(at, "`D` decides", at.chair, "d", DECIDED, until=at.asks("QLineEdit", "下达指令"))
    at.act("to whom", lambda: _choose_lead(at), at.shows("发给 1 个单位"))
    at.press("`Ctrl+Enter` sends", "ctrl+Return", until=at.has("room.link"))
    at.act("the decision names its order", lambda: None, at.shows(ORDERED), picture="consultation-decided")
    at.press("`R` ends the recording", "r", until=at.has("attachment.add"))


def _choose_lead(at: Consultation) -> None:
    """Go on to the search of units, find the one that leads the event by its name, and let it lead here, too."""
    one = at.chair
    _tab_to(one, FINDING)
    one.write(place.LEAD_NAME)
    one.eyes.wait_for("the unit is found", lambda: one.eyes.has(place.LEAD_NAME, "FactList"))
    _tab_to(one, RECIPIENTS)
    one.hands.key("Return")


def _tab_to(one: Stranger, name: str) -> None:
    """Press Tab until the widget of this name has the keyboard."""
    for _ in range(MOST_TABS):
        if one.eyes.focused() == name:
            return
        one.hands.key("Tab")
        one.eyes.look_again()
    raise AssertionError(f"no Tab leads to {name}; the keyboard is at {one.eyes.focused()}")


def _turn(at: Consultation, one: Stranger) -> int:
    return 1 + (at.chair, at.district, at.town).index(one)


def _answered(
    at: Consultation, step: str, one: Stranger, key: str, words: str, *, until: Callable[[], bool] | None = None
) -> None:  # fmt: skip
    """Press a key that asks for a line, write the line, and send it."""
    at.press(step, key, until=lambda: one.eyes.focus() == FIELD, at=one)
    one.write(words)
    one.eyes.wait_for(words, lambda: words in one.eyes.said())
    at.press(f"{step}: Enter", "Return", until=until or (lambda: one.eyes.focus() != FIELD), at=one)


def steps_in(page: str) -> set[str]:
    """Return the names of the steps that stand in the page's table."""
    table = page.partition(_BEGIN)[2].partition(_END)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return {row.split(" | ")[0].removeprefix("| ") for row in rows[2:]}


def written(page: str, table: str) -> str:
    """Return a page with another table between its marks; raises ValueError where it has none."""
    head, mark, rest = page.partition(_BEGIN)
    if not mark:
        raise ValueError(f"the page has no line {_BEGIN.strip()}")
    return head + mark + table + rest[rest.index(_END) :]


def processes_of(one: Stranger) -> list[psutil.Process]:
    """Return the processes of somebody's machine: his console, its media worker, its decoders."""
    started = psutil.Process().children(recursive=True)
    console = next(process for process in started if str(one.eyes.file) in process.cmdline())
    return [console, *console.children(recursive=True)]


def main(arguments: list[str] | None = None) -> int:
    """Enact, and keep what is asked for; nothing is kept of the page when a step fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.flows.consultation", description=__doc__)
    parser.add_argument("--pictures", type=Path, default=None, help="write the stills there")
    parser.add_argument("--film", type=Path, default=None, help="write a film of the three screens there (.webp)")
    parser.add_argument("--page", type=Path, default=None, help="write the table into this page (docs/rooms.md)")
    asked_for = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, before_the_room(Path(folder), asked_for.pictures) as at:
        screens = [one.hands.display for one in (at.chair, at.district, at.town)]
        with filmed(screens, asked_for.film):
            enact(at)
        if asked_for.page:
            asked_for.page.write_text(written(asked_for.page.read_text("utf-8"), at.table()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
