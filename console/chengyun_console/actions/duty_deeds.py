"""Actions about duty: the page, what is done there with seats, people and the log, and the hand-over's own keys."""

from chengyun_console.actions.action import Action, Where
from chengyun_core.model import duty_commands as duty
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.model.warning_commands import SaveCallList

DUTY_ACTIONS: tuple[Action, ...] = (
    Action(id="page.duty", title="console.page.F8", keys=("F8",)),
    Action(id="handover.open", title="console.handover.action.open", keys=("Ctrl+Shift+H",), record=duty.OpenHandover),
    Action(id="seats.turn", title="seats.action.turn", keys=("Ctrl+B",)),
    Action(id="duty.snapshot", title="console.duty.action.snapshot", keys=("Ctrl+Shift+S",), record=duty.WriteLogLine),
    Action(id="handover.tick", title="console.handover.action.tick", keys=("A",), where=Where.HANDOVER,
           record=duty.TickItem),
    Action(id="handover.refuse", title="console.handover.action.refuse", keys=("R",), where=Where.HANDOVER,
           record=duty.RefuseItem),
    Action(id="handover.go", title="console.handover.action.go", keys=("Return",), where=Where.HANDOVER),
    Action(id="handover.sign", title="console.handover.action.sign", keys=("Ctrl+Return",), where=Where.HANDOVER,
           record=duty.SignHandover),
    Action(id="handover.join", title="console.handover.action.join", keys=("Alt+J",), where=Where.HANDOVER),
    Action(id="handover.force", title="console.handover.action.force", keys=("Alt+F",), where=Where.HANDOVER,
           record=duty.ForceHandover),
    Action(id="handover.cancel", title="console.handover.action.cancel", keys=("Alt+X",), where=Where.HANDOVER,
           record=duty.CancelHandover),
    Action(id="handover.settle", title="console.handover.action.settle", keys=("S",), where=Where.HANDOVER,
           record=duty.WriteLogLine),
    Action(id="handover.print", title="console.handover.action.print", keys=("Ctrl+P",), where=Where.HANDOVER),
    Action(id="duty.cover", title="console.duty.action.cover", keys=("Alt+C",), where=Where.DUTY,
           record=duty.CoverSeat),
    Action(id="duty.lend", title="console.duty.action.lend", keys=("Alt+L",), where=Where.DUTY, record=duty.LendSeat),
    Action(id="duty.give_back", title="console.duty.action.give_back", keys=("Alt+B",), where=Where.DUTY,
           record=duty.GiveBackSeat),
    Action(id="duty.present", title="console.duty.action.present", keys=("Alt+P",), where=Where.DUTY,
           record=duty.TellPresence),
    Action(id="duty.on_call", title="console.duty.action.on_call", keys=("Alt+O",), where=Where.DUTY,
           record=duty.TellPresence),
    Action(id="duty.absent", title="console.duty.action.absent", keys=("Alt+A",), where=Where.DUTY,
           record=duty.TellPresence),
    Action(id="duty.begin", title="console.duty.action.begin", keys=("Alt+G",), where=Where.DUTY,
           record=duty.BeginShift),
    Action(id="duty.edit", title="console.duty.action.edit", keys=("Alt+S",), where=Where.DUTY, record=duty.SaveShift),
    Action(id="duty.new", title="console.duty.action.new", keys=("Alt+Shift+S",), where=Where.DUTY,
           record=duty.SaveShift),
    Action(id="duty.copy", title="console.duty.action.copy", keys=("Alt+W",), where=Where.DUTY, record=duty.CopyShift),
    Action(id="duty.take_off", title="console.duty.action.take_off", keys=("Alt+X",), where=Where.DUTY,
           record=duty.CancelShift),
    Action(id="duty.swap", title="console.duty.action.swap", keys=("Alt+H",), where=Where.DUTY, record=duty.SwapDuty),
    Action(id="duty.person", title="console.duty.action.person", keys=("Alt+R",), where=Where.DUTY,
           record=duty.SavePerson),
    Action(id="duty.new_person", title="console.duty.action.new_person", keys=("Alt+Shift+R",), where=Where.DUTY,
           record=duty.SavePerson),
    Action(id="duty.call_lists", title="console.duty.action.call_lists", keys=("Alt+K",), where=Where.DUTY,
           record=SaveCallList),
    Action(id="duty.presets", title="console.duty.action.presets", keys=("Alt+Y",), where=Where.DUTY,
           record=SavePreset),
    Action(id="duty.giver", title="console.duty.action.giver", keys=("Alt+U",), where=Where.DUTY,
           record=duty.ForceHandover),
    Action(id="duty.import", title="console.duty.action.import", keys=("Alt+I",), where=Where.DUTY,
           record=duty.ImportRoster),
    Action(id="duty.daily", title="console.duty.action.daily", keys=("Alt+D",), where=Where.DUTY, record=NumberPaper),
    Action(id="duty.write", title="console.duty.action.write", keys=("Alt+N",), where=Where.DUTY,
           record=duty.WriteLogLine),
    Action(id="duty.notice", title="console.duty.action.notice", keys=("Alt+T",), where=Where.DUTY,
           record=duty.WriteLogLine),
    Action(id="duty.correct", title="console.duty.action.correct", keys=("Alt+E",), where=Where.DUTY,
           record=duty.WriteLogLine),
    Action(id="duty.settle", title="console.duty.action.settle", keys=("Alt+Q",), where=Where.DUTY,
           record=duty.WriteLogLine),
    Action(id="duty.view", title="console.duty.action.view", keys=("Alt+V",), where=Where.DUTY),
    Action(id="duty.filter", title="console.duty.action.filter", keys=("Alt+F",), where=Where.DUTY),
    Action(id="duty.more", title="console.duty.action.more", keys=("Alt+M",), where=Where.DUTY),
    Action(id="duty.side", title="console.duty.action.side", keys=("Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5"),
           where=Where.DUTY),
)  # fmt: skip
FORM_ACTIONS: tuple[Action, ...] = (
    Action(id="form.reload", title="console.duty.action.reload", keys=("Alt+R",), where=Where.DUTY_FORM),
    Action(id="form.discard", title="console.duty.action.discard", keys=("Alt+D",), where=Where.DUTY_FORM),
    Action(id="roll.remove", title="console.duty.action.remove", keys=("Delete",), where=Where.DUTY_FORM),
    Action(id="roll.up", title="console.duty.action.up", keys=("Alt+Up",), where=Where.DUTY_FORM),
    Action(id="roll.down", title="console.duty.action.down", keys=("Alt+Down",), where=Where.DUTY_FORM),
    Action(id="roll.join", title="console.duty.action.join", keys=("Alt+J",), where=Where.DUTY_FORM),
)
"""Of the forms in which rosters, call lists and presets are written."""
DUTY_KEYS: tuple[str, ...] = tuple(
    action.id
    for action in (*DUTY_ACTIONS, *FORM_ACTIONS)
    if action.where in (Where.DUTY, Where.HANDOVER, Where.DUTY_FORM)
)  # fmt: skip
"""Handled by the page of duty, its forms and the sheet of the hand-over, around whatever has the keyboard there."""
