"""How every unit stands for whoever proposes several steps in a row: what one step takes weighs on the next."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import units
from chengyun_core.centre.desk import Desk
from chengyun_core.model.dispatch_rules import Roster


def roster(desk: Desk, connection: Connection) -> Roster:
    """Return how the units of the catalogue in force stand, those of this very transaction included."""
    return units.roster(desk, connection)


def loaded(held: Roster, code: str) -> Roster:
    """Return the roster with one more receipt on a unit."""
    standing = held.standings[code]
    return held.with_changed((replace(standing, load=standing.load + 1),))
