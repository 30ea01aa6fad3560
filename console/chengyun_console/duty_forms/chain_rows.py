"""Chains of a call list as rows: who is called, below him who is called when he cannot be reached; and who is found."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.wording.duty import DutyWords
from chengyun_console.wording.roster import found_among
from chengyun_core.model.duty import Person
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

Chains = list[list[str]]
_FOUND = 60


@dataclass(frozen=True, slots=True)
class ChainWords:
    """Writes codes with the names of roster and catalogue; one nobody has any more is shown as it is, in orange."""

    desk: Desk
    people: tuple[Person, ...]

    def rows(self, chains: Chains) -> list[FactRow]:
        """Return a row for each in each chain; its key is `<chain>.<place>`."""
        known = {one.code: one for one in self.people}
        return [
            self._row(f"{at}.{place}", code, known, at, place)
            for at, chain in enumerate(chains)
            for place, code in enumerate(chain)
        ]

    def found(self, typed: str, chains: Chains) -> list[FactRow]:
        """Return people, posts and units whose name or code holds what is typed; who is in a chain says so."""
        words, held = typed.casefold().split(), {code for chain in chains for code in chain}
        known = {one.code: one for one in self.people}
        codes = [one.code for one in found_among(self.people, typed)]
        if words:
            codes += [code for code, said in self._places() if all(word in said for word in words)]
        return [self._found_row(code, known, held) for code in dict.fromkeys(codes[: _FOUND * 4])][:_FOUND]

    def _found_row(self, code: str, known: dict[str, Person], held: set[str]) -> FactRow:
        title, detail, _is_known = self._said(code, known)
        status = self.desk.say("console.duty.form.is_called") if code in held else ""
        return FactRow(key=code, severity=Severity.NONE, title=title, detail=detail, status=status)

    def _row(self, key: str, code: str, known: dict[str, Person], at: int, place: int) -> FactRow:
        title, detail, is_known = self._said(code, known)
        say = self.desk.say
        if not is_known:
            detail = say("console.duty.form.unknown_code", what=code)
        status = say("console.duty.form.chain_first", at=at + 1) if not place else (
            say("console.duty.form.chain_next", at=place))  # fmt: skip
        return FactRow(
            key=key, severity=Severity.NONE, title=title, detail=detail, status=status, depth=1 if place else 0,
            status_colour=Colour.TEXT_SECOND if is_known else Colour.ORANGE_TEXT,
        )  # fmt: skip

    def _said(self, code: str, known: dict[str, Person]) -> tuple[str, str, bool]:
        """Return name, what is said besides, and whether anybody has the code."""
        names, joined_words = self.desk.names, DutyWords(self.desk.figures, self.desk.names).joined
        person = known.get(code)
        if person is not None:
            phone = person.phones[0] if person.phones else self.desk.say("console.duty.contacts.no_phone")
            return person.name, joined_words(person.unit, phone), True
        post = names.post(code) if names is not None else None
        if post is not None and names is not None:
            return post.holder or post.name, joined_words(post.name, names.place(post.centre), post.phone), True
        unit = names.unit(code) if names is not None else None
        if unit is not None and names is not None:
            return unit.name, joined_words(names.place(unit.centre), unit.phone), True
        return code, "", False

    def _places(self) -> list[tuple[str, str]]:
        names = self.desk.names
        if names is None:
            return []
        catalogue = names.view.catalogue
        posts = [(one.code, f"{one.name} {one.holder} {one.code}".casefold()) for one in catalogue.posts]
        return posts + [(one.code, f"{one.name} {one.code}".casefold()) for one in catalogue.units]


def joined(chains: Chains, chain: int, code: str) -> Chains:
    """Return the chains with a code at the end of one of them; who is in it already stays where he is."""
    return [
        [*one, code] if at == chain and code not in one else list(one) for at, one in enumerate(chains)
    ]  # fmt: skip


def without(chains: Chains, key: str) -> Chains:
    """Return the chains without the place `<chain>.<place>`; an empty chain goes with it."""
    at, place = _read(key)
    left = [[code for where, code in enumerate(one) if (n, where) != (at, place)] for n, one in enumerate(chains)]
    return [one for one in left if one]


def chains_moved(chains: Chains, key: str, by: int) -> tuple[Chains, str]:
    """Return the chains with a place moved within its chain, or, of one alone in it, the chain; and its key then."""
    at, place = _read(key)
    rows = [list(one) for one in chains]
    if not 0 <= at < len(rows):
        return rows, key
    chain = rows[at]
    if len(chain) > 1:
        to = place + by
        if 0 <= to < len(chain):
            chain[place], chain[to] = chain[to], chain[place]
            return rows, f"{at}.{to}"
    elif 0 <= at + by < len(rows):
        rows[at], rows[at + by] = rows[at + by], rows[at]
        return rows, f"{at + by}.0"
    return rows, key


def _read(key: str) -> tuple[int, int]:
    at, _, place = key.partition(".")
    return int(at), int(place)
