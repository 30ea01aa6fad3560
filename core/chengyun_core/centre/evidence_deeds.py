"""Pictures and clips kept as evidence on an event or an alarm, and what a rule wants kept when an alarm comes (Y3)."""

import re
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import alarm_evidence, camera_care, event_care, event_files, labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import seat_of, subject_of
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import Moves
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.model.alarm import Alarm, AlarmMove
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.camera import Camera, Evidence, EvidenceKind, EvidenceWish
from chengyun_core.model.camera_commands import HandOutEvidence, KeepEvidence
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.rights import Label
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.store import alarm_table, camera_table, counters, event_table
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from chengyun_core.wire.envelope import Done

KIND, WISH = "evidence", "evidence_wish"
MOST_PAGE = 500
MOST_CLIP_S = 600.0
MOST_WISHES = 64
"""That stand at a time: in a flood no console shows more cameras, and what nobody can keep is not asked for."""
AHEAD_NS = 10 * NS_PER_S
"""A console's clock may be so far ahead of ours."""
_MEDIA = {
    EvidenceKind.SNAPSHOT: frozenset({"image/png", "image/jpeg"}),
    EvidenceKind.CLIP: frozenset({"video/mp4", "video/x-matroska"}),
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "video/mp4": "mp4", "video/x-matroska": "mkv"}


def subjects(desk: Desk, work: Work, command: KeepEvidence) -> tuple[Subject, ...]:
    """Return the place of the camera, and of the event it is kept on."""
    event = None if command.event is None else event_table.get(work.connection, command.event)
    found = camera_care.subjects(desk, work, command)
    return found if event is None else (*found, subject_of(desk, event))


def prepare(desk: Desk, _connection: Connection, command: KeepEvidence) -> Job:
    """Have a worker check the content against its digest and give it its place."""
    if desk.files is None:
        raise Refused("attachment.no_store")
    return partial(desk.files.seal, command.digest, command.size)


def keep(desk: Desk, work: Work, caller: Caller, command: KeepEvidence, media: str) -> Done:
    """Keep an uploaded picture or clip: as evidence, and as a file of its event or of the one that has its alarm."""
    camera = camera_care.get(desk, command.camera)
    camera_care.expect_cleared(work.connection, caller, camera)
    wish = _wish_of(work.connection, command)
    reason = clean(command.reason, field="reason", required=wish is None)
    _check(desk, work, command, media)
    file = _file(work, caller, camera, command, media, reason)
    kept = Evidence(
        number=counters.take(work.connection, camera_table.EVIDENCE_COUNTER, 1), camera=camera.code,
        camera_name=camera.name, centre=camera.centre, kind=command.kind, event=command.event, alarm=command.alarm,
        begins_at=command.begins_at, ends_at=command.ends_at, digest=command.digest, size=command.size, media=media,
        attachment=file.number, reason=reason, wish=command.wish, added_at=work.at_ns, added_by=caller.account,
        added_seat=seat_of(caller),
    )  # fmt: skip
    change = _write(work, kept)
    if camera.label is not Label.NORMAL:
        # Its bytes are found by the number of the file: what lies over the camera lies over them.
        labels.lay(desk, work, ("attachment", str(file.number)), camera.label, reason)
    _tell_event(desk, work, kept)
    if wish is not None:
        _answered(desk, work, wish, kept)
    return Done(change=change, key=str(kept.number), version=kept.version)


def subjects_of_kept(desk: Desk, work: Work, command: HandOutEvidence) -> tuple[Subject, ...]:
    """Return the place of known evidence."""
    kept = camera_table.evidence(work.connection, command.evidence)
    return () if kept is None else (Subject(name=kept.camera, path=desk.city.path(kept.centre)),)


