"""A centre with an event and people to consult on it, for tests of rooms."""

from pathlib import Path
from typing import Any

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.room import Member, MemberRole, Room, SignalKind
from chengyun_core.model.room_commands import Invitee, JoinRoom, OpenRoom
from chengyun_core.model.room_rules import member_of
from chengyun_core.store import room_table
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.room_asks import AskMail, Mail, SendSignal, SignalTaken
from tests.core.centre.order_stand import KINDS, OrderStand
from tests.core.centre.room import SETTINGS

CHAIR, WATER, POLICE, DISTRICT = "A-01", "U-WATER", "U-POLICE", "500103.duty_officer"
KINDS |= {"room", "room_poll", "room_decision", "heard"}


class RoomStand(OrderStand):
    """An officer at A-01 with a room on event 1; units and the district's officer come when they are asked for."""

    def __init__(self, folder: Path, settings: CentreSettings = SETTINGS) -> None:
        super().__init__(folder, settings)
        self.event_one = self.open_event(assisting=("U-POLICE",))

    def opened(self, *codes: str, **told: Any) -> Room:
        """Open the room and ask these to come."""
        invited = tuple(Invitee(code=code, role=MemberRole.ASSIST) for code in codes)
        self.room.done(OpenRoom(event=1, invited=invited, **told), self.officer)
        return self.held()

    def held(self, number: int = 1) -> Room:
        """Return a room as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = room_table.get(connection, number)
        assert found is not None
        return found

    def member(self, code: str) -> Member:
        """Return a member of room 1."""
        found = member_of(self.held(), code)
        assert found is not None
        return found

    def join(self, code: str, session: str = "") -> Done:
        """Have somebody come in."""
        return self.room.done(JoinRoom(room=1, code=code), session or self.unit(code))

    def mail(self, code: str, session: str, after: int = 0) -> Mail:
        """Ask for a member's words, as his console does four times a second."""
        return self.ask("room.mail", AskMail(room=1, code=code, after=after), Mail, session)

    def signal(self, sender: str, session: str, to: str, data: str = "v=0") -> SignalTaken:
        """Send a word from one member to another."""
        word = SendSignal(room=1, code=sender, to=to, kind=SignalKind.OFFER, data=data)
        return self.ask("room.signal", word, SignalTaken, session)
