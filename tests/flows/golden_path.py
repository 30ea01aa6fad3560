"""WF2 at the real windows: who takes part, how a step is done and measured, and what the journal says of it.

What is done by hands is counted, what the machine took is measured after the last press, what came of it is read from
the journal. The acts themselves: `golden_keys` (no mouse at all) and `golden_mouse` (no key but in texts).
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from chengyun_core.model.camera import Evidence
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.event import Attachment, Event, Improvement
from chengyun_core.store import chain, journal, keys
from chengyun_core.store.attachments import LARGEST_PART
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskChanges, Changes
from chengyun_core.wire.event_asks import AskEvent, AskFile, EventFile, FilePart, HopRow, Hops
from tests.flows.golden_table import Account, Took
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import golden_city as golden
from tests.support.city_clock import begin_at, follow, set_clock
from tests.support.golden_units import Units, make_accounts
from tests.support.living_city import PASSWORD, POST, SEAT, LivingCity, living_city
from tests.support.shipped_land import bring_land
from tests.support.street_cameras import StreetCameras, street_cameras

SECOND, SECOND_SEAT = "second", "A-02"
"""The officer at the other seat, who has not handled the event."""
LEADER = golden.CALLED["QIANGXIU"]
"""The unit that leads; it works at a console of its own."""
SILENT = golden.CALLED["GAOZHI"]
"""The unit that says nothing until it is called."""
FILES = "附件"
"""What the list of an event's files is called."""
LIVE = "实时"
"""What a screen reader says of a pane whose pictures come, change and are not black."""
LOOK_S = 0.1
"""Pause between two looks at the journal: three consoles and two daemons share two cores with the onlooker."""
SOUND = Path(golden.__file__).with_name("null_sound.conf")
OTHERS = tuple(code for code in golden.CALLED.values() if code not in (LEADER, SILENT))


@dataclass(slots=True, kw_only=True)
class Camera:
    """Takes a picture of a screen after each step that has one; None as folder: it takes none."""

    folder: Path | None = None

    def take(self, one: Stranger, name: str, *, looks: int = 1) -> None:
        """Keep what is on this screen as `wf2-<name>.png`; after some looks where it has thumbnails to wait for."""
        if self.folder is not None:
            for _ in range(looks):
                one.eyes.look_again()
            one.eyes.picture(self.folder / f"wf2-{name}.png")


