"""What a switch would change, part by part: before and after, a sentence on it, and why a part cannot be switched."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode.acts import Act, Chosen
from chengyun_console.mode.wording import ModeWords
from chengyun_console.session.answers import PreviewAnswer
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Part, PartChange, Preset, Scope
from chengyun_core.model.scales import Mode
from chengyun_core.wire.mode_asks import AskModePreview, AskPresetCheck, ModePreview, PartPreview, PreviewWarning
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

_SLOT = "mode.preview"
_WARNING = "warning."
"""What keys of rows that warn begin with."""


class PreviewPane(QWidget):
    """Asks once per choice; an answer to an earlier one is never shown."""

    was_left_out = Signal(str)
    """Who is not to be waited for: the row that warns of him was opened."""
    did_warn = Signal()
    """`warned` is another one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: object = None
        self.digest = ""
        """Of the preview shown; empty while none is."""
        self.faults = 0
        """Parts that cannot be switched."""
        self.alarms = -1
        """How many vitals would alarm, as ingest told; -1 while it has not."""
        self._told: ModePreview | None = None
        self._would: frozenset[int] = frozenset()
        self.warned: tuple[str, ...] = ()
        """Who will hardly confirm, as the preview shown says."""
        self.left_out = ""
        """Who is not waited for."""
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("mode.sheet.parts"))
        self.list.row_was_opened.connect(self._on_opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True, text=desk.say("mode.sheet.parts")))
        column.addWidget(self.list, 1)
        self.setMinimumWidth(360)
        self.clear(desk.say("mode.sheet.no_preview"))

    def clear(self, told: str) -> None:
        """Show nothing, and say why."""
        self._asked, self.digest, self.faults = None, "", 0
        self._told, self.alarms = None, -1
        self._warn(())
        self.list.set_rows([])
        self.list.show_notice(Presence.EMPTY, told)

    def ask(self, act: Act, chosen: Chosen) -> None:
        """Ask what an act would change."""
        body = _ask_of(act, chosen)
        if body is None:
            self.clear(self._desk.say("mode.sheet.no_preset" if act.chooses_preset else "mode.sheet.no_preview"))
            return
        self.clear(self._desk.say("mode.sheet.previewing"))
        signed_on = self._desk.session.signed_on
        body = replace(body, seat=signed_on.seat if signed_on is not None else "")
        self._asked = body
        self._desk.session.ask("mode.preview", body, self._take, slot=_SLOT)

    def ask_draft(self, preset: Preset, scope: Scope) -> None:
        """Ask what declaring by a preset would change that is still being written."""
        self.clear(self._desk.say("mode.sheet.previewing"))
        signed_on = self._desk.session.signed_on
        body = AskPresetCheck(preset=preset, scope=scope, seat=signed_on.seat if signed_on is not None else "")
        self._asked = body
        self._desk.session.ask("mode_preset.check", body, self._take, slot=_SLOT)

    def _take(self, told: object) -> None:
        if self._asked is None:
            return
        if isinstance(told, Reason):
            self.clear(self._desk.refusal(told))
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, ModePreview):
            self.digest, self.faults = told.digest, sum(one.fault is not None for one in told.parts)
            self._told = told
            self._warn(tuple(dict.fromkeys(one.who for one in told.warnings if one.who)))
            self._show()
            self._ask_alarms(told)

    def show_left_out(self, who: str) -> None:
        """Show whom the fields leave out at the row that warns of him."""
        if who != self.left_out:
            self.left_out = who
            self._show()

    def _show(self) -> None:
        if self._told is not None:
            warnings = [self._warning(place, one) for place, one in enumerate(self._told.warnings)]
            self.list.set_rows([*(self._row(one) for one in self._told.parts), *warnings])
            self.list.show_notice(Presence.FRESH, "")

    def _warn(self, who: tuple[str, ...]) -> None:
        if who != self.warned:
            self.warned = who
            self.did_warn.emit()

    def _on_opened(self, key: str) -> None:
        place = key.removeprefix(_WARNING)
        if self._told is not None and key.startswith(_WARNING):
            who = self._told.warnings[int(place)].who
            if who:
                self.was_left_out.emit("" if who == self.left_out else who)

    def _warning(self, place: int, one: PreviewWarning) -> FactRow:
        """Return a row that warns; opened, it leaves out who will hardly confirm, and opened again waits for him."""
        say, words = self._desk.say, ModeWords(self._desk)
        is_left_out = bool(one.who) and one.who == self.left_out
        hint = say("mode.sheet.leave_it_out") if one.who and not is_left_out else ""
        return FactRow(
            key=f"{_WARNING}{place}", severity=Severity.NONE, title=words.warning(one), detail=hint,
            status=say("mode.sheet.left_out" if is_left_out else "mode.sheet.warned"),
            status_colour=Colour.TEXT_SECOND if is_left_out else Colour.ORANGE_TEXT,
        )  # fmt: skip

    def _ask_alarms(self, told: ModePreview) -> None:
        """Ask ingest what would alarm: only it knows the values of now."""
        names = self._desk.names
        sets = names.view.catalogue.threshold_sets if names is not None else ()
        base = next((row.code for row in sets if row.in_force), "")
        if base:
            self._desk.session.ask_preview(base, partial(self._take_alarms, told.digest), dict(told.sets))

    def _take_alarms(self, digest: str, answer: PreviewAnswer) -> None:
        if digest == self.digest and answer.failed is None:
            self.alarms, self._would = len(answer.would_alarm), frozenset(vital for vital, _ in answer.would_alarm)
            self._show()

    def _row(self, one: PartPreview) -> FactRow:
        say, words = self._desk.say, ModeWords(self._desk)
        is_changed = one.before != one.after
        state = "faulty" if one.fault is not None else "changes" if is_changed else "stays"
        colours = {"faulty": Colour.RED_TEXT, "changes": Colour.TEXT, "stays": Colour.TEXT_SECOND}
        return FactRow(
            key=one.part.value, severity=Severity.NONE,
            title=words.part(PartChange(part=one.part, **_versions(one))),
            detail=self._detail(one), status=say(f"mode.part.{state}"),
            status_colour=colours[state],
        )  # fmt: skip

    def _detail(self, one: PartPreview) -> str:
        """Return the part's sentence with versions by their names; of thresholds what would alarm besides."""
        if one.fault is not None:
            return self._desk.refusal(one.fault)
        words = ModeWords(self._desk)
        named = {name: words.version(one.part, value) for name, value in _versions(one).items()}
        told = self._desk.refusal(Reason(code=one.sentence.code, params={**one.sentence.params, **named}))
        if one.part is not Part.THRESHOLDS or self.alarms < 0:
            return told
        now = {alarm.vital for alarm in self._desk.session.facts.alarms.values() if alarm.band}
        raised, returned = len(self._would - now), len(now - self._would)
        alarms = self._desk.say("mode.sheet.alarms", count=self.alarms, raised=raised, returned=returned)
        return self._desk.say("events.pieces_between").join((told, alarms))


def _versions(one: PartPreview) -> dict[str, str]:
    """Return a part's versions; of call lists, which no screen holds, as the centre names them."""
    told = one.sentence.params if one.part is Part.CALL_OUT else {}
    return {"before": told.get("before", one.before), "after": told.get("after", one.after)}


def _ask_of(act: Act, chosen: Chosen) -> AskModePreview | None:
    """Return what to ask, None while the choice is not complete."""
    if act.is_lift:
        found = act.declaration
        if found is None:
            return None
        return AskModePreview(scope=found.scope, mode=Mode.PEACETIME, preset=found.preset, lifts=found.number)
    scope, preset = chosen.scope, chosen.preset
    if act.order is not None:
        scope, preset = act.order.scope, act.order.preset or chosen.preset
    if not scope.centre or not preset:
        return None
    return AskModePreview(scope=scope, mode=Mode.EMERGENCY, preset=preset)
