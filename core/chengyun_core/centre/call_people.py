"""Who a code in a chain is: a person of the roster, a post of the catalogue or a unit, with the numbers to call."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre.city import City
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import kind_of
from chengyun_core.store import duty_table

_ANSWERS_FOR_A_PLACE = (PostKind.DUTY_OFFICER, PostKind.WATCH_CHIEF)
"""Posts that are called for a place no list names anybody for, in this order (办法 art. 25: 带班 behind 值班)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Somebody who can be called."""

    code: str
    name: str
    centre: str
    unit: str = ""
    phones: tuple[str, ...] = ()


def known(city: City, connection: Connection, code: str) -> Reached | None:
    """Return who a code is, None for nobody; posts come first, which cost no question to the database."""
    post = city.posts.get(code)
    if post is not None:
        name = post.holder or post.name
        return Reached(code=code, name=name, centre=post.centre, unit=post.name, phones=_given(post.phone))
    unit = city.units.get(code)
    if unit is not None:
        return Reached(code=code, name=unit.name, centre=unit.centre, unit=unit.name, phones=_given(unit.phone))
    person = duty_table.person(connection, code)
    if person is None:
        return None
    return Reached(code=code, name=person.name, centre=person.centre, unit=person.unit, phones=person.phones)


def chain_of(city: City, centre: str) -> tuple[str, ...]:
    """Return who answers for a centre by the catalogue: its duty posts, then its chiefs'; empty when it has none."""
    posts = sorted(city.posts_of.get(centre, ()))
    return tuple(post for kind in _ANSWERS_FOR_A_PLACE for post in posts if kind_of(post) is kind)


def distinct(codes: Iterable[str]) -> tuple[str, ...]:
    """Return codes without repetitions, in their order."""
    return tuple(dict.fromkeys(codes))


def _given(phone: str) -> tuple[str, ...]:
    return (phone,) if phone else ()