def hand_out(desk: Desk, work: Work, caller: Caller, command: HandOutEvidence) -> Done:
    """Write down that evidence leaves the house; whoever hands it out does so after this is answered."""
    kept = camera_table.evidence(work.connection, command.evidence)
    if kept is None:
        raise Refused("evidence.unknown", evidence=command.evidence)
    camera = desk.city.cameras.get(kept.camera)
    if camera is not None:
        camera_care.expect_cleared(work.connection, caller, camera)
    labels.expect_cleared(work.connection, caller, labels.of_event(desk, kept.event))
    if command.digest and not _DIGEST.fullmatch(command.digest):
        raise Refused("attachment.bad_digest", digest=command.digest[:64])
    if not command.digest and not command.original:
        raise Refused("evidence.nothing_leaves", evidence=kept.number)
    told = {"camera": kept.camera, "name": kept.camera_name, "digest": kept.digest, "marked": command.digest,
            "reason": clean(command.reason, field="reason", required=True), "original": command.original}  # fmt: skip
    change = work.note("evidence.hand_out", "evidence_out", kept.number, kept.version, params=told)
    return Done(change=change, key=str(kept.number), version=kept.version)


def page(_desk: Desk, connection: Connection, ask: AskEvidence) -> bytes:
    """Answer `evidence.page`: of an event also what was kept of its alarms before it was one."""
    if not 1 <= ask.limit <= MOST_PAGE or ask.before < 0:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_PAGE)
    alarms = [] if ask.alarm is None else [ask.alarm]
    if ask.event is not None:
        alarms += event_care.get(connection, ask.event).alarms
    found = camera_table.page(
        connection, event=ask.event, alarms=alarms, camera=ask.camera, before=ask.before, limit=ask.limit
    )
    more = found[-1].number if len(found) == ask.limit else 0
    return codec.pack(EvidencePage(evidence=tuple(found), next=more))


def look(desk: Desk, moves: Moves) -> None:
    """Wish for the pictures of cameras that watch the vitals of a run's new alarms, grave enough (Y3)."""
    least = WarningColour[desk.settings.evidence_from_colour.upper()] if desk.settings.evidence_from_colour else None
    if least is None or not desk.city.cameras_of_vital:
        return
    raised = (step.alarm for step in moves.steps if step.move is AlarmMove.RAISE)
    grave = (alarm for alarm in raised if alarm.aspect is Aspect.PROCESS and alarm.colour >= least)
    wanted = [(alarm, code) for alarm in grave for code in desk.city.cameras_of_vital.get(alarm.vital, ())]
    for alarm, code in wanted[: max(0, MOST_WISHES - len(desk.cameras.wishes))]:
        _make_wish(desk, moves.work, alarm, code)


def tend(desk: Desk, ledger: Ledger) -> None:
    """Let lapse what nobody kept in time: no console showed the camera."""
    now = desk.clock.utc_ns()
    due = [wish for wish in desk.cameras.wishes.values() if wish.until <= now]
    if due:
        with ledger.work(CENTRE) as work:
            for wish in due:
                _end_wish(desk, work, wish, "evidence.lapse")


def load(desk: Desk, connection: Connection) -> None:
    """Know the wishes nobody has answered, at start."""
    desk.cameras.wishes = {wish.number: wish for wish, _ in camera_table.wishes(connection)}


def _check(desk: Desk, work: Work, command: KeepEvidence, media: str) -> None:
    if command.event is None and command.alarm is None:
        raise Refused("evidence.about_nothing")
    if command.event is not None:
        event = event_care.get(work.connection, command.event)
        event_files.expect_room(work.connection, event, f"event:{event.number}", command.size)
    if command.alarm is not None and alarm_table.get(work.connection, command.alarm) is None:
        raise Refused("alarm.unknown", alarm=command.alarm)
    if media not in _MEDIA[command.kind]:
        raise Refused("evidence.media", media=media, kind=command.kind.value)
    lasts = (command.ends_at - command.begins_at) / NS_PER_S
    if not 0 <= lasts <= MOST_CLIP_S or command.ends_at > work.at_ns + AHEAD_NS:
        raise Refused("evidence.times", begins=desk.shown(command.begins_at), ends=desk.shown(command.ends_at))


def _wish_of(connection: Connection, command: KeepEvidence) -> EvidenceWish | None:
    if command.wish is None:
        return None
    wish = camera_table.wish(connection, command.wish)
    if wish is None or (wish.camera, wish.alarm) != (command.camera, command.alarm):
        raise Refused("evidence.other_wish", wish=command.wish)
    kinds = {found.kind for number in wish.kept if (found := camera_table.evidence(connection, number)) is not None}
    if wish.ended_at is not None or command.kind in kinds:
        raise Refused("evidence.answered", wish=command.wish)
    return wish


