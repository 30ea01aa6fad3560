"""Who an order may go to: units of the catalogue and posts of its centres; who signs for them, and where they are."""

from chengyun_core.centre.city import City
from chengyun_core.centre.desk import Desk
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.permission import centre_of, kind_of


def centre(city: City, code: str) -> str:
    """Return the centre a recipient belongs to; raise Refused `order.unknown_recipient` for neither unit nor post."""
    unit = city.units.get(code)
    if unit is not None:
        return unit.centre
    if kind_of(code) is None or centre_of(code) not in city.centres:
        raise Refused("order.unknown_recipient", recipient=code)
    return centre_of(code)


def post(city: City, code: str) -> str:
    """Return the post that signs for a recipient: the unit's, or the post itself."""
    unit = city.units.get(code)
    return code if unit is None else unit.post


def name(city: City, code: str) -> str:
    """Return what people call a recipient, its code when the catalogue does not know it."""
    unit = city.units.get(code)
    return code if unit is None else unit.name


def superior(city: City, code: str) -> str:
    """Return the unit that is told when this one stays silent; empty: none is named."""
    unit = city.units.get(code)
    return "" if unit is None else unit.superior


def subject(city: City, code: str) -> Subject:
    """Return what a permission of the recipient's own deeds is asked about: its post owns them."""
    unit = city.units.get(code)
    place = centre_of(code) if unit is None else unit.centre
    return Subject(name=code, path=city.path(place), owners=frozenset({post(city, code)}))


def away(desk: Desk, code: str) -> str:
    """Return the centre whose own daemon must get it first; empty: the recipient's consoles are this centre's.

    Another's are: all that do not lie below this centre, and those below a centre the settings call linked.
    """
    own = desk.settings.centre or desk.city.root()
    way = desk.city.path(centre(desk.city, code))
    linked = next((step for step in way if step in desk.settings.linked_centres), "")
    if linked:
        return linked
    return "" if own in way else way[0]
