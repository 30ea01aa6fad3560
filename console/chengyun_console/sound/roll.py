"""The calls that stand, kept by gravity: asked fifteen times a second, also while six thousand alarms call."""

from collections.abc import Iterator

from chengyun_console.sound.calls import Call
from chengyun_core.model.scales import AlarmPriority, WarningColour

_ORDER = tuple((colour, priority) for colour in reversed(WarningColour) for priority in reversed(AlarmPriority))


class Roll:
    """Calls by alarm number. Everything but `__iter__` takes the same time however many there are."""

    def __init__(self) -> None:
        self._calls: dict[int, Call] = {}
        self._by_gravity: dict[tuple[WarningColour, AlarmPriority], dict[int, Call]] = {key: {} for key in _ORDER}

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, number: int) -> bool:
        return number in self._calls

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls.values())

    def get(self, number: int | None) -> Call | None:
        """Return the call of an alarm, None when it does not call."""
        return self._calls.get(number) if number is not None else None

    def put(self, call: Call) -> Call | None:
        """Take a call as it stands now; return how it stood before."""
        before = self.remove(call.number)
        self._calls[call.number] = self._by_gravity[call.colour, call.priority][call.number] = call
        return before

    def remove(self, number: int) -> Call | None:
        """Forget a call; return it, None when there was none."""
        call = self._calls.pop(number, None)
        if call is not None:
            del self._by_gravity[call.colour, call.priority][number]
        return call

    def gravest(self) -> Call | None:
        """Return a call of the gravest kind there is."""
        return next((next(iter(calls.values())) for calls in self._by_gravity.values() if calls), None)

    def counts(self) -> tuple[int, ...]:
        """Return how many call, by WarningColour."""
        counts = [0] * len(WarningColour)
        for (colour, _priority), calls in self._by_gravity.items():
            counts[colour] += len(calls)
        return tuple(counts)
