"""Actions about the switch between 平时 and 急时: one sheet does them all."""

from chengyun_console.actions.action import Action
from chengyun_core.model.mode_commands import DeclareMode, LiftMode

MODE_ACTIONS: tuple[Action, ...] = (
    Action(id="mode.change", title="mode.action.change", keys=("Ctrl+Shift+E",), record=DeclareMode),
    Action(id="mode.lift", title="mode.action.lift", keys=(), record=LiftMode),
)
