"""The mode in words: scopes, parts before and after, how far a switch has come, what is to be done about it."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import (
    Declaration,
    ModeOrder,
    Part,
    PartChange,
    ReportDue,
    Scope,
    ScopeKind,
    SwitchState,
)
from chengyun_core.model.permission import kind_of
from chengyun_core.model.scales import Mode
from chengyun_core.wire.mode_asks import PreviewWarning

_INGEST = "ingest/"
_LISTED = frozenset({Part.ROSTER, Part.LAYERS, Part.PLANS})
"""Parts whose versions are codes with blanks between."""


@dataclass(frozen=True, slots=True)
class ModeWords:
    """Writes with the names a desk has now."""

    desk: Desk

    def scope(self, scope: Scope) -> str:
        """Return a scope by its names."""
        names = self.desk.names
        centre = names.place(scope.centre) if names is not None else scope.centre
        if scope.kind is ScopeKind.CENTRE:
            return centre
        return self.desk.say("mode.scope.track", centre=centre, track=self.track(scope.track))

    def track(self, code: str) -> str:
        """Return a track's name, the code itself when the catalogue has none."""
        names = self.desk.names
        nodes = names.view.layer(NodeKind.TRACK).nodes if names is not None else ()
        return next((node.name for node in nodes if node.code == code), code)

    def preset(self, code: str) -> str:
        """Return a preset's name."""
        found = self.desk.session.facts.mode.presets.get(code)
        return found.name if found is not None else code

    def part(self, change: PartChange) -> str:
        """Return one part with what it was and what it becomes."""
        name, before = self.desk.say(f"mode.part.{change.part.value}"), self.version(change.part, change.before)
        if change.before == change.after:
            return self.desk.say("mode.part.same", part=name, before=before)
        after = self.version(change.part, change.after)
        return self.desk.say("mode.part.change", part=name, before=before, after=after)

    def version(self, part: Part, code: str) -> str:
        """Return a part's version in words; a code nobody named is shown as it is."""
        if not code:
            return self.desk.say("mode.part.none")
        codes = code.split() if part in _LISTED else [code]
        return self.desk.say("mode.scope.between").join(self._named(part, one) for one in codes)

    def state(self, declaration: Declaration, now_ns: int) -> str:
        """Return how far a switch has come, in one sentence."""
        say, figures, state = self.desk.say, self.desk.figures, declaration.state
        scope = self.scope(declaration.scope)
        match state:
            case SwitchState.APPLYING:
                return self.progress(declaration, now_ns)
            case SwitchState.IN_FORCE:
                return say(
                    "mode.state.in_force", scope=scope, time=figures.clock(declaration.declared_at),
                    who=self.person(declaration.declared_by), second=self.person(declaration.seconded_by),
                    reason=declaration.reason,
                )  # fmt: skip
            case SwitchState.UNDONE:
                return say("mode.state.undone", scope=scope, faults=self.faults(declaration))
            case SwitchState.LIFTED:
                ended = declaration.ended_at or declaration.declared_at
                return say("mode.state.lifted", scope=scope, time=figures.clock(ended))
            case SwitchState.REFUSED:
                return say("mode.state.refused", scope=scope)
            case _:
                return ""

    def progress(self, declaration: Declaration, now_ns: int) -> str:
        """Return who confirmed a switch and who has not, with the seconds it takes already."""
        done = [self.who(one.who) for one in declaration.confirmed if not one.fault]
        between = self.desk.say("mode.scope.between")
        told = between.join(done) or self.desk.say("mode.state.nobody")
        seconds = f"{max(0, now_ns - (declaration.applied_at or declaration.declared_at)) / NS_PER_S:.1f}"
        missing = self._missing(declaration)
        if not missing:
            return self.desk.say("mode.state.applying_all", seconds=seconds, done=told)
        return self.desk.say("mode.state.applying", seconds=seconds, done=told, open=between.join(missing))

    def faults(self, declaration: Declaration) -> str:
        """Return why a switch was undone: who could not do his part, or did not answer in time, and why."""
        if declaration.fault:
            known = declaration.faulty
            return self._fault(known, declaration.fault) if known else self.desk.say(declaration.fault)
        told = [self._fault(one.who, one.fault) for one in declaration.confirmed if one.fault]
        between = self.desk.say("mode.scope.between")
        if told:
            return between.join(told)
        missing, why = self._missing(declaration), self.desk.say("mode.not_confirmed")
        return between.join(self.desk.say("mode.state.fault", who=who, why=why) for who in missing) or why

    def who(self, code: str) -> str:
        """Return who confirms: an ingest daemon by its shard, a seat by its code."""
        if code.startswith(_INGEST):
            return self.desk.say("mode.who.ingest", shard=code.removeprefix(_INGEST))
        return self.desk.say("mode.who.seat", seat=code)

    def warning(self, warning: PreviewWarning) -> str:
        """Return what may go wrong with a switch, with posts by their names."""
        told = dict(warning.reason.params)
        if "post" in told:
            told["post"] = self._post(told["post"])
        if "people" in told:
            told["people"] = self.desk.say("mode.scope.between").join(told["people"].split())
        return self.desk.refusal(Reason(code=warning.reason.code, params=told))

    def person(self, account: str) -> str:
        """Return the name of an account."""
        return self.desk.people.names.get(account) or account

    def order(self, order: ModeOrder, now_ns: int) -> str:
        """Return what a superior orders, and how long there is."""
        figures, left = self.desk.figures, (order.due_at - now_ns) / NS_PER_S
        names = self.desk.names
        who = names.place(order.by_centre) if names is not None else order.by_centre
        told = {
            "who": who, "scope": self.scope(order.scope), "mode": self.mode(order.mode), "reason": order.reason,
        }  # fmt: skip
        if left < 0:
            return self.desk.say("mode.order.late", late=figures.short_duration(-left), **told)
        return self.desk.say("mode.order.row", left=figures.short_duration(left), **told)

    def report(self, due: ReportDue) -> str:
        """Return which situation report it is."""
        names = self.desk.names
        centre = names.place(due.centre) if names is not None else due.centre
        return self.desk.say("mode.report.name", scope=centre, place=due.place)

    def is_late(self, due: ReportDue) -> bool:
        """Return whether its time is over: the centre has said so, in a second version, or the clock says so here."""
        return due.version > 1 or due.due_at <= self.desk.now_ns()

    def report_due(self, due: ReportDue) -> str:
        """Return which situation report is due when, and whether that time is over."""
        code = "mode.report.late" if self.is_late(due) else "mode.report.due"
        return self.desk.say(code, report=self.report(due), time=self.desk.figures.clock(due.due_at)[:-3])

    def mode(self, mode: Mode) -> str:
        """Return what is ordered in a word."""
        return self.desk.say(f"mode.word.{mode.value}")

    def _missing(self, declaration: Declaration) -> list[str]:
        """Return who is awaited and has not confirmed."""
        said = {one.who for one in declaration.confirmed}
        return [self.who(code) for code in declaration.awaited if code not in said]

    def _fault(self, who: str, fault: str) -> str:
        return self.desk.say("mode.state.fault", who=self.who(who), why=self.desk.refusal(Reason(code=fault)))

    def _post(self, code: str) -> str:
        """Return a post's name, else what kind of post it is."""
        names, kind = self.desk.names, kind_of(code)
        known = names.post(code) if names is not None else None
        if known is not None:
            return known.name
        told = f"guide.post.{kind.value}" if kind is not None else ""
        return self.desk.say(told) if told and self.desk.texts.has(told) else code

    def _named(self, part: Part, code: str) -> str:
        names, texts = self.desk.names, self.desk.texts
        catalogue = names.view.catalogue if names is not None else None
        if part is Part.THRESHOLDS and catalogue is not None:
            return next((row.name for row in catalogue.threshold_sets if row.code == code), code)
        if part is Part.ROSTER:
            return self._post(code)
        if part is Part.PLANS and names is not None:
            matter = names.matter(code)
            return matter.name if matter is not None else code
        if part is Part.REPORTS:
            return self.desk.say("mode.version.minutes", minutes=code)
        for told in (f"mode.version.{part.value}.{code}", f"console.layout.master.{code}"):
            if texts.has(told):
                return self.desk.say(told)
        return code
