"""Whose something is, in words: how much other seats have, which seats, who answers for a place (H4)."""

from dataclasses import dataclass

from chengyun_console.seat_routing import SeatRouting, Whole
from chengyun_console.wording.figures import Figures
from chengyun_core.model.alarm import Alarm

MOST_SEATS = 2
"""Seats named one by one; of more the first ones and their number."""


@dataclass(frozen=True, slots=True)
class SeatWords:
    """Writes routing in one language."""

    figures: Figures

    def others(self, routing: SeatRouting) -> str:
        """Return how much other seats have: `他席 12，红 1`; empty when nothing is left to them."""
        others = routing.others
        if not others.count:
            return ""
        code = "seats.others_red" if others.red else "seats.others"
        return self._say(code, count=self.figures.count(others.count), red=self.figures.count(others.red))

    def strip(self, routing: SeatRouting) -> str:
        """Return what the strip says beside the count: what others have, or that everything is shown."""
        if routing.whole is Whole.CHOSEN:
            return self._say("seats.all")
        return self.others(routing)

    def note(self, routing: SeatRouting, waiting: str) -> str:
        """Return the note over the list: what waits for this seat, and what others have."""
        told = self.strip(routing)
        return self._say("seats.note", waiting=waiting, others=told) if told else waiting

    def of_alarm(self, routing: SeatRouting, alarm: Alarm) -> str:
        """Return to which seats an alarm goes."""
        return self.named(routing.seats_of(alarm))

    def named(self, seats: tuple[str, ...]) -> str:
        """Return seats by their codes."""
        told = self._say("console.names_between").join(seats[:MOST_SEATS])
        return self._say("seats.and_more", seats=told, count=len(seats)) if len(seats) > MOST_SEATS else told

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)
