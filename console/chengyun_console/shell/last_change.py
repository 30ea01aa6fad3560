"""What the threshold form can take back: the change of this vital in the set in force that came into force last."""

from chengyun_console.desk import Desk
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.command import RollBackThreshold

ACTION = "threshold.roll_back"


def last_change(desk: Desk, vital: Vital) -> ThresholdChange | None:
    """Return the change that may be undone, None when there is none or this seat may not ask."""
    names = desk.names
    if names is None or ACTION not in desk.allowed():
        return None
    rows = [
        change
        for change in desk.session.facts.thresholds.values()
        if change.vital_code == vital.code
        and change.threshold_set == names.view.set_of(vital.number)
        and change.state is ThresholdState.IN_FORCE
    ]
    return max(rows, key=lambda change: (change.effective_at or change.asked_at, change.number), default=None)


def told(desk: Desk, change: ThresholdChange) -> str:
    """Return what it was and what taking it back brings again, in one line."""
    none = desk.say("console.form.none")
    cells = desk.say("console.names_between").join(
        desk.say(
            "console.form.cell",
            column=desk.say(f"console.limit.{column}") if desk.texts.has(f"console.limit.{column}") else column,
            now=after or none,
            then=change.before.get(column, "") or none,
        )
        for column, after in change.after.items()
    )
    since = desk.figures.stamp(change.effective_at or change.asked_at)[:-3]
    return desk.say("console.form.last", time=since, who=change.author, cells=cells)


def command_for(change: ThresholdChange, reason: str) -> RollBackThreshold:
    """Return what is sent: another person approves it, as any change."""
    return RollBackThreshold(change=change.number, version=change.version, reason=reason)
