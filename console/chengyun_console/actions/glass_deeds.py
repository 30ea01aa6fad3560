"""Actions about broken glass and phones: open and end it, review it, tell an envelope lost, enrol a phone."""

from chengyun_console.actions.action import Action, Where
from chengyun_core.model.rights_commands import EndGlass, EnrolTotp, LoseGlassCode, ReviewGlass

GLASS_ACTIONS: tuple[Action, ...] = (
    Action(id="page.glass", title="console.page.glass", keys=()),
    Action(id="glass.open", title="glass.action.open", keys=("Ctrl+Alt+G",)),
    Action(id="glass.end", title="glass.action.end", keys=("Ctrl+Alt+E",)),
    Action(id="glass.review", title="glass.action.review", keys=("R",), where=Where.GLASS, record=ReviewGlass),
    Action(id="glass.stop", title="glass.action.stop", keys=("Q",), where=Where.GLASS, record=EndGlass),
    Action(id="glass.lose", title="glass.action.lose", keys=("L",), where=Where.GLASS, record=LoseGlassCode),
    Action(id="phone.open", title="glass.action.phone", keys=("Ctrl+Alt+P",), record=EnrolTotp),
)
