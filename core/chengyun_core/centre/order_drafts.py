"""A draft of an order, checked before anything is written: texts, recipients, one lead, what makes it critical."""

from dataclasses import dataclass, replace

from chengyun_core.centre import event_care, labels, recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import deadline_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import Deadlines
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_living
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Order, Role, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.model.scales import EventGrade

CRITICAL = frozenset({"evacuation", "closure", "red_warning", "extraordinary"})
"""Orders two persons answer for (T8; RS13: all orders of an event of grade 特别重大)."""
MOST_DRAFTS = 50
MOST_RECIPIENTS = 1200
"""All towns of the city at once (T9 counts 1031), and some."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE = 120, 2000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft in order."""

    draft: OrderDraft
    event: Event | None


def checked(desk: Desk, work: Work, draft: OrderDraft) -> Checked:
    """Return the draft as it will be written; raise Refused with what is wrong with it.

    Raises:
        Refused: `event.unknown`, `order.event_ended`, `order.no_recipient`, `order.too_many_recipients`,
            `order.recipient_twice`, `order.unknown_recipient`, `order.one_lead`, `order.unknown_centre`,
            `order.unknown_critical`, `order.unknown_deadlines`, `label.not_shared`, and `text.…` for texts.
    """
    event = None if draft.event is None else event_care.get(work.connection, draft.event)
    if event is not None and not is_living(event):
        raise Refused("order.event_ended", event=event.code)
    cleaned = replace(
        draft, title=clean(draft.title, field="title", most=LONGEST_TITLE, required=True),
        text=clean_lines(draft.text, field="text", most=LONGEST_TEXT, required=True),
        place=clean(draft.place, field="place", most=LONGEST_PLACE), centre=_centre(desk, draft, event),
        critical=_critical(draft, event), template=draft.template or desk.settings.order_deadlines,
        within=deadline_rules.checked_own(draft.within),
        recipients=tuple(_recipient(desk, one) for one in draft.recipients),
    )  # fmt: skip
    deadlines(desk, cleaned.template)
    _check_recipients(cleaned)
    for one in cleaned.recipients:
        labels.expect_sent_down(desk, draft.event, recipients.away(desk, one.code))
    return Checked(draft=cleaned, event=event)


def deadlines(desk: Desk, template: str) -> Deadlines:
    """Return a deadline template; raise Refused `order.unknown_deadlines` with the names there are."""
    known = deadline_rules.templates(desk.city.facts)
    if template not in known:
        raise Refused("order.unknown_deadlines", template=template, known=" ".join(sorted(known)))
    return known[template]


def deadlines_of(desk: Desk, order: Order) -> Deadlines:
    """Return the template an order was sent with, the order's own minutes in it; the house's own when the catalogue
    has it no longer. A template without any clock stays without: who named it wanted none.
    """
    known = deadline_rules.templates(desk.city.facts)
    template = known.get(order.template, deadline_rules.TEMPLATES[deadline_rules.DEFAULT])
    return template.with_own(order.within) if order.within and template.minutes else template


def due(desk: Desk, order: Order, event: Event | None, sent_at: int) -> dict[Step, int]:
    """Return the deadlines of an order sent then, profile ns UTC: its template's, and feedback by the matter's time."""
    found = deadlines_of(desk, order).due_from(sent_at)
    matter = desk.city.matters.get(event.matter) if event is not None else None
    if matter is not None and found:
        found.setdefault(Step.FED_BACK, sent_at + round(matter.handle_min * 60 * NS_PER_S))
    return found


def _recipient(desk: Desk, one: Recipient) -> Recipient:
    recipients.centre(desk.city, one.code)
    task = clean(one.task, field="task")
    why = clean(one.over_capacity_reason, field="over_capacity_reason")
    # Of a thousand recipients nearly all are clean as they came, and a copy of each is most of this check's time.
    same = (task, why) == (one.task, one.over_capacity_reason)
    return one if same else replace(one, task=task, over_capacity_reason=why)


def _check_recipients(draft: OrderDraft) -> None:
    codes = [one.code for one in draft.recipients]
    if not codes:
        raise Refused("order.no_recipient", title=draft.title)
    if len(codes) > MOST_RECIPIENTS:
        raise Refused("order.too_many_recipients", count=len(codes), most=MOST_RECIPIENTS)
    twice = next((code for code in codes if codes.count(code) > 1), "") if len(set(codes)) < len(codes) else ""
    if twice:
        raise Refused("order.recipient_twice", recipient=twice, title=draft.title)
    leads = sum(one.role is Role.LEAD for one in draft.recipients)
    # A plan's step may go to those who assist alone: its lead has a step of its own.
    if draft.event is not None and draft.plan_run is None and leads != 1:
        raise Refused("order.one_lead", title=draft.title, leads=leads)
    if leads > 1:
        raise Refused("order.one_lead", title=draft.title, leads=leads)


def _centre(desk: Desk, draft: OrderDraft, event: Event | None) -> str:
    code = draft.centre or (event.centre if event is not None else "")
    if code not in desk.city.centres:
        raise Refused("order.unknown_centre", centre=code, title=draft.title)
    return code


def _critical(draft: OrderDraft, event: Event | None) -> str:
    if draft.critical and draft.critical not in CRITICAL:
        raise Refused("order.unknown_critical", critical=draft.critical, known=" ".join(sorted(CRITICAL)))
    grave = event is not None and event.grade is EventGrade.EXTRAORDINARY
    return draft.critical or ("extraordinary" if grave else "")