def _file(
    work: Work, caller: Caller, camera: Camera, command: KeepEvidence, media: str, reason: str
) -> Attachment:  # fmt: skip
    about = f"alarm:{command.alarm}" if command.event is None else f"event:{command.event}"
    name = event_files.label(f"{camera.name}.{_ENDINGS[media]}")
    kept = Attachment(
        number=counters.take(work.connection, event_files.COUNTER, 1), about=about, digest=command.digest, name=name,
        size=command.size, media=media, taken_at=command.begins_at, longitude=camera.longitude,
        latitude=camera.latitude, added_at=work.at_ns, added_by=caller.account, added_seat=seat_of(caller),
        reason=reason,
    )  # fmt: skip
    work.note("attachment.keep", event_files.LOG.kind, kept.number, kept.version, kept)
    return kept


def _write(work: Work, kept: Evidence) -> int:
    told = {"camera": kept.camera, "name": kept.camera_name, "what": kept.kind.value, "digest": kept.digest,
            "reason": kept.reason, "by_rule": kept.wish is not None}  # fmt: skip
    change = work.note("evidence.keep", KIND, kept.number, kept.version, kept, params=told)
    camera_table.put_evidence(work.connection, kept, change)
    return change


def _tell_event(desk: Desk, work: Work, kept: Evidence) -> None:
    """Let the event have it that it was kept on, or that has its alarm; one that is full of files leaves it there."""
    owner = alarm_evidence.owner(desk, kept.alarm)
    number = kept.event if kept.event is not None or owner is None else owner.number
    event = None if number is None else event_care.get(work.connection, number)
    if event is None or len(event.attachment_numbers) >= event_files.MOST_FILES:
        return
    told = {"attachment": kept.attachment, "name": kept.camera_name, "media": kept.media, "source_at": kept.begins_at,
            "about": f"event:{event.number}"}  # fmt: skip
    numbers = (*event.attachment_numbers, kept.attachment)
    event_care.change(
        desk, work, event, "attachment.add", params=told, attachments=len(numbers), attachment_numbers=numbers
    )  # fmt: skip


def _make_wish(desk: Desk, work: Work, alarm: Alarm, code: str) -> None:
    settings = desk.settings
    number = counters.take(work.connection, camera_table.WISH_COUNTER, 1)
    lasts = round((settings.evidence_after_s + settings.evidence_wish_s) * NS_PER_S)
    wish = EvidenceWish(
        number=number, camera=code, alarm=alarm.number, vital=alarm.vital_code, raised_at=work.at_ns,
        before_s=settings.evidence_before_s, after_s=settings.evidence_after_s, until=work.at_ns + lasts,
    )  # fmt: skip
    _put_wish(desk, work, wish, "evidence.wish", cause="")  # it answers no command: the rule made it


def _answered(desk: Desk, work: Work, wish: EvidenceWish, kept: Evidence) -> None:
    wish = replace(wish, kept=(*wish.kept, kept.number), version=wish.version + 1)
    if len(wish.kept) == len(EvidenceKind):
        wish = replace(wish, ended_at=work.at_ns)
    _put_wish(desk, work, wish, "evidence.answer")


def _end_wish(desk: Desk, work: Work, wish: EvidenceWish, action: str) -> None:
    _put_wish(desk, work, replace(wish, ended_at=work.at_ns, version=wish.version + 1), action)


def _put_wish(desk: Desk, work: Work, wish: EvidenceWish, action: str, *, cause: str | None = None) -> None:
    told = {"camera": wish.camera, "vital": wish.vital, "alarm": wish.alarm, "kept": len(wish.kept)}
    change = work.note(action, WISH, wish.number, wish.version, wish, actor=CENTRE, params=told, cause=cause)
    camera_table.put_wish(work.connection, wish, change)
    work.after_commit(partial(_know_wish, desk, wish))


def _know_wish(desk: Desk, wish: EvidenceWish) -> None:
    desk.cameras.wishes.pop(wish.number, None)
    if wish.ended_at is None:
        desk.cameras.wishes[wish.number] = wish
