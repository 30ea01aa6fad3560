"""Who is called for a warning (叫应, A21): by the lists for its kind and level, else the posts of a place.

Source: 突发事件应对法 art. 66 (三) and 67 (一): those in charge are made ready by what the warning is and how grave.
"""

from collections.abc import Container, Iterable
from functools import cache

from sqlalchemy import Connection

from chengyun_core.centre import call_care, call_people, warning_area
from chengyun_core.centre.call_care import Addressee
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.callout import CallList, CallOut, CallState
from chengyun_core.model.scales import Level, WarningColour
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.store import call_table
from chengyun_resources.texts import Texts

MOST_AT_ONCE = 200
"""A watch of eight reaches as many within the half hour; and no other command waits long for them to be written."""
_WRITTEN_IN = "zh_CN"
"""Drafted words are said on the telephone, whatever language a screen is in."""


def responsible(desk: Desk, connection: Connection, held: OfficialWarning) -> list[Addressee]:
    """Return everybody responsible in a warning's area, one for each chain; a place without a list has its posts."""
    places = warning_area.concerned(desk.city, held.area.centres)
    lists = [
        one for one, _ in call_care.LISTS.standing(connection, lambda each: is_for(each, held.category, held.colour))
    ]
    listed = [one for one_list in lists for one in listed_in(desk, connection, one_list, places)]
    return [*listed, *by_posts(desk, places, listed)]


def listed_in(desk: Desk, connection: Connection, one_list: CallList, places: Container[str]) -> list[Addressee]:
    """Return whom a list has called in these places."""
    return [one for one in call_care.addressees_of(desk, connection, one_list) if one.centre in places]


def by_posts(desk: Desk, places: Iterable[str], listed: Iterable[Addressee]) -> list[Addressee]:
    """Return who is called, by the catalogue's posts, for the places in which no list names anybody."""
    covered = {one.centre for one in listed}
    posts = ((code, call_people.chain_of(desk.city, code)) for code in places if code not in covered)
    return [Addressee(centre=code, chain=chain) for code, chain in posts if chain]


def addressees(desk: Desk, connection: Connection, held: OfficialWarning) -> list[Addressee]:
    """Return who is called: everybody responsible; of more than a room can call, the towns are left to their districts.

    Those districts are called, and call theirs.
    """
    found = responsible(desk, connection, held)
    if len(found) <= MOST_AT_ONCE:
        return found
    return [one for one in found if desk.city.centres[one.centre].level is not Level.TOWN] or found


def to_call(
    desk: Desk, connection: Connection, held: OfficialWarning, chain: Iterable[OfficialWarning]
) -> list[Addressee]:  # fmt: skip
    """Return whom a warning still calls: not who confirmed one of its chain that was as grave or graver."""
    known = _confirmed(connection, chain)
    return [one for one in addressees(desk, connection, held) if known.get(one.chain[0], -1) < held.colour]


def begin(
    desk: Desk, work: Work, held: OfficialWarning, wanted: list[Addressee], words: str, about: str
) -> CallOut:  # fmt: skip
    """Begin the call-out of a warning with the words given, or drafted ones."""
    centre = held.sender if held.sender in desk.city.centres else ""
    return call_care.begin(desk, work, wanted, about, _title(held), words or drafted(desk, held), centre)


def drafted(desk: Desk, held: OfficialWarning) -> str:
    """Return what is to be said: who warns of what until when, what to do, and that the hearer repeats it."""
    texts = _spoken()
    ends = desk.shown(held.expires_at) if held.expires_at else texts.say("warning.until_lifted")
    said = texts.say(
        "warning.call_words", issuer=held.issuer or held.sender, at=desk.shown(held.issued_at),
        category=category_word(texts, held.category), colour=texts.say(f"warning.colour.{held.colour.name.lower()}"),
        area=held.area.text, until=ends, measures=held.measures,
    )  # fmt: skip
    return said[:1000]


def category_word(texts: Texts, category: str) -> str:
    """Return the name of a kind of warning; one we do not know keeps its own words."""
    code = f"warning.category.{category}"
    return texts.say(code) if texts.has(code) else category


@cache
def _spoken() -> Texts:
    # Its files are read once.
    return Texts(_WRITTEN_IN)


def _title(held: OfficialWarning) -> str:
    texts = _spoken()
    colour = texts.say(f"warning.colour.{held.colour.name.lower()}")
    named = texts.say("warning.title", category=category_word(texts, held.category), colour=colour)
    return f"{named} {held.code}".strip()


def is_for(listed: CallList, category: str, colour: WarningColour) -> bool:
    """Return whether a list is for a warning: its levels and kinds, each empty for all (1 blue … 4 red)."""
    return (not listed.grades or int(colour) in listed.grades) and (not listed.matters or category in listed.matters)


def _confirmed(connection: Connection, chain: Iterable[OfficialWarning]) -> dict[str, WarningColour]:
    """Return who confirmed messages of a chain, by the first of his chain, with the gravest colour he confirmed."""
    found: dict[str, WarningColour] = {}
    for one in chain:
        for call_out in call_table.of_about(connection, [f"warning/{one.number}"]):
            for call, _, _ in call_table.calls_of(connection, call_out.number):
                if call.state is CallState.CONFIRMED:
                    found[call.chain[0]] = max(found.get(call.chain[0], WarningColour.NONE), one.colour)
    return found
