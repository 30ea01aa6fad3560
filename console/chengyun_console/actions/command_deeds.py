"""The layouts of page F6 by key; held by the page itself."""

from chengyun_console.actions.action import Action, Where

COMMAND_ACTIONS: tuple[Action, ...] = tuple(
    Action(id=f"command.layout_{at}", title=f"command.layout.{code}", keys=(f"Alt+{at}",), where=Where.COMMAND)
    for at, code in enumerate(("whole", "map", "video", "figures"), start=1)
)
COMMAND_KEYS: tuple[str, ...] = tuple(action.id for action in COMMAND_ACTIONS)
