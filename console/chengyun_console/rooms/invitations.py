"""Whom a consultation is about to ask: suggested ones ticked, officers on duty beside them, anybody found by name."""

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.pinyin import keys_of
from chengyun_core.mirror.search import SearchIndex
from chengyun_core.model.dispatch import Unit
from chengyun_core.model.failure import Reason
from chengyun_core.model.places import Post, Seat
from chengyun_core.model.room import Member, MemberRole, MemberState, Room
from chengyun_core.model.room_commands import Invitee
from chengyun_core.wire.room_asks import Suggested

MOST_FOUND = 20


class Invitations:
    """One per sheet. Who is suggested is asked unless his tick is taken away, everybody else once he is ticked."""

    def __init__(self, desk: Desk, background: Background) -> None:
        self._desk, self._background = desk, background
        self.suggested: tuple[Suggested, ...] = ()
        self._turned: set[str] = set()
        """Codes whose tick is not what it was at first."""
        self._found: dict[str, Suggested] = {}
        """Ticked ones that were found by name: they stay in the list when another name is looked for."""
        self._index: SearchIndex | None = None
        self._people: tuple[Suggested, ...] = ()
        self._spelled_of: CatalogueView | None = None

    def forget(self) -> None:
        """Begin anew, for another event."""
        self.suggested = ()
        self._turned.clear()
        self._found.clear()

    def suggest(self, people: tuple[Suggested, ...]) -> None:
        """Take whom the centre suggests; who was ticked by hand before that stays ticked."""
        self._turned -= {one.code for one in people} - {one.code for one in self.suggested}
        self.suggested = people

    def turn(self, code: str, text: str = "") -> None:
        """Tick somebody, or take his tick away. `text`: what was looked for when he was chosen."""
        self._turned ^= {code}
        found = next((one for one in self._matching(text) if one.code == code), None)
        if found is not None and code in self._turned:
            self._found[code] = found
        elif code not in self._turned:
            self._found.pop(code, None)

    def offered(self, room: Room | None, text: str = "") -> tuple[Suggested, ...]:
        """Return who may be asked and is not yet: found by this text first, else suggested, on duty, found before."""
        known = _known(room)
        if text.strip():
            return tuple(one for one in self._matching(text) if one.code not in known)
        found: dict[str, Suggested] = {}
        for one in (*self.suggested, *self._on_duty(), *self._found.values()):
            found.setdefault(one.code, one)
        return tuple(one for one in found.values() if one.code not in known)

    def is_ticked(self, code: str) -> bool:
        """Return whether somebody is asked with the next key."""
        return (code in {one.code for one in self.suggested}) != (code in self._turned)

    def ticked(self, room: Room | None) -> tuple[Invitee, ...]:
        """Return who is asked with the next key, in the order of the list."""
        wanted = (one for one in self.offered(room) if self.is_ticked(one.code))
        return tuple(Invitee(code=one.code, role=one.role) for one in wanted)

    def spell(self) -> None:
        """Have everybody's name spelled for the search, beside the GUI thread."""
        names = self._desk.names
        if names is None or names.view is self._spelled_of:
            return
        self._spelled_of, self._people = names.view, _everybody(names.view)
        self._index = None
        people = self._people
        self._background.run("room people", lambda: _spelled(people), self._take)

    def _take(self, index: object) -> None:
        assert isinstance(index, SearchIndex)
        self._index = index

    def _matching(self, text: str) -> tuple[Suggested, ...]:
        """Return who is found by name, code, pinyin or initials; until names are spelled by what is written."""
        if not text.strip():
            return ()
        if self._index is not None:
            return tuple(self._people[row] for row in self._index.find(text, MOST_FOUND))
        words = text.casefold().split()
        written = ((one, f"{one.name} {one.code}".casefold()) for one in self._people)
        return tuple(one for one, plain in written if all(word in plain for word in words))[:MOST_FOUND]

    def _on_duty(self) -> tuple[Suggested, ...]:
        """Return who sits at the other seats now."""
        signed_on, names = self._desk.session.signed_on, self._desk.names
        own = signed_on.seat if signed_on is not None else ""
        seats = {seat.code: seat for seat in names.view.catalogue.seats} if names is not None else {}
        return tuple(
            Suggested(
                code=row.seat, name=row.name, centre=seats[row.seat].centre, role=MemberRole.GUEST,
                why=Reason(code="rooms.why.on_duty", params={"name": row.name or row.account}),
            )
            for row in self._desk.session.facts.sessions.values() if row.seat != own and row.seat in seats
        )  # fmt: skip


def _known(room: Room | None) -> frozenset[str]:
    """Return who need not be asked: he is in, or was asked; a seat speaks for whoever came from it."""
    here: tuple[Member, ...] = room.members if room is not None else ()
    staying = [one for one in here if one.state is not MemberState.LEFT]
    return frozenset((*(one.code for one in staying), *(one.seat for one in staying)))


def _everybody(view: CatalogueView) -> tuple[Suggested, ...]:
    """Return seats, units and posts of the catalogue as they may be asked."""
    told = Reason(code="rooms.why.found")
    rows: tuple[Seat | Unit | Post, ...] = (*view.catalogue.seats, *view.catalogue.units, *view.catalogue.posts)
    by_code = {
        row.code: Suggested(code=row.code, name=row.name, centre=row.centre, role=MemberRole.GUEST, why=told)
        for row in rows
    }  # fmt: skip
    return tuple(by_code.values())


def _spelled(people: tuple[Suggested, ...]) -> SearchIndex:
    return SearchIndex([keys_of(one.name, one.code) for one in people])
