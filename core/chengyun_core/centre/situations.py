"""Watches over every run of moves: chatter gets its badge, near alarms their situation, seats their flood (A9-A11)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from chengyun_core.centre import situation_events
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.floods import CALLING, CALLS, Floods, called_at
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import SILENT, Moves, heard
from chengyun_core.centre.situation_events import Joining
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import Alarm, AlarmMark, AlarmMove, AlarmState, effective
from chengyun_core.model.command import DismissSituation, MergeSituations, SplitSituation
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.hygiene import Cycle, is_chattering, proposed_delay_s
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from chengyun_core.model.situation_rules import Clustering, Near, clustered
from chengyun_core.store import alarm_table, counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("situation", Situation)
COUNTER = "situation"
REMEMBERED = 12
"""Raises and returns of a vital that are kept: enough for the longest definition of chatter, and for a proposal."""
SPLIT = "situation.split"
_KEPT = (SituationState.OPEN, SituationState.DISMISSED)
SituationCommand = DismissSituation | SplitSituation | MergeSituations


@dataclass(slots=True)
class Watch:
    """What the centre remembers between runs. Changed within a unit of work; taken anew when that did not commit."""

    desk: Desk
    floods: Floods
    state: Clustering = field(default_factory=Clustering)
    open: dict[int, Situation] = field(default_factory=dict)
    colours: dict[int, WarningColour] = field(default_factory=dict)
    """Living alarm → its gravest band."""
    cycles: dict[tuple[int, Aspect], list[Cycle]] = field(default_factory=lambda: defaultdict(list))
    """Vital and aspect → its last raises and returns, profile ns: a link that flaps is not a value that does (A19)."""
    joining: Joining = field(default_factory=Joining)
    """What events made from situations have not been told yet."""
    _sure: bool = False
    _deed: Work | None = None
    """The unit of work that changes the state now."""

    def load(self, connection: Connection) -> None:
        """Take the open situations, what officers parted, and the living alarms from the database."""
        self.state, self.open = Clustering(), {}
        living = {alarm.number: alarm for alarm, _ in alarm_table.living(connection)}
        self.colours = {number: alarm.colour for number, alarm in living.items()}
        dismissed: list[Situation] = []
        for situation, _ in LOG.standing(connection, lambda one: one.state in _KEPT):
            if situation.state is SituationState.DISMISSED:
                dismissed.append(situation)
            else:
                self.open[situation.number] = situation
                self.state.members[situation.number] = {one for one in situation.alarms if one in living}
        for alarm in living.values():
            self._keep(alarm)
        for some, others in ((one.alarms, one.alarms) for one in dismissed):
            self._part(some, others)
        for situation, told in LOG.acted(connection, SPLIT):
            self._part(map(int, told.get("taken", "").split()), situation.alarms)
        self.floods.load(connection)
        self._sure = True

    def look(self, moves: Moves) -> None:
        """Look at a run's moves and add what they bring about to the same unit of work."""
        self.begin_deed(moves.work)
        calling = heard(moves.steps)
        near = {step.alarm.number for step in calling if step.move in CALLING}
        for alarm in {step.alarm.number: step.alarm for step in moves.steps}.values():
            self.colours[alarm.number] = alarm.colour
            if alarm.number not in near:
                self._keep(alarm)
        born: dict[int, Near] = {}
        # As if each came in a run of its own: how many came in one run must not matter.
        for step in moves.steps:
            alarm = step.alarm
            if alarm.closed:
                born = self._clustered(moves, born)
                self._ended(moves.work, alarm)
            elif step.move is AlarmMove.RAISE:
                self._note_raise(moves, alarm)
            elif step.move is AlarmMove.RETURN:
                self._note_return(alarm)
            if step.move in CALLING and alarm.number in near:
                born.setdefault(alarm.number, self._near(alarm))
        self._clustered(moves, born)
        self._colour(moves.work, (step.alarm.situation for step in moves.steps))
        self.floods.hear(
            moves.work, [(one.alarm, called_at(one.move, one.alarm)) for one in calling if one.move in CALLING]
        )

    def tend(self, ledger: Ledger) -> None:
        """Do what waits for its time: floods that end, events that are told of later alarms."""
        self.floods.tend(ledger)
        situation_events.tend(self.desk, self.joining, ledger)

    def look_at(self, work: Work, alarm: Alarm, action: str) -> None:
        """Look at what an officer or a timer did to one alarm: its life may be over, or it calls again."""
        if not alarm.closed and effective(alarm) is not AlarmState.UNACK:
            return
        self.begin_deed(work)
        if alarm.closed:
            self._ended(work, alarm)
            self._colour(work, (alarm.situation,))
        elif action in CALLS:
            self.floods.hear(work, [(alarm, work.at_ns)])

    def begin_deed(self, work: Work) -> None:
        """Know the state as it is stored before a deed changes it; several may be parts of one unit of work."""
        if self._deed is work:
            return
        if not self._sure:
            self.load(work.connection)
        self._sure, self._deed = False, work
        work.after_commit(self._be_sure)
        for number in [number for number, held in self.state.members.items() if not held]:
            self._over(work, number)

    def renew(self) -> None:
        """The catalogue is another one: places and kinds are judged anew before the next deed."""
        self._sure, self._deed = False, None

    def held(self, number: int, version: int) -> Situation:
        """Return an open situation as an officer saw it; raise Refused when it is not what it was."""
        situation = self.open.get(number)
        if situation is None:
            raise Refused("situation.not_open", situation=number)
        if situation.version != version:
            raise Refused("situation.changed", situation=number, count=len(situation.alarms))
        return situation

    def put(self, work: Work, situation: Situation, action: str, params: dict[str, object] | None = None) -> int:
        """Write a situation's new record; its living alarms name it from now on."""
        change = work.note(action, LOG.kind, situation.number, situation.version, situation, params=params)
        if situation.state is SituationState.OPEN:
            self.open[situation.number] = situation
            self.state.members[situation.number] = set(situation.alarms) & self.state.near.keys()
        else:
            self.open.pop(situation.number, None)
            self.state.members.pop(situation.number, None)
        return change

    def name(self, moves: Moves, alarms: Iterable[int], situation: int | None) -> None:
        """Write into living alarms which situation they belong to."""
        for number in alarms:
            alarm = moves.latest(number) or alarm_table.get(moves.work.connection, number)
            if alarm is not None and not alarm.closed and alarm.situation != situation:
                named = replace(alarm, situation=situation, version=alarm.version + 1, changed_at=moves.work.at_ns)
                moves.record(named, f"alarm.{AlarmMark.SITUATION}", cause="")

    def begin(self, moves: Moves, alarms: tuple[int, ...]) -> Situation:
        """Begin a situation of living alarms."""
        near = [self.state.near[number] for number in alarms]
        gateway = near[0].gateway
        situation = Situation(
            number=counters.take(moves.work.connection, COUNTER, 1),
            kind=SituationKind.GATEWAY if gateway else SituationKind.CLUSTER, state=SituationState.OPEN,
            alarms=alarms, centre=_shared(one.place for one in near), subtrack=_only(one.kind[0] for one in near),
            gateway=gateway, colour=self._gravest(moves, alarms), began_at=near[0].raised_at,
            last_at=max(one.raised_at for one in near),
        )  # fmt: skip
        self.put(moves.work, situation, "situation.begin")
        self.name(moves, alarms, situation.number)
        return situation

    def gravest_of(self, alarms: Iterable[int], otherwise: WarningColour) -> WarningColour:
        """Return the gravest colour of the living ones among alarms."""
        return max((self.colours[one] for one in alarms if one in self.colours), default=otherwise)

    def grown(self, moves: Moves, number: int, alarms: tuple[int, ...]) -> Situation:
        """Return a situation with more alarms in it."""
        situation = self.open[number]
        # From what it was, not from all its alarms anew: a flood would cost the square of its alarms.
        near = [self.state.near[one] for one in alarms if one in self.state.near]
        held = self.desk.city.path(situation.centre) if situation.centre else ()
        return replace(
            situation, alarms=(*situation.alarms, *alarms), centre=_shared((held, *(one.place for one in near))),
            subtrack=_only((situation.subtrack, *(one.kind[0] for one in near))),
            last_at=max((situation.last_at, *(one.raised_at for one in near))),
            colour=max(situation.colour, self._gravest(moves, alarms)), version=situation.version + 1,
        )  # fmt: skip

    def _be_sure(self) -> None:
        self._sure, self._deed = True, None

    def _note_raise(self, moves: Moves, alarm: Alarm) -> None:
        held = self.cycles[alarm.vital, alarm.aspect]
        held.append(Cycle(alarm.raised_at if alarm.raises == 1 else alarm.changed_at))
        del held[:-REMEMBERED]
        now = moves.living.get((alarm.vital, alarm.aspect))
        if now is None or now.number != alarm.number or now.chattering:
            return
        if is_chattering([one.raised for one in held], held[-1].raised):
            flagged = replace(now, chattering=True, proposed_delay_s=proposed_delay_s(held), version=now.version + 1)
            moves.record(flagged, f"alarm.{AlarmMark.CHATTER}", cause="")

    def _note_return(self, alarm: Alarm) -> None:
        held = self.cycles.get((alarm.vital, alarm.aspect))
        if held and held[-1].returned is None:
            held[-1] = Cycle(held[-1].raised, alarm.returned_at or alarm.changed_at)

    def _clustered(self, moves: Moves, born: dict[int, Near]) -> dict[int, Near]:
        """Put alarms that call into their situations, each of which is written once; return an empty run."""
        if born:
            joined = clustered(self.state, born.values())
            for number, alarms in joined.into.items():
                grown = self.grown(moves, number, alarms)
                self.put(moves.work, grown, "situation.grow")
                self.name(moves, alarms, number)
                situation_events.grown(self.desk, self.joining, moves.work, grown)
            for group in joined.begun:
                self.begin(moves, group)
        return {}

    def _keep(self, alarm: Alarm) -> None:
        """Keep a living alarm among those that others are near to; one that is silent only when it is in a situation.

        The same after a restart as before: what is kept follows from the alarm alone.
        """
        if alarm.closed:
            return  # see _ended
        if effective(alarm) in SILENT and self.state.situation_of(alarm.number) is None:
            self.state.forget(alarm.number)
        elif alarm.number not in self.state.near:
            self.state.learn(self._near(alarm))

    def _part(self, some: Iterable[int], others: Iterable[int]) -> None:
        known = self.state.near
        self.state.part((one for one in some if one in known), [one for one in others if one in known])

    def _ended(self, work: Work, alarm: Alarm) -> None:
        """Forget an alarm whose life is over, and end the situation of which it was the last."""
        held_in = self.state.situation_of(alarm.number)
        self.state.forget(alarm.number)
        self.colours.pop(alarm.number, None)
        if held_in is None or self.state.members[held_in]:
            return
        self._over(work, held_in)

    def _over(self, work: Work, number: int) -> None:
        ended = replace(self.open[number], state=SituationState.OVER, version=self.open[number].version + 1)
        self.put(work, ended, "situation.over")

    def _colour(self, work: Work, touched: Iterable[int | None]) -> None:
        """Give situations the gravest colour of their living alarms; the last one's colour stays when all are over."""
        for number in {one for one in touched if one is not None} & self.open.keys():
            situation = self.open[number]
            found = self.gravest_of(self.state.members[number], situation.colour)
            if found != situation.colour:
                self.put(work, replace(situation, colour=found, version=situation.version + 1), "situation.colour")

    def _gravest(self, moves: Moves, alarms: Iterable[int]) -> WarningColour:
        found = (moves.latest(number) or alarm_table.get(moves.work.connection, number) for number in alarms)
        known = [alarm.colour for alarm in found if alarm is not None]
        return max(known, default=WarningColour.BLUE)

    def _near(self, alarm: Alarm) -> Near:
        city = self.desk.city
        vital = city.vitals.get(alarm.vital)
        return Near(
            alarm=alarm.number, raised_at=alarm.raised_at, aspect=alarm.aspect,
            place=city.path(vital.centre) if vital else (),
            kind=city.kinds.get(vital.subtrack, ("", "", "")) if vital else ("", "", ""),
            gateway=city.gateways.get(alarm.vital, "") if alarm.aspect else "",
        )  # fmt: skip


