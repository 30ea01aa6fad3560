"""Eyes for hands outside: waits for what a watched console has on its screen, and tells where things are."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.waiting import LIMIT_S as WAITING_S
from tests.support.waiting import wait_until

Seen = dict[str, object]
LIMIT_S = 60.0
"""Three consoles and their daemons come up on two cores that strangers' work is on."""


@dataclass(slots=True, kw_only=True)
class Eyes:
    """Reads what `tests.support.watched_console` wrote down last."""

    file: Path
    ended: Callable[[], int | None] = lambda: None
    """Exit code of the console, None while it runs: what a dead one wrote last looks like one that stands still."""
    _read_ns: int = 0
    _last: dict[str, Any] = field(default_factory=dict)

    def all(self) -> list[Seen]:
        """Return every visible widget; none before the first look."""
        seen: list[Seen] = self._told()["seen"]
        return seen

    def focus(self) -> str:
        """Return the kind of the widget that has the keyboard, empty when none has."""
        focus = self._told()["focus"]
        return "" if focus is None else str(focus["kind"])

    def focused(self) -> str:
        """Return the accessible name of the widget that has the keyboard, empty when none has."""
        focus = self._told()["focus"]
        return "" if focus is None else str(focus["name"])

    def said(self) -> str:
        """Return every word on the screen."""
        rows = (row["text"] for one in self.all() for row in one["rows"])
        return "\n".join([*(f"{one['name']} {one['text']} {one['said']}" for one in self.all()), *rows])

    def wait_for(self, what: str, is_seen: Callable[[], bool]) -> None:
        """Wait until something is on the screen; what is there instead is told when it never comes."""
        try:
            self._wait(is_seen, what, LIMIT_S)
        except AssertionError as never:
            raise AssertionError(f"not seen: {what}; on the screen:\n{self.said()}") from never

    def wait_for_words(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        self.wait_for(" and ".join(words), lambda: all(word in self.said() for word in words))

    def kind(self, kind: str) -> Seen:
        """Return the visible widget of a kind, waiting for it."""
        self.wait_for(f"a {kind}", lambda: any(one["kind"] == kind for one in self.all()))
        return next(one for one in self.all() if one["kind"] == kind)

    def place_of(self, text: str, kind: str = "") -> tuple[int, int]:
        """Return the middle of the first widget or row that begins with a text, waiting for it."""
        self.wait_for(f"«{text}»", lambda: bool(self._places(text, kind)))
        return self._places(text, kind)[0]

    def look_again(self) -> None:
        """Wait until the console has written down twice more what is on its screen."""
        for _ in range(2):
            before = self.file.stat().st_mtime_ns
            self._wait(lambda: self.file.stat().st_mtime_ns != before, "the console is looked at again")  # noqa: B023

    def picture(self, file: Path) -> None:
        """Keep what the whole screen shows now as a PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._ask("picture", str(file.resolve()))

    def compose(self, text: str) -> None:
        """Let the input method commit a text: hands that press keys write no Chinese without one."""
        self._ask("words", text)

    def rows(self) -> list[object]:
        """Return the rows of lists that are in view, with their places."""
        return [row for one in self.all() for row in one["rows"]]

    def has(self, text: str, kind: str = "") -> bool:
        """Return whether it is on the screen now."""
        return bool(self._places(text, kind))

    def _told(self) -> dict[str, Any]:
        """Return what was written down last; read again only when it is another."""
        try:
            written_ns = self.file.stat().st_mtime_ns
            if written_ns != self._read_ns:
                self._last, self._read_ns = json.loads(self.file.read_text("utf-8")), written_ns
        except FileNotFoundError:
            return {"seen": [], "focus": None}
        return self._last

    def _ask(self, kind: str, text: str) -> None:
        asked = self.file.with_suffix(f".{kind}")
        draft = self.file.with_suffix(".asking")
        draft.write_text(text, "utf-8")
        draft.replace(asked)
        self._wait(lambda: not asked.exists(), f"the console takes {kind}: {text}")

    def _wait(self, condition: Callable[[], bool], what: str, limit_s: float = WAITING_S) -> None:
        """Wait while there is a console; one that has ended never gets there, and that is told at once."""

        def is_so() -> bool:
            met, code = condition(), self.ended()
            assert met or code is None, f"the console had ended with {code} before {what}"
            return met

        wait_until(is_so, what, limit_s=limit_s)

    def _places(self, text: str, kind: str) -> list[tuple[int, int]]:
        found = []
        for one in self.all():
            if kind in ("", one["kind"]) and text in (one["text"], one["name"]):
                x, y, width, height = one["rect"]
                found.append((x + width // 2, y + height // 2))
            rows = one["rows"] if kind in ("", one["kind"]) else []
            found += [tuple(row["at"]) for row in rows if row["text"].startswith(text)]
        return found
