"""The two minutes of F12 (UI.md): they end by themselves, and only a red that came after them is heard within, once."""

from chengyun_console.sound.calls import Call, Utterance
from chengyun_console.sound.roll import Roll
from chengyun_core.model.scales import WarningColour

SILENCE_S = 120.0


class Silence:
    """Off until begun. Told the time; a silence that ran out says so once."""

    def __init__(self) -> None:
        self._until_s: float | None = None
        self._new: set[int] = set()
        """Reds that came since it began and were not heard."""
        self._broke = False

    def begin(self, now_s: float) -> None:
        """Begin, or begin anew: whatever called until now is meant."""
        self._until_s = now_s + SILENCE_S
        self._new, self._broke = set(), False

    def end(self) -> bool:
        """End it; return whether there was one."""
        was_on = self._until_s is not None
        self._until_s, self._new, self._broke = None, set(), False
        return was_on

    def ended(self, now_s: float) -> bool:
        """Return True once when it has run out."""
        return self._until_s is not None and now_s >= self._until_s and self.end()

    def is_on(self, now_s: float) -> bool:
        """Return whether it holds."""
        return self._until_s is not None and now_s < self._until_s

    def left_s(self, now_s: float) -> float:
        """Return the seconds left, 0 when there is none."""
        return max(0.0, self._until_s - now_s) if self._until_s is not None else 0.0

    def hear(self, call: Call, now_s: float) -> None:
        """Take note of a new call."""
        if self.is_on(now_s) and call.colour is WarningColour.RED:
            self._new.add(call.number)

    def forget(self, number: int) -> None:
        """Take note that an alarm calls no more."""
        self._new.discard(number)

    def breaker(self, standing: Roll) -> Call | None:
        """Return the gravest red that came since it began and was not heard yet."""
        calls = (call for call in map(standing.get, self._new) if call is not None)
        return max(calls, key=lambda call: call.gravity, default=None)

    def broken(self) -> None:
        """Take note that the new reds were heard."""
        self._new, self._broke = set(), True

    def was_broken_by(self, utterance: Utterance) -> bool:
        """Return whether a tone is that of a red heard within the silence."""
        return self._broke and utterance.colour is WarningColour.RED
