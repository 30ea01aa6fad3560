"""Repair tickets that are overdue: told once when the centre reminds of them, and counted for the status bar."""

from typing import TYPE_CHECKING

from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.device_file import Repair

if TYPE_CHECKING:
    from chengyun_console.desk import Desk

FRESH_NS = 120 * NS_PER_S
"""A reminder that is older came with the first snapshot: it is no news, and stands in the list."""
PERMISSION = "repair.take"


class RepairWatch:
    """Held by the desk. Only who sees to tickets is told, and of those of his own area."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._told: dict[int, int] = {}
        """Ticket → how often it was told here."""
        self._counted: tuple[object, ...] = ()
        self._overdue = 0

    def take_facts(self, news: FactNews) -> None:
        """Tell what the centre has just reminded of."""
        for fact in news.facts:
            if isinstance(fact.record, Repair) and self._is_news(fact.record):
                self._told[fact.record.number] = fact.record.reminded
                self._desk.message_came.emit(self._sentence(fact.record), False)

    def overdue(self) -> int:
        """Return how many tickets of this seat are overdue; 0 for who does not see to any. Counted once a second."""
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        state = (facts.through, now_ns // NS_PER_S, self._desk.allowed())
        if state != self._counted:
            self._counted = state
            living = facts.devices.repairs.values()
            self._overdue = sum(one.due_at < now_ns and self._is_mine(one) for one in living)
        return self._overdue

    def _is_news(self, repair: Repair) -> bool:
        is_new = repair.reminded > self._told.get(repair.number, 0) and repair.reminded_at is not None
        return is_new and self._desk.now_ns() - (repair.reminded_at or 0) < FRESH_NS and self._is_mine(repair)

    def _is_mine(self, repair: Repair) -> bool:
        return PERMISSION in self._desk.allowed() and self._desk.routing.place_is_mine(repair.centre)

    def _sentence(self, repair: Repair) -> str:
        desk, names = self._desk, self._desk.names
        device = names.view.device(repair.device) if names is not None else None
        name = device.name if device is not None else repair.device
        named = desk.say("devices.member", name=name, member=repair.member) if repair.member else name
        late_s = max(0.0, (desk.now_ns() - repair.due_at) / NS_PER_S)
        person = names.person(repair.taken_by) if names is not None and repair.taken_by else repair.taken_by
        who = desk.say("devices.told_taken", name=person) if person else desk.say("devices.told_nobody")
        return desk.say(
            "devices.told_overdue", number=repair.number, device=named, time=desk.figures.duration(late_s), who=who
        )
