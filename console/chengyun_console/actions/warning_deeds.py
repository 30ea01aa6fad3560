"""Actions about official warnings: the page, what is done with the warning in focus, and what a try at a call gave."""

from chengyun_console.actions.action import Action, Where
from chengyun_core.model import warning_commands as warnings
from chengyun_core.model.callout import Outcome

WARNING_ACTIONS: tuple[Action, ...] = (
    Action(id="page.warnings", title="console.page.warnings", keys=()),
    Action(id="warning.open", title="warnings.action.open", keys=("Ctrl+Shift+W",)),
    Action(id="warning.issue", title="warnings.action.issue", keys=("N",), where=Where.WARNING,
           record=warnings.IssueWarning),
    Action(id="warning.import", title="warnings.action.import", keys=("I",), where=Where.WARNING,
           record=warnings.TakeWarning),
    Action(id="warning.call", title="warnings.action.call", keys=("C",), where=Where.WARNING,
           record=warnings.StartWarningCall),
    Action(id="warning.mode", title="warnings.action.mode", keys=("M",), where=Where.WARNING),
    Action(id="warning.map", title="maps.action.alarm", keys=("T",), where=Where.WARNING),
    Action(id="warning.update", title="warnings.action.update", keys=("U",), where=Where.WARNING,
           record=warnings.IssueWarning),
    Action(id="warning.cancel", title="warnings.action.cancel", keys=("X",), where=Where.WARNING,
           record=warnings.CancelWarning),
    Action(id="warning.end_call", title="warnings.action.end_call", keys=("Q",), where=Where.WARNING,
           record=warnings.CancelCallOut),
    Action(id="warning.confirmed", title="warnings.action.confirmed", keys=("1",), where=Where.WARNING,
           record=warnings.NoteCall),
    Action(id="warning.no_answer", title="warnings.action.no_answer", keys=("2",), where=Where.WARNING,
           record=warnings.NoteCall),
    Action(id="warning.busy", title="warnings.action.busy", keys=("3",), where=Where.WARNING,
           record=warnings.NoteCall),
    Action(id="warning.wrong_number", title="warnings.action.wrong_number", keys=("4",), where=Where.WARNING,
           record=warnings.NoteCall),
    Action(id="warning.refused", title="warnings.action.refused", keys=("5",), where=Where.WARNING,
           record=warnings.NoteCall),
)  # fmt: skip
OUTCOME_OF: dict[str, Outcome] = {
    "warning.confirmed": Outcome.CONFIRMED, "warning.no_answer": Outcome.NO_ANSWER, "warning.busy": Outcome.BUSY,
    "warning.wrong_number": Outcome.WRONG_NUMBER, "warning.refused": Outcome.REFUSED,
}  # fmt: skip
"""Action → what came of the try."""
