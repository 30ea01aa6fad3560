"""Warnings of one's own (突发事件应对法 art. 64, 70): published with all eight fields, replaced, lifted, called out."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import approvals, display_numbers, warning_area, warning_calls, warning_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.warning_import import OWN
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import warning_rules
from chengyun_core.model.approval import Approval
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Realm, WarningColour
from chengyun_core.model.stamp import iso_utc
from chengyun_core.model.warning import Affected, MessageType, OfficialWarning, Status, WarningState
from chengyun_core.model.warning_commands import CancelWarning, IssueWarning, StartWarningCall
from chengyun_core.store import counters, warning_table
from chengyun_core.wire.envelope import Done

MOST_POLYGONS, MOST_CORNERS = 20, 500
_LEAST_CORNERS = 3
_TEXT_MOST = 2000


def subjects_of_issue(desk: Desk, work: Work, command: IssueWarning) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the centre that publishes."""
    return (Subject(name=command.centre, path=desk.city.path(command.centre) or (command.centre,)),)


def subjects(desk: Desk, work: Work, command: CancelWarning) -> tuple[Subject, ...]:
    """Return the centre that published; an unknown warning is refused to the permitted."""
    held = warning_table.get(work.connection, command.warning)
    if held is None or held.sender not in desk.city.centres:
        return ()
    return (Subject(name=held.code, path=desk.city.path(held.sender)),)


def subjects_of_call(desk: Desk, work: Work, command: StartWarningCall) -> tuple[Subject, ...]:
    """Return the places that are called; a warning of no place of ours is the uppermost centre's."""
    held = warning_table.get(work.connection, command.warning)
    places = () if held is None else held.area.centres or (desk.city.root(),)
    return tuple(Subject(name=code, path=desk.city.path(code)) for code in places)


def issue(desk: Desk, work: Work, caller: Caller, command: IssueWarning) -> Done:
    """Publish a warning; a red one waits for a second person (T8)."""
    place = _may_publish(desk, command)
    replaced = _replaced(work.connection, command)
    held = _drafted(desk, work, command, place, replaced)
    if held.colour not in warning_rules.SECONDED:
        published = warning_care.publish(desk, work, held, "warning.issue")
        return Done(change=work.noted, key=str(published.number), version=published.version)
    told = {"headline": held.headline, "colour": held.colour.name.lower(), "centre": place.name}
    approval = approvals.ask(
        desk, work, caller, command, subject=held.code, params=told, minutes=desk.settings.approval_minutes
    )
    waiting = replace(held, state=WarningState.WAITING, approval=approval.number)
    change = work.note(
        "warning.ask", warning_care.KIND, waiting.number, 1, waiting, params=warning_care.told_of(waiting)
    )
    warning_table.add(work.connection, waiting, change)
    return Done(change=change, key=str(approval.number), version=approval.version, warnings=("approval.waits",))


def issue_given(desk: Desk, work: Work, approval: Approval, command: IssueWarning) -> None:
    """Publish what waited; what was to be replaced must still be as it was seen."""
    held = _waiting(work.connection, approval)
    _replaced(work.connection, command)
    if command.expires_at <= work.at_ns:
        raise Refused("warning.issue.expires_at")
    published = replace(held, state=WarningState.IN_FORCE, issued_at=work.at_ns, version=held.version + 1)
    warning_care.put(desk, work, published, "warning.issue", {"seconded_by": approval.decided_by})
    warning_care.settled(desk, work, published)


def issue_ended(desk: Desk, work: Work, approval: Approval, command: IssueWarning) -> None:  # noqa: ARG001 - see SECONDED
    """Keep what was not given as refused: it was never published."""
    held = _waiting(work.connection, approval)
    refused = replace(held, state=WarningState.REFUSED, version=held.version + 1)
    warning_care.put(desk, work, refused, "warning.refuse", {"reason": approval.reason})


def cancel(desk: Desk, work: Work, caller: Caller, command: CancelWarning) -> Done:  # noqa: ARG001 - see HANDLERS
    """Lift a warning of one's own: a Cancel of its chain is published, and nobody is called for it any more."""
    reason = clean(command.reason, field="reason", required=True)
    held = _own_as_seen(work.connection, command.warning, command.version)
    lifted = replace(
        held, message=MessageType.CANCEL, references=(_reference(held),),
        notice=reason, issued_at=work.at_ns, received_at=work.at_ns, expires_at=None, call_out=None, approval=None,
        state=WarningState.CANCELLED, replaced_by=None, version=1,
    )  # fmt: skip
    warning_care.publish(desk, work, _numbered(desk, work, lifted), "warning.cancel")
    after = warning_table.get(work.connection, held.number)
    assert after is not None
    return Done(change=work.noted, key=str(held.number), version=after.version)


def call(desk: Desk, work: Work, caller: Caller, command: StartWarningCall) -> Done:  # noqa: ARG001 - see HANDLERS
    """Begin the 叫应 of a warning in force over everybody in its area who did not confirm one as grave already."""
    words = clean_lines(command.words, field="words", most=1000)
    held = _in_force_as_seen(work.connection, command.warning, command.version)
    if held.call_out is not None:
        raise Refused("warning.called", warning=held.code, call_out=held.call_out)
    chain = warning_table.chain_of(work.connection, held.number)
    if not warning_calls.addressees(desk, work.connection, held):
        raise Refused("call_out.nobody", about=held.area.text or held.code)
    wanted = warning_calls.to_call(desk, work.connection, held, chain)
    if not wanted:
        raise Refused("warning.all_confirmed", warning=held.code)
    begun = warning_calls.begin(desk, work, held, wanted, words, warning_care.about(held.number))
    called = replace(held, call_out=begun.number, version=held.version + 1)
    told = {"call_out": begun.number, "count": begun.addressees}
    change = warning_care.put(desk, work, called, "warning.call", told)
    return Done(change=change, key=str(begun.number), version=called.version)


