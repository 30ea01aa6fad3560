"""The roster in words where it is written: who can be put on a shift and as what, who is on it, and what would lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.duty import Assignment, DutyRole, Gap, Person, Presence, Shift
from chengyun_core.model.duty_rules import CERTIFIED, is_certified
from chengyun_core.wire.duty_asks import ShiftChecked
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

_ROLES = tuple(DutyRole)


@dataclass(frozen=True, slots=True)
class RosterWords:
    """Writes with the names a desk has now."""

    desk: Desk

    @property
    def duty(self) -> DutyWords:
        """Return the words of duty."""
        return DutyWords(self.desk.figures, self.desk.names)

    def candidate(self, person: Person, role: DutyRole, ends_at: int) -> FactRow:
        """Return somebody who could be put on a shift as something; whose certificate does not hold then, says so."""
        words, say = self.duty, self.desk.say
        day = self.desk.figures.moment(ends_at - 1).date()
        fits = role not in CERTIFIED or is_certified(person, role, day)
        held = [words.role(one.role.value) for one in person.certificates if one.until >= day.isoformat()]
        return FactRow(
            key=person.code, severity=Severity.NONE, title=person.name,
            detail=words.joined(person.unit, say("console.names_between").join(held)),
            status="" if fits else say("console.duty.form.uncertified", role=words.role(role.value)),
            status_colour=Colour.ORANGE_TEXT,
        )  # fmt: skip

    def assigned(self, one: Assignment, names: Mapping[str, str]) -> FactRow:
        """Return somebody on a shift: as what, at which seat, and where he is when that was told."""
        words, say = self.duty, self.desk.say
        stands = say("console.duty.stands_in", name=names.get(one.stands_in_for, one.stands_in_for))
        told = one.presence is not Presence.PLANNED
        return FactRow(
            key=one.person, severity=Severity.NONE, title=names.get(one.person, one.person),
            detail=words.joined(words.role(one.role.value), one.seat, stands if one.stands_in_for else ""),
            status=say(f"console.duty.presence.{one.presence.value}") if told else "",
            status_colour=Colour.RED_TEXT if one.presence is Presence.ABSENT else Colour.TEXT_SECOND,
        )  # fmt: skip

    def checked(self, told: ShiftChecked, names: Mapping[str, str], shifts: Mapping[int, Shift]) -> list[FactRow]:
        """Return what would lack, here first, then in other shifts."""
        return [
            self._gap(at, gap, names, shifts.get(gap.shift), beside=at >= len(told.gaps))
            for at, gap in enumerate((*told.gaps, *told.beside))
        ]

    def _gap(self, at: int, gap: Gap, names: Mapping[str, str], shift: Shift | None, *, beside: bool) -> FactRow:
        said = self.duty.gap(gap, names, None, 0)
        where = shift.name if shift is not None else ""
        return FactRow(
            key=f"gap:{at}", severity=Severity.NONE, title=said,
            detail=self.desk.say("console.duty.form.gap_beside", shift=where) if beside else where,
            status_colour=Colour.RED_TEXT if gap.missing else Colour.ORANGE_TEXT,
            status=self.desk.say("console.duty.form.lacks" if gap.missing else "console.duty.form.look_at"),
        )  # fmt: skip


def ordered(rows: Sequence[Assignment]) -> list[Assignment]:
    """Return people in the order of their roles, each role's as they were put on."""
    return sorted(rows, key=lambda one: _ROLES.index(one.role))


def found_among(people: Sequence[Person], words: str) -> list[Person]:
    """Return those whose code, name, unit or a telephone holds every word."""
    wanted = words.casefold().split()
    return [one for one in people if all(word in _said(one) for word in wanted)]


def _said(person: Person) -> str:
    return " ".join((person.code, person.name, person.unit, *person.phones)).casefold()
