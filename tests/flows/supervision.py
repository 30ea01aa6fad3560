"""WF6 at the real windows: supervising ten late orders, once by keys alone and once by mouse alone.

`python -m tests.flows.supervision` enacts both and writes the tables of docs/supervision-flow.md anew.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chengyun_core.model.change import Change
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import late_city
from tests.support.late_city import LateCity, ten_late_orders
from tests.support.living_city import LivingCity, living_city

SEAT = "B-01"
BUDGET_S = 30.0
"""WF6: ten overdue orders within half a minute."""
DOC = Path(__file__).resolve().parents[2] / "docs" / "supervision-flow.md"
_MIXED = "席位、电话和短信"
_ON_THE_BOARD = ("督办 10", "未签收 7", "未反馈 2", "被退回 1")
_OWN_REQUEST = "须由另一人审批"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one step took: of the hands, and of the machine after the last press."""

    step: str
    keys: int
    clicks: int
    machine_s: float
    since_s: float


@dataclass(slots=True, kw_only=True)
class Supervision:
    """A chief at the console before ten late orders; steps are noted as they are done."""

    one: Stranger
    late: LateCity
    steps: list[Took] = field(default_factory=list)
    _began: float = 0.0

    def act(self, step: str, do: Callable[[], object], until: Callable[[], bool]) -> None:
        """Do a step with the hands, wait for what it must bring, and note what it took."""
        hands = self.one.hands
        before, self._began = (hands.keystrokes, hands.clicks), self._began or time.monotonic()
        do()
        pressed = time.monotonic()
        self.one.eyes.wait_for(step, until)
        now = time.monotonic()
        self.steps.append(Took(
            step=step, keys=hands.keystrokes - before[0], clicks=hands.clicks - before[1], machine_s=now - pressed,
            since_s=now - self._began,
        ))  # fmt: skip

    def press(self, step: str, *keys: str, until: Callable[[], bool]) -> None:
        """Press keys."""
        self.act(step, lambda: self.one.hands.key(*keys), until)

    def click(self, step: str, text: str, kind: str = "", *, until: Callable[[], bool]) -> None:
        """Click on what begins with a text."""
        self.act(step, lambda: self.one.hands.click(*_place_of(self, text, kind)), until)

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        with self.late.city.door() as door:
            return [change for change in door.changes() if change.action == action]

    def has(self, action: str, count: int) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def shows(self, *words: str) -> Callable[[], bool]:
        """Return what says whether all these words are on the screen."""
        return lambda: all(word in self.one.eyes.said() for word in words)

    def focuses(self, kind: str) -> Callable[[], bool]:
        """Return what says whether a kind of widget has the keyboard."""
        return lambda: self.one.eyes.focus() == kind

    def table(self) -> str:
        """Return the account as a table of the handbook."""
        lines = ["| step | keys | clicks | machine, s | since the first, s |", "|---|---|---|---|---|"]
        lines += [f"| {one.step} | {one.keys or ''} | {one.clicks or ''} | {one.machine_s:.1f} | {one.since_s:.1f} |"
                  for one in self.steps]  # fmt: skip
        keys, clicks = sum(one.keys for one in self.steps), sum(one.clicks for one in self.steps)
        machine_s, since_s = sum(one.machine_s for one in self.steps), self.steps[-1].since_s
        lines.append(f"| all | {keys or ''} | {clicks or ''} | {machine_s:.1f} | {since_s:.1f} of {BUDGET_S:.0f} |")
        return "\n".join(lines)


@contextmanager
def supervising(folder: Path) -> Iterator[Supervision]:
    """Bring up the city with its ten late orders, and seat the chief before them."""
    with (
        living_city(folder, catalogue=late_city.late_city()) as city,
        ten_late_orders(city) as late,
        stranger(city, folder, *_arguments(folder)) as one,
    ):
        made = Supervision(one=one, late=late)
        one.eyes.wait_for("the seat is taken", lambda: _is_seated(city))
        one.eyes.wait_for_words(f"席位 {SEAT}")
        yield made
        sys.stdout.write(made.table() + "\n")


def by_keys(at: Supervision) -> None:
    """Act WF6 without touching the mouse."""
    at.press("`/dd` the board", "slash", "d", "d", "Return", until=at.shows(*_ON_THE_BOARD))
    at.press("`Shift+A` all listed", "shift+a", until=at.shows("已选 10 件"))
    at.press("`U` urge", "u", until=at.focuses("NoteChooser"))
    at.press(f"`6` {_MIXED}", "6", until=at.has("receipt.urge", 9))
    at.press("`A` all of the unit", "a", until=at.shows("已选 4 件", "督办率 0% 0/4"))
    at.press("`E` escalate", "e", until=at.focuses("NoteChooser"))
    at.press("`1` the reason", "1", until=at.shows("督办率 100% 4/4", "督办〔"))
    at.press("`S S` not fed back", "s", "s", until=at.shows("申请延期", "超时未反馈"))
    at.press("`X` decide", "x", until=at.focuses("NoteChooser"))
    at.press("`1` as asked", "1", until=at.shows("延期率 25% 1/4", "延期 1 次，承诺"))
    at.press("`Down X` his own unit's", "Down", "x", until=at.shows(_OWN_REQUEST))


