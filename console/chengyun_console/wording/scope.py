"""What a focus filter is called, and what may be chosen around a vital, a node or an alarm."""

from chengyun_console.desk import Desk
from chengyun_core.mirror.scope import Scope, ScopeKind, scope_of
from chengyun_core.mirror.tree import Node, NodeKind
from chengyun_core.model.alarm import Alarm


def scope_name(desk: Desk, scope: Scope) -> str:
    """Return the filter in words: the way down the tree, the place, or the alarm with what is shown beside it."""
    names = desk.names
    if names is None:
        return scope.code
    match scope.kind:
        case ScopeKind.CENTRE:
            return desk.say("cockpit.scope.centre", name=names.place(scope.code))
        case ScopeKind.ALARM:
            alarm = desk.session.facts.alarms.get(int(scope.code)) if scope.code.isdigit() else None
            vital = names.vital(scope.vital)
            name = desk.words.name(alarm) if alarm else vital.name if vital else scope.code
            return desk.say("cockpit.scope.alarm", name=name)
        case _:
            layer = names.view.layer(NodeKind(scope.kind.value))
            node = next((node for node in layer.nodes if node.code == scope.code), None)
            path = names.view.path(node) if node else ()
            return " / ".join(step.name for step in path) or scope.code


def choices_around(desk: Desk, vital: int | None, node: Node | None, alarm: Alarm | None) -> list[tuple[str, Scope]]:
    """Return (label, scope) of what may be focused on from here: the tree upwards, the places, the alarm."""
    names = desk.names
    if names is None:
        return []
    path = names.view.path(node) if node else names.view.place_of(vital) if vital is not None else ()
    found = [scope_of(step) for step in path]
    if node is None and vital is not None:
        found += _places(desk, vital)
        if alarm is not None:
            found.append(Scope(kind=ScopeKind.ALARM, code=str(alarm.number), vital=vital))
    return [(scope_name(desk, scope), scope) for scope in found]


def _places(desk: Desk, vital: int) -> list[Scope]:
    """Return the vital's centre and those above it, but not the own one: that is everything."""
    names = desk.names
    row = names.vital(vital) if names else None
    found: list[Scope] = []
    code = row.centre if row else ""
    while code and code != desk.session.own_centre and names is not None:
        found.append(Scope(kind=ScopeKind.CENTRE, code=code))
        centre = names.view.centre(code)
        code = (centre.parent or "") if centre else ""
    return found[::-1]