def standing(connection: Connection) -> list[tuple[Situation, int]]:
    """Return the open situations, with the journal number of their last change."""
    return LOG.standing(connection, lambda situation: situation.state is SituationState.OPEN)


def subjects(desk: Desk, work: Work, command: SituationCommand) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the place that holds the situation's alarms."""
    watch = _watch(desk)
    found = (watch.open.get(command.situation), watch.open.get(getattr(command, "other", 0)))
    return tuple(
        Subject(name=f"situation {one.number}", path=desk.city.path(one.centre)) for one in found if one is not None
    )


def dismiss(desk: Desk, work: Work, caller: Caller, command: DismissSituation) -> Done:
    """Say that its alarms have nothing to do with each other: they are not clustered together again."""
    reason = clean(command.reason, field="reason", required=True)
    watch, moves = _begun(desk, work)
    situation = watch.held(command.situation, command.version)
    watch.state.part(situation.alarms, situation.alarms)
    ended = replace(
        situation, state=SituationState.DISMISSED, by=caller.account, reason=reason, version=situation.version + 1
    )
    change = watch.put(work, ended, "situation.dismiss", {"reason": reason})
    watch.name(moves, situation.alarms, None)
    moves.write()
    return Done(change=change, key=str(ended.number), version=ended.version)


