"""A centre with somebody of every kind at every level, whose deeds are all probes: what gets through leaves a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.centre import door as doors
from chengyun_core.centre.handlers import ANSWERS, BY_CALLER, HANDLERS, SIGN_ON
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import COMMANDS, CreateAccount
from chengyun_core.model.holding import MACHINES, PostKind, Subject
from chengyun_core.model.permission import OPEN_TO_ALL, PERMISSIONS
from chengyun_core.model.places import Centre, Seat
from chengyun_core.model.scales import Level, Mode
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.envelope import Done, Reply
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, PASSWORD, SCREEN_KEY, Room, city
from tests.support.made_up import made_up
from tests.support.mode_samples import set_mode
from tests.support.rights_oracle import BESIDE, CITY, DISTRICT, TOWN, Cell, opened

LEVEL_OF = {CITY: Level.CITY, DISTRICT: Level.DISTRICT, TOWN: Level.TOWN, BESIDE: Level.DISTRICT}
PATH = {CITY: (CITY,), DISTRICT: (DISTRICT, CITY), TOWN: (TOWN, DISTRICT, CITY), BESIDE: (BESIDE, CITY)}
PROBED = "rights.probed"
"""Action of the row a deed leaves that got through."""
FROM_INGEST = frozenset({"ingest.activations", "ingest.bands"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who may knock: a post of a centre with a session, or a machine with its key."""

    kind: PostKind | None
    """None: nobody, a token that no session has."""
    centre: str = ""
    token: str
    post: str = ""


@dataclass(slots=True, kw_only=True)
class Asked:
    """What the next deed is about; the probes tell the gate so."""

    subject: Subject = field(default_factory=Subject)


class RightsStand:
    """A room, its people, and the door knocked at with real bytes."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(folder)
        self.room.adopt(_city())
        self.asked = Asked()
        self._through = 0
        self.people = [*self._officers(), *_machines()]

    def knock(self, person: Person, action: str, subject: Subject, mode: Mode) -> Reply:
        """Return the answer to an action about a subject in a mode."""
        self.asked.subject = subject
        set_mode(self.room.desk, mode, subject.path[-1] if subject.path else "")
        return self.room.ask(action, body_of(action), person.token)

    def written(self) -> int:
        """Return how many deeds got through so far."""
        self._through += sum(change.action == PROBED for change in self.room.published)
        self.room.published.clear()
        return self._through

    def _officers(self) -> Iterator[Person]:
        for kind in (kind for kind in PostKind if kind not in MACHINES):
            for centre in PATH:
                post, name = f"{centre}.{kind.value}", f"{kind.value}-{centre}"
                made = CreateAccount(account=name, name=name, password=PASSWORD, posts=(post,))
                self.room.done(made, ADMIN_KEY)
                token = self.room.signed_on(name, f"S-{kind.value}-{centre}")
                yield Person(kind=kind, centre=centre, token=token, post=post)


@contextmanager
def standing(folder: Path) -> Iterator[RightsStand]:
    """Give a stand whose every deed and question is a probe."""
    stand = RightsStand(folder)
    with pytest.MonkeyPatch.context() as patch:
        for action in actions():
            if action in HANDLERS:
                patch.setitem(HANDLERS, action, _probe(stand.asked, action))
            elif action in FROM_INGEST:
                patch.setitem(doors._FROM_INGEST, action, _told)
            else:
                patch.setitem(BY_CALLER if action in BY_CALLER else ANSWERS, action, lambda *_: b"")
        yield stand
    stand.room.ledger.close()


def actions() -> list[str]:
    """Return every action the table speaks of."""
    return [action for action in PERMISSIONS if action not in OPEN_TO_ALL and action != SIGN_ON]


def leaves_a_row(action: str) -> bool:
    """Return whether the action is a deed; questions leave nothing."""
    return action in HANDLERS or action in FROM_INGEST


def body_of(action: str) -> object:
    """Return a body of an action's type; the probes do not look at it."""
    return made_up(COMMANDS[action] if action in COMMANDS else CENTRE_ASKS[action][0])


def expected(person: Person, action: str, subject: Subject, mode: Mode) -> bool:
    """Return whether the person may, by the sets of the oracle; what is asked, and not done, is about nothing."""
    if person.kind is None:
        return False
    about = subject if action in HANDLERS else Subject()
    cell = Cell(
        person.kind, LEVEL_OF.get(person.centre), _seen_from(person.centre, about), person.post in about.owners, mode
    )  # fmt: skip
    return cell in opened(action)


def _seen_from(centre: str, subject: Subject) -> str:
    if not subject.path:
        return "none"
    if not centre or subject.path[0] == centre:
        return "own"
    return "below" if centre in subject.path else "beside"


def _probe(asked: Asked, action: str) -> Any:
    def done(desk: Any, work: Any, caller: Any, command: object) -> Done:
        return Done(change=work.note(PROBED, "probe", action, 1))

    # The real deed's subjects, checks and slow parts are other tests' matter: here all that keeps one out is the gate.
    return replace(HANDLERS[action], handle=done, subjects=lambda *_: (asked.subject,), prepare=None, stage=None)


def _told(desk: Any, work: Any, body: object) -> Done:
    return Done(change=work.note(PROBED, "probe", "ingest", 1))


def _machines() -> list[Person]:
    keys = {PostKind.INGEST: INGEST_KEY, PostKind.LOCAL_ADMIN: ADMIN_KEY, PostKind.SCREEN: SCREEN_KEY}
    machines = [Person(kind=kind, token=key, post=kind.value) for kind, key in keys.items()]
    return [*machines, Person(kind=None, token="f" * 64), Person(kind=None, token="")]


def _city() -> Catalogue:
    plain = city()
    town = Centre(code=TOWN, name="镇街", level=Level.TOWN, parent=DISTRICT)
    kinds = [kind.value for kind in PostKind if kind not in MACHINES]
    seats = [Seat(code=f"S-{k}-{c}", name="席", centre=c, post=f"{c}.{k}") for k in kinds for c in PATH]
    return replace(plain, centres=(*plain.centres, town), seats=(*plain.seats, *seats))