def _may_publish(desk: Desk, command: IssueWarning) -> Centre:
    place = desk.city.centres.get(command.centre)
    if place is None:
        raise Refused("warning.issue.issuer", centre=command.centre[:64])
    if command.colour is WarningColour.NONE:
        raise Refused("warning.issue.colour")
    if not warning_rules.may_issue(place.level, command.colour):
        raise Refused("warning.not_its_level", centre=place.name, colour=command.colour.name.lower())
    return place


def _drafted(
    desk: Desk, work: Work, command: IssueWarning, place: Centre, replaced: OfficialWarning | None
) -> OfficialWarning:  # fmt: skip
    """Return the record of what is to be published; each of the eight of art. 64 is refused by its own name."""
    if not command.category.strip():
        raise Refused("warning.issue.category")
    if not command.starts_at > 0:
        raise Refused("warning.issue.starts_at")
    if not max(command.starts_at, work.at_ns) < command.expires_at:
        raise Refused("warning.issue.expires_at")
    for name, text in (("notice", command.notice), ("measures", command.measures)):
        if not text.strip():
            raise Refused(f"warning.issue.{name}")
    status = Status.EXERCISE if desk.settings.realm == Realm.DRILL else Status.ACTUAL
    drafted = OfficialWarning(
        number=0, code="", identifier="", sender=place.code, status=status,
        message=MessageType.UPDATE if replaced else MessageType.ALERT,
        references=(_reference(replaced),) if replaced else (),
        category=clean(command.category, field="category", most=60), colour=command.colour,
        starts_at=command.starts_at, expires_at=command.expires_at, area=_area(desk, work, command, place),
        notice=clean_lines(command.notice, field="notice", most=_TEXT_MOST),
        measures=clean_lines(command.measures, field="measures", most=_TEXT_MOST), issuer=place.name,
        issued_at=work.at_ns, headline=clean(command.headline, field="headline", most=100, required=True),
        received_at=work.at_ns, format=OWN,
    )  # fmt: skip
    return _numbered(desk, work, drafted)


def _area(desk: Desk, work: Work, command: IssueWarning, place: Centre) -> Affected:
    """Return the area: the places chosen and those within what was drawn; all of it within who publishes."""
    text = clean(command.area_text, field="area_text", most=500)
    shapes = command.polygons
    if len(shapes) > MOST_POLYGONS or any(not _LEAST_CORNERS <= len(one.ring) <= MOST_CORNERS for one in shapes):
        raise Refused("warning.bad_polygon", line=0, element="polygon", value="")
    if any(abs(x) > 180 or abs(y) > 90 for one in shapes for x, y in one.ring):
        raise Refused("warning.bad_polygon", line=0, element="polygon", value="")
    area = Affected(text=text, polygons=warning_area.drawn(shapes), codes=command.centres)
    unknown = [code for code in command.centres if code not in desk.city.centres]
    if unknown:
        raise Refused("warning.issue.unknown_place", centre=unknown[0][:64])
    centres = warning_area.within(desk.city, work.connection, area)
    if not centres:
        raise Refused("warning.issue.area")
    beyond = [code for code in centres if place.code not in desk.city.path(code)]
    if beyond:
        raise Refused("warning.beyond", centre=place.name, place=desk.city.centres[beyond[0]].name)
    return replace(area, centres=centres)


def _numbered(desk: Desk, work: Work, held: OfficialWarning) -> OfficialWarning:
    """Return a new message with its numbers: ours, that people say, and the one others know it by."""
    number = counters.take(work.connection, warning_table.COUNTER, 1)
    (code,) = display_numbers.take(desk, work, "warning")
    return replace(held, number=number, code=code, identifier=f"{held.sender}-{number}")


def _reference(held: OfficialWarning) -> str:
    return f"{held.sender},{held.identifier},{iso_utc(held.issued_at)}"


def _replaced(connection: Connection, command: IssueWarning) -> OfficialWarning | None:
    if command.updates is None:
        return None
    held = _own_as_seen(connection, command.updates, command.version)
    if held.sender != command.centre:
        raise Refused("warning.not_own", warning=held.code)
    return held


def _own_as_seen(connection: Connection, number: int, version: int) -> OfficialWarning:
    held = _in_force_as_seen(connection, number, version)
    if held.format != OWN:
        raise Refused("warning.not_own", warning=held.code)
    return held


def _in_force_as_seen(connection: Connection, number: int, version: int) -> OfficialWarning:
    held = warning_table.get(connection, number)
    if held is None:
        raise Refused("warning.unknown", warning=number)
    if held.state is not WarningState.IN_FORCE:
        raise Refused("warning.not_in_force", warning=held.code, state=held.state.value)
    if held.version != version:
        raise Refused("warning.changed", warning=held.code, version=held.version)
    return held


def _waiting(connection: Connection, approval: Approval) -> OfficialWarning:
    found = [held for held, _ in warning_table.living(connection) if held.approval == approval.number]
    if not found:
        raise Refused("warning.unknown", warning=approval.subject)
    return found[0]
