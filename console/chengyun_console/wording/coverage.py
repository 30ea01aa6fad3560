"""Who answers for a place, in words: seats with their people, covers with their end, how it came to them (H4)."""

from dataclasses import dataclass

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.duty import SeatCover, SeatSilence
from chengyun_core.model.routing import How, Route

MOST_SEATS = 4


@dataclass(frozen=True, slots=True)
class CoverageWords:
    """Writes the coverage of one instant with the names of one catalogue version."""

    figures: Figures
    names: Gazetteer
    facts: FactMirror

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.figures.texts.say(code, **params)

    def seats(self, route: Route, now_ns: int) -> str:
        """Return who answers: each seat with who sits there, and whose area it covers until when."""
        seats = sorted(route.seats)
        told = self.say("console.names_between").join(self._seat(seat, route, now_ns) for seat in seats[:MOST_SEATS])
        return self.say("seats.and_more", seats=told, count=len(seats)) if len(seats) > MOST_SEATS else told

    def told(self, route: Route, now_ns: int) -> str:
        """Return who answers and how it came to them, in one line."""
        return self.say("coverage.told", seats=self.seats(route, now_ns), how=self.how(route))

    def how(self, route: Route) -> str:
        """Return how a place came to its seats: `在岗`, `代管`, `上收至 渝中区`, `无人值守：归全体`."""
        place = self.names.view.centre(route.at)
        return self.say(f"coverage.how.{route.how.value}", place=place.name if place is not None else route.at)

    def waiting(self, count: int) -> str:
        """Return how many alarms of a place nobody acknowledged."""
        return self.say("console.strip.unacknowledged", count=self.figures.count(count))

    def silent(self, silence: SeatSilence) -> str:
        """Return the seat that does not respond, and who sits there."""
        return self._named(silence.seat)

    def since(self, silence: SeatSilence) -> str:
        """Return since when a seat was not heard."""
        return self.say("coverage.silent_since", time=self.figures.clock(silence.since))

    def _seat(self, seat: str, route: Route, now_ns: int) -> str:
        cover = self._cover(seat, route)
        if cover is None:
            return self._named(seat)
        if cover.until is None:
            return self.say("coverage.covers", seat=self._named(seat), other=cover.seat)
        until = self.figures.axis(cover.until, now_ns)
        return self.say("coverage.covers_until", seat=self._named(seat), other=cover.seat, time=until)

    def _cover(self, seat: str, route: Route) -> SeatCover | None:
        """Return the cover by which a seat answers here; None when its own area does it."""
        if route.how not in (How.HELD, How.COVERED) or self._area(seat) == route.at:
            return None
        covers = self.facts.duty.covers.values()
        return next((one for one in covers if one.by_seat == seat and self._area(one.seat) == route.at), None)

    def _area(self, seat: str) -> str:
        row = self.names.view.seat(seat)
        return (row.area or row.centre) if row is not None else ""

    def _named(self, seat: str) -> str:
        held = self.facts.sessions.get(seat)
        name = "" if held is None else held.name or held.account
        return self.say("coverage.seat", seat=seat, name=name).strip()
