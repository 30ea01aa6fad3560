"""What a switch would change, part by part: before and after, a sentence on it, and why a part cannot be switched."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode.acts import Act, Chosen
from chengyun_console.mode.wording import ModeWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import PartChange
from chengyun_core.model.scales import Mode
from chengyun_core.wire.mode_asks import AskModePreview, ModePreview, PartPreview
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

_SLOT = "mode.preview"


class PreviewPane(QWidget):
    """Asks once per choice; an answer to an earlier one is never shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: object = None
        self.digest = ""
        """Of the preview shown; empty while none is."""
        self.faults = 0
        """Parts that cannot be switched."""
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("mode.sheet.parts"))
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
        self.list.set_rows([])
        self.list.show_notice(Presence.EMPTY, told)

    def ask(self, act: Act, chosen: Chosen) -> None:
        """Ask what an act would change."""
        body = _ask_of(act, chosen)
        if body is None:
            self.clear(self._desk.say("mode.sheet.no_preset" if act.chooses_preset else "mode.sheet.no_preview"))
            return
        self.clear(self._desk.say("mode.sheet.previewing"))
        self._asked = body
        self._desk.session.ask("mode.preview", body, self._take, slot=_SLOT)

    def _take(self, told: object) -> None:
        if self._asked is None:
            return
        if isinstance(told, Reason):
            self.clear(self._desk.refusal(told))
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, ModePreview):
            self.digest, self.faults = told.digest, sum(one.fault is not None for one in told.parts)
            self.list.set_rows([self._row(one) for one in told.parts])
            self.list.show_notice(Presence.FRESH, "")

    def _row(self, one: PartPreview) -> FactRow:
        say, words = self._desk.say, ModeWords(self._desk)
        is_changed = one.before != one.after
        state = "faulty" if one.fault is not None else "changes" if is_changed else "stays"
        colours = {"faulty": Colour.RED_TEXT, "changes": Colour.TEXT, "stays": Colour.TEXT_SECOND}
        return FactRow(
            key=one.part.value, severity=Severity.NONE,
            title=words.part(PartChange(part=one.part, before=one.before, after=one.after)),
            detail=self._desk.refusal(one.fault or one.sentence), status=say(f"mode.part.{state}"),
            status_colour=colours[state],
        )  # fmt: skip


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
