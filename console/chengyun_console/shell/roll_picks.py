"""Whose roll is called (T9): the districts, the towns, both, every unit, every post, or those picked by hand."""

from enum import StrEnum

from chengyun_console.desk import Desk
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.holding import PostKind
from chengyun_core.model.scales import Level

WINDOWS: tuple[tuple[int, int], ...] = ((60, 120), (30, 60), (120, 300), (300, 600))
"""Seconds within which an answer is in time, and after which the roll call ends. The first is the usual one."""


class Whom(StrEnum):
    """What can be chosen as a whole."""

    BELOW = "below"
    """Every centre below the own one, by its duty officer."""
    DISTRICTS = "districts"
    TOWNS = "towns"
    UNITS = "units"
    POSTS = "posts"
    PICKED = "picked"


class RollPicks:
    """Keeps who is picked; turning one by hand makes it a roll of one's own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.whom = Whom.BELOW
        self._picked: dict[str, None] = {}

    def choose(self, whom: Whom) -> None:
        """Choose a whole; by hand: what is called now is where one begins."""
        if whom is Whom.PICKED:
            self._picked = dict.fromkeys(self.called())
        self.whom = whom

    def turn(self, code: str) -> None:
        """Call one who was not, or leave one out."""
        self.choose(Whom.PICKED)
        if code in self._picked:
            del self._picked[code]
        else:
            self._picked[code] = None

    def called(self) -> tuple[str, ...]:
        """Return the codes of units and posts that would be called."""
        if self.whom is Whom.PICKED:
            return tuple(self._picked)
        return codes_of(self.whom, self._desk)

    def command_codes(self) -> tuple[str, ...]:
        """Return what the command names: nobody means every centre below, whatever the catalogue is by then."""
        return () if self.whom is Whom.BELOW else self.called()

    def offered(self, text: str) -> tuple[str, ...]:
        """Return who can be picked: those called first, then whoever's name or code holds a text."""
        called = self.called()
        if not text:
            return called
        known = dict.fromkeys((*called, *codes_of(Whom.BELOW, self._desk), *codes_of(Whom.UNITS, self._desk),
                               *codes_of(Whom.POSTS, self._desk)))  # fmt: skip
        return tuple(code for code in known if text in code or text in who_answers(self._desk, code))


def codes_of(whom: Whom, desk: Desk) -> tuple[str, ...]:
    """Return the codes of a whole, in the order of the catalogue; none before it has come."""
    if desk.names is None:
        return ()
    catalogue = desk.names.view.catalogue
    match whom:
        case Whom.UNITS:
            return tuple(unit.code for unit in catalogue.units)
        case Whom.POSTS:
            return tuple(post.code for post in catalogue.posts)
        case Whom.DISTRICTS:
            return _centres(desk, catalogue, Level.DISTRICT)
        case Whom.TOWNS:
            return _centres(desk, catalogue, Level.TOWN)
        case _:
            return _centres(desk, catalogue, None)


def who_answers(desk: Desk, code: str) -> str:
    """Return who answers in words: a unit, a post, or the duty officer of a centre that names none."""
    names = desk.names
    if names is None:
        return code
    centre, _, kind = code.partition(".")
    if kind == PostKind.DUTY_OFFICER and names.view.centre(centre) is not None:
        return desk.say("tasks.roll.duty_of", centre=names.place(centre))
    return names.who(code)


def _centres(desk: Desk, catalogue: Catalogue, level: Level | None) -> tuple[str, ...]:
    own, names = desk.session.own_centre, desk.names
    assert names is not None
    below = (row for row in catalogue.centres if row.code != own and own in names.upwards(row.code))
    return tuple(f"{row.code}.{PostKind.DUTY_OFFICER}" for row in below if level in (None, row.level))
