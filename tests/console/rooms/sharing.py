"""A consultation of three in which somebody shows something to all."""

from dataclasses import dataclass, replace

from chengyun_console.actions.table import BY_ID
from chengyun_console.rooms.sheet import RoomSheet
from chengyun_console.subjects import subject_of
from chengyun_core.model.room import Route
from tests.console import room_stand
from tests.console.conftest import Room
from tests.console.room_stand import TOWN, WATER, chair, consultation, member
from tests.console.still_session import START_NS, S

SINCE_NS = START_NS + 20 * S


@dataclass
class Sharing:
    """The sheet is open, and what is shown to all is in the test's hand."""

    stand: room_stand.Stand
    version: int = 2

    @property
    def room(self) -> Room:
        return self.stand.room

    @property
    def sheet(self) -> RoomSheet:
        return self.stand.sheet

    def share(self, name: str, by: str = TOWN) -> None:
        """Have somebody show something; empty: nobody shows anything."""
        self.version += 1
        people = (chair(), member(WATER, seat="S-1"), member(TOWN, seat="Y-1", name="周敏", account="zhou"))
        told = [replace(one, shares=name, shares_at=SINCE_NS) if name and one.code == by else one for one in people]
        self.stand.put(consultation(*told, route=Route.RELAYED, version=self.version))

    def offered(self) -> list[tuple[str, object]]:
        """Return what S offers: how it is called, and as what it would be shown."""
        (question,) = BY_ID["room.share"].questions
        assert question.choices is not None
        choices = question.choices(subject_of(self.room.desk))
        return [(one.text or self.room.desk.say(one.title), one.value) for one in choices]


def begun(room: Room) -> Sharing:
    """Return a consultation on event 7, its sheet open, nothing shown."""
    made = Sharing(room_stand.made_stand(room))
    made.stand.do("room.open_for_event")
    made.share("")
    return made


def ended(sharing: Sharing) -> None:
    """End what the consultation runs."""
    sharing.room.desk.rooms.stop()