def split(desk: Desk, work: Work, caller: Caller, command: SplitSituation) -> Done:
    """Take some alarms out of a situation into one of their own."""
    watch, moves = _begun(desk, work)
    situation = watch.held(command.situation, command.version)
    taken = tuple(number for number in situation.alarms if number in command.alarms)
    left = tuple(number for number in situation.alarms if number not in command.alarms)
    if not taken or not left or set(command.alarms) - set(situation.alarms):
        raise Refused("situation.bad_split", situation=situation.number, count=len(situation.alarms))
    watch.state.part(taken, left)
    colour = watch.gravest_of(left, situation.colour)
    kept = replace(situation, alarms=left, colour=colour, by=caller.account, version=situation.version + 1)
    change = watch.put(work, kept, SPLIT, {"taken": " ".join(map(str, taken))})
    living = tuple(number for number in taken if number in watch.state.near)
    if living:
        watch.begin(moves, living)
    moves.write()
    return Done(change=change, key=str(kept.number), version=kept.version)


def merge(desk: Desk, work: Work, caller: Caller, command: MergeSituations) -> Done:
    """Merge another situation into this one; both numbers are kept in the journal."""
    if command.other == command.situation:
        raise Refused("situation.itself", situation=command.situation)
    watch, moves = _begun(desk, work)
    into = watch.held(command.situation, command.version)
    other = watch.held(command.other, command.other_version)
    ended = replace(
        other, state=SituationState.MERGED, merged_into=into.number, by=caller.account, version=other.version + 1
    )
    watch.put(work, ended, "situation.merged")
    grown = replace(
        watch.grown(moves, into.number, other.alarms), by=caller.account, began_at=min(into.began_at, other.began_at)
    )
    change = watch.put(work, grown, "situation.merge", {"other": other.number})
    watch.name(moves, other.alarms, into.number)
    situation_events.merged(desk, work, other.number, into.number)
    situation_events.grown(desk, watch.joining, work, grown)
    moves.write()
    return Done(change=change, key=str(grown.number), version=grown.version)


def _begun(desk: Desk, work: Work) -> tuple[Watch, Moves]:
    watch = _watch(desk)
    watch.begin_deed(work)
    return watch, Moves.around(desk, work, ())


def _watch(desk: Desk) -> Watch:
    watch = desk.watcher
    assert isinstance(watch, Watch)
    return watch


def _shared(places: Iterable[tuple[str, ...]]) -> str:
    """Return the lowest centre that is on all these ways up, empty when there is none."""
    ways = list(places)
    return next((code for code in ways[0] if all(code in way for way in ways)), "") if ways else ""


def _only(kinds: Iterable[str]) -> str:
    found = set(kinds)
    return found.pop() if len(found) == 1 else ""
