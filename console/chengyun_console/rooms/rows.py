"""A room in words: rows of its matrix, what a poll says, what a line of its record says, what a pane is titled."""

from chengyun_console.desk import Desk
from chengyun_console.shell.roll_picks import who_answers
from chengyun_console.wording.shares import share_word, what_is_shared
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room import Member, MemberRole, MemberState, Poll, Room, Route
from chengyun_core.model.room_rules import counted, missing, present, silent
from chengyun_core.rtc.degradation import Level
from chengyun_core.rtc.orders import PeerNow
from chengyun_core.wire.room_asks import RoomLine, Suggested
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.time_lines import TimeLine

_COLOURS = {
    "timeline.room.drop": Colour.YELLOW_TEXT, "timeline.room.decide": Colour.DONE, "timeline.room.link": Colour.DONE,
}  # fmt: skip


def who(desk: Desk, member: Member) -> str:
    """Return what a member is called: his unit or post and who came for it, or that a machine plays him (模拟)."""
    if member.is_simulated:
        return desk.say("rooms.simulated", name=who_answers(desk, member.code))
    named = named_as(desk, member.code, member.name)
    return f"{named} {member.name}" if member.account and member.name not in named else named


def named_as(desk: Desk, code: str, name: str) -> str:
    """Return a seat, unit or post by the names of the catalogue; `name`: what the centre called it."""
    named = who_answers(desk, code)
    return name if named == code and name else named


def member_row(desk: Desk, room: Room, member: Member, peer: PeerNow | None) -> FactRow:
    """Return a row of the matrix: role, state with its age, voice, hand, what he shows."""
    say = desk.say
    role = MemberRole.CHAIR if member.code == room.chair else member.role
    state, colour = _state(desk, member)
    badges = [say(f"word.member_role.{role.value}")]
    if member.hand_at is not None:
        badges.append(say("rooms.hand_up"))
    seat = "" if member.is_simulated else member.seat
    # No badge: it names a thing, and would be left out where a name is long.
    shown = say("rooms.sharing", what=share_word(desk, member.shares)) if member.shares else ""
    detail = [part for part in (seat, _voice(desk, member), _line(desk, peer), shown) if part]
    return FactRow(
        key=member.code, severity=Severity.NONE, title=who(desk, member), detail=" · ".join(detail),
        status=state, status_colour=colour, badges=tuple(badges), age=_hand_age(desk, member),
    )  # fmt: skip


def suggested_row(desk: Desk, one: Suggested, *, is_asked: bool) -> FactRow:
    """Return a row of who may be asked and is not in the room."""
    title = named_as(desk, one.code, one.name)
    return FactRow(
        key=one.code, severity=Severity.NONE, title=title, detail=desk.refusal(one.why),
        badges=(desk.say(f"word.member_role.{one.role.value}"),), is_marked=is_asked,
        status=desk.say("rooms.will_ask" if is_asked else "rooms.not_asked_yet"),
        status_colour=Colour.TEXT if is_asked else Colour.TEXT_SECOND,
    )  # fmt: skip


def head(desk: Desk, room: Room) -> str:
    """Return what stands beside the title: how many are in, how sound goes, whether it is recorded."""
    parts = [desk.say("rooms.present", count=len(present(room)), missing=len(missing(room)))]
    if simulated := sum(one.is_simulated for one in present(room)):
        parts.append(desk.say("rooms.simulated_count", count=simulated))
    parts.append(desk.say(f"rooms.route.{room.route.value}"))
    if room.is_recorded:
        parts.append(desk.say("rooms.recording", name=room.recording))
    return "  ".join(parts)


def poll_words(desk: Desk, poll: Poll) -> str:
    """Return a question with what was said so far."""
    counts = {stance.value: number for stance, number in counted(poll).items()}
    code = "rooms.poll_now" if poll.closed_at is None else "rooms.poll_over"
    return desk.say(code, question=poll.question, silent=len(silent(poll)), **counts)


def voters(desk: Desk, room: Room, poll: Poll) -> str:
    """Return who said what, with his words."""
    names = {one.code: who(desk, one) for one in room.members}
    said = [
        " ".join(
            part for part in (names.get(v.code, v.code), desk.say(f"word.stance.{v.stance.value}"), v.words) if part
        )
        for v in poll.votes
    ]
    return desk.say("console.names_between").join(said)


def line_of(desk: Desk, line: RoomLine) -> TimeLine:
    """Return a line of the record."""
    figures = desk.figures
    return TimeLine(
        key=str(line.number), stamp=figures.clock(line.at_ns), day=f"{figures.moment(line.at_ns):%Y-%m-%d}",
        text=" ".join(desk.refusal(line.sentence).split()),
        colour=_COLOURS.get(line.sentence.code, Colour.TEXT),
    )  # fmt: skip


def shared_title(desk: Desk, member: Member) -> str:
    """Return what stands over what is shared: what it is, who shows it, since when."""
    time = desk.figures.clock(member.shares_at) if member.shares_at is not None else ""
    return desk.say("rooms.pane.shared", what=what_is_shared(desk, member.shares), who=who(desk, member), time=time)


def foot(desk: Desk, room: Room, peer: PeerNow | None) -> str:
    """Return what stands under a picture: what comes from there."""
    if peer is None:
        return desk.say("rooms.line.text" if room.route is Route.TEXT_ONLY else "rooms.line.none")
    if peer.state != "connected":
        return desk.say(f"rooms.line.{peer.state}")
    return desk.say("rooms.line.flows", sound=round(peer.sounds_s), pictures=round(peer.pictures_s))


def away(desk: Desk, member: Member) -> str:
    """Return for how long somebody is not heard: `12 s`, from a minute on `01:05`."""
    passed = max(0.0, (desk.now_ns() - member.since) / NS_PER_S)
    return desk.say("rooms.seconds", count=int(passed)) if passed < 60 else desk.figures.short_duration(passed)


def _state(desk: Desk, member: Member) -> tuple[str, Colour]:
    word = desk.say(f"word.member_state.{member.state.value}")
    if member.state is MemberState.DROPPED:
        return desk.say("rooms.dropped_for", time=away(desk, member)), Colour.YELLOW_TEXT
    return word, Colour.TEXT if member.state is MemberState.JOINED else Colour.TEXT_SECOND


def _voice(desk: Desk, member: Member) -> str:
    if member.state is not MemberState.JOINED:
        return ""
    code = "rooms.voice.taken" if member.muted_by else "rooms.voice.muted" if member.is_muted else "rooms.voice.open"
    return desk.say(code)


def _line(desk: Desk, peer: PeerNow | None) -> str:
    if peer is None:
        return ""
    if peer.state != "connected":
        return desk.say(f"rooms.line.{peer.state}")
    return desk.say(f"rooms.level.{peer.level.name.lower()}") if peer.level is not Level.FULL else ""


def _hand_age(desk: Desk, member: Member) -> str:
    if member.hand_at is None:
        return ""
    return desk.figures.short_duration((desk.now_ns() - member.hand_at) / NS_PER_S)