def by_mouse(at: Supervision) -> None:
    """Act WF6 without touching a key."""
    at.act("page F4", lambda: _click_rail(at, 3), until=at.shows("下达 "))
    at.click("督办", "督办", "QPushButton", until=at.shows(*_ON_THE_BOARD))
    names = late_city.NAMES
    at.click("the heaviest row", names[late_city.WATER], "FactList", until=at.shows("督办率 0% 0/4"))
    at.click("`A` all of the unit", "A 选同单位", "QPushButton", until=at.shows("已选 4 件"))
    at.act("Ctrl+click two more", lambda: _held(at, "ctrl", names[late_city.POLICE], names[late_city.FIRE]),
           at.shows("已选 6 件"))  # fmt: skip
    at.click("`U` urge", "U 催办", "QPushButton", until=at.focuses("NoteChooser"))
    at.act("by the seats", lambda: _first_note(at), until=at.has("receipt.urge", 5))
    at.click("the heaviest row", names[late_city.WATER], "FactList", until=at.shows("督办率 0% 0/4"))
    at.click("`A` all of the unit", "A 选同单位", "QPushButton", until=at.shows("已选 4 件"))
    at.click("`E` escalate", "E 督办", "QPushButton", until=at.focuses("NoteChooser"))
    at.act("the reason", lambda: _first_note(at), until=at.shows("督办率 100% 4/4", "督办〔"))
    at.click("not fed back", "未反馈", "QPushButton", until=at.shows("申请延期", "X 审批申请"))
    at.click("`X` decide", "X 审批申请", "QPushButton", until=at.focuses("NoteChooser"))
    at.act("as asked", lambda: _first_note(at), until=at.shows("延期率 25% 1/4", "延期 1 次，承诺"))


def main() -> int:
    """Enact both and write the tables into the handbook's page."""
    tables = {}
    for name, enact in (("keys", by_keys), ("mouse", by_mouse)):
        with tempfile.TemporaryDirectory() as folder, supervising(Path(folder)) as at:
            enact(at)
            tables[name] = at.table()
    DOC.write_text(_written(DOC.read_text("utf-8"), tables), "utf-8")
    return 0


def _written(page: str, tables: dict[str, str]) -> str:
    """Return the page with its tables between their marks."""
    for name, table in tables.items():
        begin, end = f"<!-- enacted: {name} -->\n", "<!-- end -->"
        head, _, rest = page.partition(begin)
        page = head + begin + table + "\n" + rest[rest.index(end) :]
    return page


def _arguments(folder: Path) -> list[str]:
    found = signed_in(SEAT, folder)
    found[found.index("--account") + 1] = late_city.CHIEF
    return found


def _is_seated(city: LivingCity) -> bool:
    with city.door() as door:
        return any(row.action == "session.sign_on" and row.account == late_city.CHIEF for row in door.changes())


def _click_rail(at: Supervision, place: int) -> None:
    x, y, width, _height = at.one.eyes.kind("Rail")["rect"]  # type: ignore[misc]
    at.one.hands.click(x + width // 2, y + 64 * place + 32)


def _place_of(at: Supervision, text: str, kind: str) -> tuple[int, int]:
    """Return the middle of the first button, or row, that begins with a text: counts follow the words."""
    found: list[tuple[int, int]] = []

    def is_seen() -> bool:
        for seen in at.one.eyes.all():
            if seen["kind"] == kind:
                x, y, width, height = seen["rect"]  # type: ignore[misc]
                found.extend([(x + width // 2, y + height // 2)] if str(seen["text"]).startswith(text) else [])
                found.extend(tuple(row["at"]) for row in seen["rows"] if row["text"].startswith(text))  # type: ignore[attr-defined]
        return bool(found)

    at.one.eyes.wait_for(f"«{text}»", is_seen)
    return found[0]


def _held(at: Supervision, key: str, *texts: str) -> None:
    """Click on rows while a key is held: the hand that holds it is the other one, and counts for nothing."""
    places = [at.one.eyes.place_of(text, "FactList") for text in texts]
    at.one.hands.hold(key)
    for place in places:
        at.one.hands.click(*place)
    at.one.hands.let_go(key)


def _first_note(at: Supervision) -> None:
    """Click on the first note of the chooser."""
    x, y, _width, _height = at.one.eyes.kind("NoteChooser")["rect"]  # type: ignore[misc]
    at.one.hands.click(x + 40, y + 42)


if __name__ == "__main__":
    sys.exit(main())
