"""What can be done with the lines of page F2: their keys, held by the page itself, where no text field has them."""

from chengyun_console.actions.action import Action, Where

TREND_ACTIONS: tuple[Action, ...] = (
    Action(id="trend.keep", title="console.action.trend_keep", keys=("Space",), where=Where.VITALS),
    Action(id="trend.stack", title="console.action.trend_stack", keys=("K",), where=Where.VITALS),
    Action(id="trend.yesterday", title="console.action.trend_yesterday", keys=("Y",), where=Where.VITALS),
    Action(id="trend.usual", title="console.action.trend_usual", keys=("Z",), where=Where.VITALS),
    Action(id="trend.compare", title="console.action.trend_compare", keys=("C",), where=Where.VITALS),
    Action(id="trend.clear", title="console.action.trend_clear", keys=("Delete",), where=Where.VITALS),
    Action(
        id="trend.scroll",
        title="console.action.trend_scroll",
        keys=("Left", "Right", "PgUp", "PgDown"),
        where=Where.VITALS,
    ),
    Action(id="trend.zoom", title="console.action.trend_zoom", keys=("+", "-"), where=Where.VITALS),
    Action(id="trend.oldest", title="console.action.trend_oldest", keys=("Home",), where=Where.VITALS),
    Action(id="trend.live", title="console.action.trend_live", keys=("End",), where=Where.VITALS),
    Action(
        id="trend.cursor", title="console.action.trend_cursor", keys=("Shift+Left", "Shift+Right"), where=Where.VITALS
    ),
    Action(id="trend.mark", title="console.action.trend_mark", keys=("Ctrl+Left", "Ctrl+Right"), where=Where.VITALS),
)
"""The arrows, Home and End belong to the chart when it has the keyboard, and to the table when that has it."""

TREND_KEYS: tuple[str, ...] = tuple(action.id for action in TREND_ACTIONS)
