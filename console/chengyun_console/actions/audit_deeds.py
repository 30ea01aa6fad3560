"""Actions of the page of the journal: verify the chain, stop it, tell its head. None of them changes anything."""

from chengyun_console.actions.action import Action, Where

AUDIT_ACTIONS: tuple[Action, ...] = (
    Action(id="page.audit", title="console.page.audit", keys=()),
    Action(id="audit.verify", title="auditing.action.verify", keys=("V",), where=Where.AUDIT),
    Action(id="audit.stop", title="auditing.action.stop", keys=("Q",), where=Where.AUDIT),
    Action(id="audit.head", title="auditing.action.head", keys=("K",), where=Where.AUDIT),
)
