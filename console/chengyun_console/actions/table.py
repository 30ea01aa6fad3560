"""Every action of the console in one table: keys, hints, permissions and the handbook are made from it."""

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.alarm_deeds import ALARM_DEEDS, needs_alarm
from chengyun_console.actions.audit_deeds import AUDIT_ACTIONS
from chengyun_console.actions.command_deeds import COMMAND_ACTIONS
from chengyun_console.actions.device_deeds import DEVICE_ACTIONS
from chengyun_console.actions.duty_deeds import DUTY_ACTIONS, FORM_ACTIONS
from chengyun_console.actions.event_deeds import EVENT_DEEDS
from chengyun_console.actions.glass_deeds import GLASS_ACTIONS
from chengyun_console.actions.map_deeds import MAP_ACTIONS
from chengyun_console.actions.mode_deeds import MODE_ACTIONS
from chengyun_console.actions.order_deeds import ORDER_DEEDS
from chengyun_console.actions.plan_deeds import PLAN_ACTIONS
from chengyun_console.actions.room_deeds import ROOM_ACTIONS
from chengyun_console.actions.situation_deeds import SITUATION_DEEDS
from chengyun_console.actions.trend_deeds import TREND_ACTIONS
from chengyun_console.actions.video_deeds import VIDEO_DEEDS
from chengyun_console.actions.vital_deeds import VITAL_DEEDS
from chengyun_console.actions.warning_deeds import WARNING_ACTIONS
from chengyun_core.model import command

ACTIONS: tuple[Action, ...] = (
    Action(id="page.cockpit", title="console.page.F1", keys=("F1",)),
    Action(id="page.vitals", title="console.page.F2", keys=("F2",)),
    Action(id="page.events", title="console.page.F3", keys=("F3",)),
    Action(id="page.tasks", title="console.page.F4", keys=("F4",)),
    Action(id="page.map", title="console.page.F5", keys=("F5",)),
    Action(id="page.command", title="console.page.F6", keys=("F6",)),
    Action(id="page.plans", title="console.page.F7", keys=("F7",)),
    Action(id="page.sources", title="console.page.sources", keys=()),
    Action(id="search.open", title="console.action.search", keys=("Ctrl+K", "/")),
    Action(id="alarm.next", title="console.action.next_alarm", keys=("Ctrl+J",)),
    Action(id="strip.unfold", title="console.action.unfold", keys=("Ctrl+L",)),
    Action(id="help.open", title="guide.action", keys=("Ctrl+/", "?")),
    Action(id="pane.print", title="paper.action", keys=("Ctrl+P",)),
    Action(id="origin.open", title="console.action.origin", keys=("Ctrl+I",)),
    *MAP_ACTIONS,
    *MODE_ACTIONS,
    *WARNING_ACTIONS,
    *AUDIT_ACTIONS,
    *DEVICE_ACTIONS,
    *GLASS_ACTIONS,
    Action(id="approvals.open", title="console.action.approvals", keys=("Ctrl+Shift+A",)),
    Action(id="threshold.switch_set", title="console.action.switch_set", keys=(), record=command.SwitchThresholdSet),
    Action(
        id="session.sign_off", title="console.action.sign_off", keys=("Ctrl+Shift+Q",), record=command.SignOff
    ),
    Action(id="session.lock", title="sound.action.lock", keys=("Ctrl+Alt+L",)),
    Action(id="sound.silence", title="sound.action.silence", keys=("F12",)),
    Action(id="sound.again", title="sound.action.sound_again", keys=()),
    Action(id="preference.volume", title="sound.action.volume", keys=()),
    Action(id="preference.speech", title="sound.action.speech", keys=()),
    Action(id="preference.sound_device", title="sound.action.device", keys=()),
    Action(id="preference.idle_lock", title="sound.action.idle_lock", keys=()),
    Action(id="preference.wall_scale", title="console.action.wall_scale", keys=()),
    Action(id="preference.language", title="console.action.language", keys=("Ctrl+Shift+L",)),
    Action(id="preference.theme", title="console.action.theme", keys=("Ctrl+Shift+T",)),
    Action(id="scope.choose", title="cockpit.action.focus", keys=("F",)),
    Action(id="health.explain", title="cockpit.action.why", keys=("W",)),
    Action(id="call.open", title="cockpit.action.call", keys=("H",)),
    Action(id="heat.find", title="cockpit.action.find", keys=("Ctrl+F",)),
    Action(id="call.copy", title="cockpit.action.copy", keys=("Ctrl+C",), where=Where.FORM),
    Action(id="back", title="console.action.back", keys=("Escape",), where=Where.FORM),
    *ALARM_DEEDS,
    *VITAL_DEEDS,
    *SITUATION_DEEDS,
    *TREND_ACTIONS,
    *ORDER_DEEDS,
    *PLAN_ACTIONS,
    *COMMAND_ACTIONS,
    *DUTY_ACTIONS,
    *FORM_ACTIONS,
    *EVENT_DEEDS,
    *VIDEO_DEEDS,
    *ROOM_ACTIONS,
    Action(
        id="threshold.propose", title="console.action.propose", keys=("T",), where=Where.ALARM,
        record=command.ProposeThreshold,
    ),
    Action(
        id="threshold.roll_back", title="console.action.roll_back", keys=("Alt+Z",), where=Where.FORM,
        record=command.RollBackThreshold,
    ),
    Action(id="chart.pin", title="console.action.pin", keys=("P",), where=Where.ALARM),
    Action(
        id="chart.move", title="console.action.chart_move", keys=("Alt+Left", "Alt+Right", "Alt+Up", "Alt+Down"),
        where=Where.CHART,
    ),
    Action(id="chart.size", title="console.action.chart_size", keys=("Alt+1", "Alt+2", "Alt+4"), where=Where.CHART),
    Action(id="chart.unpin", title="console.action.chart_unpin", keys=("Delete",), where=Where.CHART),
    Action(id="wall.toggle", title="console.action.wall", keys=("F11",)),
    Action(id="wall.show", title="console.action.wall_show", keys=("Shift+F11",)),
    Action(id="layout.reset", title="console.action.layout_reset", keys=("Ctrl+Shift+R",)),
    Action(id="alarm.locate", title="console.action.locate", keys=("L",), where=Where.ALARM, why_not=needs_alarm),
    Action(id="alarm.open", title="console.action.open", keys=("Return",), where=Where.ALARM),
    Action(id="form.send", title="console.action.send", keys=("Ctrl+Return",), where=Where.FORM),
    Action(id="strip.pause", title="console.action.pause", keys=("Space",), where=Where.STRIP),
    Action(id="strip.filter", title="console.action.filter", keys=("1", "2", "3", "4", "5"), where=Where.STRIP),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def of_key(key: str, where: Where) -> tuple[Action, ...]:
    """Return the actions a key stands for; several share one key when only one of them is possible at a time."""
    return tuple(action for action in ACTIONS if key in action.keys and action.where is where)
