"""Boxes in which words wait for members of rooms, and when each member was last heard. Sans-io."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from chengyun_core.model.failure import Refused
from chengyun_core.wire.room_asks import SendSignal, Word

MOST_WORDS = 64
"""Words that may wait for one member; one more is refused, and its sender tries again."""
Place = tuple[int, str]
"""(room, code of the member)."""


@dataclass(slots=True)
class Mailboxes:
    """One for the daemon; what is in it is lost with the process, and consoles set up anew."""

    _boxes: dict[Place, deque[Word]] = field(default_factory=dict)
    _heard: dict[Place, int] = field(default_factory=dict)
    _last: int = 0

    def put(self, room: int, code: str, sent: SendSignal) -> int:
        """Let a word wait; return how many now do. Raises Refused `room.box_full`."""
        box = self._boxes.setdefault((room, code), deque())
        if len(box) >= MOST_WORDS:
            raise Refused("room.box_full", member=code, most=MOST_WORDS)
        self._last += 1
        box.append(Word(number=self._last, sender=sent.code, kind=sent.kind, data=sent.data))
        return len(box)

    def take(self, room: int, code: str, after: int) -> tuple[Word, ...]:
        """Return the words after a number; those up to it were taken and are forgotten.

        A number of an earlier run of the daemon is above all there are: then everything is told.
        """
        box = self._boxes.get((room, code), deque())
        while box and box[0].number <= after <= self._last:
            box.popleft()
        return tuple(box)

    def was_heard(self, room: int, code: str, monotonic_ns: int) -> None:
        """Take note that a member's console asked."""
        self._heard[room, code] = monotonic_ns

    def silent(self, monotonic_ns: int, longest_ns: int) -> list[tuple[int, str, int]]:
        """Return (room, member, ns since he was heard) of who is in and was not heard for so long.

        Who was never heard counts from the first look at him.
        """
        for place in self._boxes:
            self._heard.setdefault(place, monotonic_ns)
        quiet = ((place, monotonic_ns - self._heard[place]) for place in self._boxes)
        return [(room, code, silence) for (room, code), silence in quiet if silence > longest_ns]

    def are_in(self, room: int, codes: Iterable[str]) -> None:
        """Take note of who is in: a box for each, and none for those who went."""
        inside = {(room, code) for code in codes}
        for place in [place for place in self._boxes if place[0] == room and place not in inside]:
            del self._boxes[place]
            self._heard.pop(place, None)
        for place in inside:
            self._boxes.setdefault(place, deque())

    def close(self, room: int) -> None:
        """Forget a room."""
        self.are_in(room, ())

    def is_empty(self) -> bool:
        """Return whether nobody is in any room."""
        return not self._boxes