class GoldenPath:
    """Somebody on duty when the main bursts, the repair team at its console, and a colleague at the next seat."""

    def __init__(self, city: LivingCity, windows: "Windows", camera: Camera) -> None:
        self.city, self.account, self.camera = city, Account(), camera
        self.one, self.windows = windows.officer(), windows
        self.units = Units(city=city)
        self._burst_ns = 0
        self._known: list[Change] = []
        self._looked_s = 0.0

    @property
    def team(self) -> Stranger:
        """Return the leading unit's own console."""
        return self.windows.team()

    @property
    def other(self) -> Stranger:
        """Return the console of the other seat."""
        return self.windows.other()

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        return [change for change in self.changes() if change.action == action]

    def changes(self) -> list[Change]:
        """Return the journal as it was at most a tenth of a second ago; what is known of it is not read again."""
        now_s = time.monotonic()
        if now_s - self._looked_s >= LOOK_S:
            with self.city.door() as door:
                through = self._known[-1].number if self._known else 0
                found = codec.unpack(door.ask("changes.since", AskChanges(after=through)), Changes)
                self._known += found.changes
            self._looked_s = time.monotonic()
        return self._known

    def event(self) -> Event:
        """Return the event as it stands."""
        found = [change for change in self.changes() if change.kind == "event"]
        return codec.unpack(found[-1].record, Event)

    def hops(self) -> tuple[HopRow, ...]:
        """Return the hops of the event as a console is told them."""
        with self.city.door() as door:
            return codec.unpack(door.ask("event.hops", AskEvent(event=self.event().number)), Hops).rows

    def improvements(self) -> list[Improvement]:
        """Return what somebody has to mend because of the event."""
        found = [change for change in self.changes() if change.kind == "improvement"]
        return [codec.unpack(change.record, Improvement) for change in found]

    def chain_fault(self) -> str:
        """Return the first fault of the journal, every row's hash, link and signature looked at; empty: it is whole."""
        self.city.supervisor.stop()
        folder = self.city.profile.folder
        database = Database(folder / "centre" / "chengyun.db")
        try:
            with database.reading() as connection:
                public = keys.signer(folder / "keys").public()
                return chain.verify(connection, public, 1, journal.head(connection).number).fault
        finally:
            database.close()

    def is_seated(self) -> None:
        """Wait until the administrator's file has signed the officer on: WF2 begins at a seat that is taken."""
        self.one.eyes.wait_for("the seat is taken", self.has("session.sign_on"))
        self.one.eyes.wait_for_words(golden.NAME)

    def burst(self) -> None:
        """Let the pressure fall through its red limit: t0."""
        self._burst_ns = self.city.clock.utc_ns()
        burst = {golden.PRESSURE: golden.BURST}
        self.act("1", self.one, lambda: self.city.publish(burst), self.shows("低于红色限"), row="alarm.raise")

    def has_its_clip(self) -> None:
        """Wait for the clip of the alarm's rule, ten seconds after it: in a faster time the wish for it would lapse."""
        self.one.eyes.wait_for("the clip of the alarm's rule is kept", self.has("evidence.keep", 3))

    def leap(self, ahead_s: float) -> None:
        """Let the city's time go at its usual pace again, later by so much, and wait until all live in it."""
        set_clock(self.city, rate=1.0, ahead_s=ahead_s)
        for one in self.windows.opened():
            one.eyes.wait_for("the centre is live", lambda one=one: "失联" not in one.eyes.said())
            one.eyes.look_again()

    def gives_the_keyboard(self, one: Stranger, title: str) -> None:
        """Do what a desk's window manager does, which is not there: the window that came last has the keyboard."""
        one.hands.focus(one.hands.windows(title)[-1])

    def has_draft(self) -> bool:
        """Return whether some text of several lines holds words."""
        return any(one["kind"] == "QPlainTextEdit" and str(one["text"]).strip() for one in self.one.eyes.all())

    def press(
        self, name: str, *keys: str, until: Callable[[], bool], at: Stranger | None = None, row: str = ""
    ) -> None:  # fmt: skip
        """Press a step's keys, and wait for what it must bring. `row`: see `act`."""
        one = at or self.one
        self.act(name, one, lambda: one.hands.key(*keys), until, row=row)

    def act(
        self, name: str, one: Stranger, do: Callable[[], object], until: Callable[[], bool], *, row: str = ""
    ) -> None:  # fmt: skip
        """Do something with these hands, wait for what it must bring, and note what it took.

        `row`: the journal's row that comes of it; what the machine took to it is told by the row's own time.
        """
        hands, began_ns = one.hands, self.city.clock.utc_ns()
        before = (hands.keystrokes, hands.typed, hands.clicks)
        do()
        began = ProfileClock().monotonic_ns()
        self._wait(name, one, until)
        took = Took(
            keys=hands.keystrokes - before[0] - (hands.typed - before[1]), typed=hands.typed - before[1],
            clicks=hands.clicks - before[2], machine_s=(ProfileClock().monotonic_ns() - began) / NS_PER_S,
            since_s=(self.city.clock.utc_ns() - self._burst_ns) / NS_PER_S,
        )  # fmt: skip
        self.account.note(name, took)
        if row:
            self.account.journal_s[row] = (self.rows(row)[-1].at_ns - began_ns) / NS_PER_S

    def has(self, action: str, count: int = 1) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def is_acknowledged(self) -> Callable[[], bool]:
        """Return what says whether the journal has it, and the card with it: who, and with which note."""
        return lambda: self.has("alarm.acknowledge")() and not self.sees("NoteChooser")() and self.shows("核实中")()

    def is_waterfall(self, one: Stranger) -> Callable[[], bool]:
        """Return what says whether the hops are there in place of the files that were looked at before."""

        def holds() -> bool:
            named = {str(seen["name"]) for seen in one.eyes.all()}
            return FILES not in named and self.shows("办结", "反馈", at=one)()

        return holds

    def keeps(self, camera: str) -> Callable[[], bool]:
        """Return what says whether somebody, and no rule, has kept evidence of a camera."""
        return lambda: any(kept.camera == camera and kept.wish is None for kept in self.evidence())

    def evidence(self) -> list[Evidence]:
        """Return what was kept of cameras."""
        return [codec.unpack(row.record, Evidence) for row in self.rows("evidence.keep")]

    def kept(self, evidence: Evidence) -> bytes:
        """Return the bytes of evidence as a console is given them."""
        with self.city.door() as door:
            data = b""
            while len(data) < evidence.size:
                ask = AskFile(attachment=evidence.attachment, offset=len(data), length=LARGEST_PART)
                data += codec.unpack(door.ask("attachment.get", ask), FilePart).data
        return data

    def files(self) -> tuple[Attachment, ...]:
        """Return the files of the event."""
        with self.city.door() as door:
            return codec.unpack(door.ask("event.get", AskEvent(event=self.event().number)), EventFile).attachments

    def is_called(self, rung: str) -> Callable[[], bool]:
        """Return what says whether the centre has called a unit by this rung."""
        return lambda: any(row.params["rung"] == rung for row in self.rows("receipt.remind"))

    def shows(self, *words: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether all these words are on the screen."""
        return lambda: all(word in (at or self.one).eyes.said() for word in words)

    def is_in(self, field: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether the field of this name has the keyboard: only then may words be composed."""
        return lambda: field in (at or self.one).eyes.focused()

    def sees(self, kind: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether a kind of widget is on the screen."""
        return lambda: any(one["kind"] == kind for one in (at or self.one).eyes.all())

    def are_live(self, *cameras: str) -> Callable[[], bool]:
        """Return what says whether the panes of these cameras, by their names, say that their pictures are live."""

        def holds() -> bool:
            panes = [str(one["name"]) for one in self.one.eyes.all() if one["kind"] == "VideoPane"]
            return all(any(pane.startswith(f"{name}，{LIVE}") for pane in panes) for name in cameras)

        return holds

    def focuses(self, kind: str, *words: str, at: Stranger | None = None) -> Callable[[], bool]:
        """Return what says whether a kind of widget has the keyboard, and these words are on the screen."""
        return lambda: (at or self.one).eyes.focus() == kind and self.shows(*words, at=at)()

    def _wait(self, name: str, one: Stranger, until: Callable[[], bool]) -> None:
        try:
            one.eyes.wait_for(name, until)
        except AssertionError as never:
            written = [change.action for change in self.changes()]
            log = one.eyes.file.with_name("console.log").read_text("utf-8")[-2000:]
            raise AssertionError(f"{name}: hands {one.hands.log}; the journal: {written}; {log}; {never}") from never


class Windows:
    """Opens consoles of a city when they are first looked at, each its own process on a screen of its own."""

    def __init__(self, city: LivingCity, folder: Path, stack: ExitStack) -> None:
        self._city, self._folder, self._stack = city, folder, stack
        self._open: dict[str, Stranger] = {}

    def officer(self) -> Stranger:
        """Return the duty officer's console."""
        return self._opened("officer", SEAT)

    def team(self) -> Stranger:
        """Return the leading unit's console."""
        return self._opened(LEADER.lower(), LEADER, "--page", "F4")

    def other(self) -> Stranger:
        """Return the console of the officer at the other seat."""
        return self._opened(SECOND, SECOND_SEAT, "--page", "F3")

    def opened(self) -> tuple[Stranger, ...]:
        """Return every console that is open."""
        return tuple(self._open.values())

    def _opened(self, account: str, seat: str, *arguments: str) -> Stranger:
        if account not in self._open:
            folder = self._folder / account
            folder.mkdir()
            signed = signed_in(seat, folder, account)
            self._open[account] = self._stack.enter_context(stranger(self._city, folder, *signed, *arguments))
        return self._open[account]


@contextmanager
def golden_path(folder: Path, pictures: Path | None = None) -> Iterator[GoldenPath]:
    """Bring up the city of the case with its plan and everybody's account, and put the officer before a console."""
    with (
        patch.dict(os.environ, {"ALSA_CONFIG_PATH": str(SOUND)}),
        street_cameras(folder / "scenes", golden.shown()) as cameras,
        living_city(
            folder, catalogue=golden.golden_city(), furnish=partial(_furnish, cameras), officer=golden.OFFICER
        ) as city,
        ExitStack() as stack,
    ):
        follow(city)
        with city.door() as door:
            door.send(golden.golden_plans(), timeout_s=30)
            bring_land(door, "districts", "rivers")
        make_accounts(city, CreateAccount(account=SECOND, name=golden.COLLEAGUE, password=PASSWORD, posts=(POST,)))
        city.publish_samples(golden.past(city.clock.utc_ns()))
        city.truth = dict(golden.AT_REST)
        city.publish_all()
        path = GoldenPath(city, Windows(city, folder, stack), Camera(folder=pictures))
        path.is_seated()
        path.team.eyes.wait_for_words("渝中区供水抢修队")
        yield path


def _furnish(cameras: StreetCameras, folder: Path) -> None:
    begin_at(folder, as_of=golden.BEGINS)
    cameras.furnish(folder)
