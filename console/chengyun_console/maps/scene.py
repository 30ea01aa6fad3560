"""What stands on the map at one moment: the facts of now, or of a time the slider was set to. One record for both."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.drawing import Drawing
from chengyun_core.model.event import Event
from chengyun_core.model.order import Receipt
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.drawing_asks import PastFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Read at once and not kept: of now, these are the mirror's own tables."""

    alarms: Mapping[int, Alarm] = field(default_factory=dict)
    events: Mapping[int, Event] = field(default_factory=dict)
    units: Mapping[str, UnitRecord] = field(default_factory=dict)
    warnings: Mapping[int, OfficialWarning] = field(default_factory=dict)
    drawings: Mapping[int, Drawing] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    at_ns: int | None = None
    """Profile ns UTC of a scene of the past; None: now."""


def scene_now(facts: FactMirror) -> Scene:
    """Return what stands now."""
    return Scene(
        alarms=facts.alarms, events=facts.events, units=facts.units, warnings=facts.warned.warnings,
        drawings=facts.drawings, receipts=facts.receipts,
    )  # fmt: skip


def scene_then(told: PastFacts, at_ns: int) -> Scene:
    """Return what stood then; raise wire.codec.BadMessage for a damaged record. Who was under way is not told.

    Takes as long as there were records: not for the GUI thread.
    """
    shelves: dict[str, dict[str, object]] = {}
    for change in told.records:
        fact = fact_of(change)
        if fact is not None:
            shelves.setdefault(fact.kind, {})[fact.key] = fact.record
    of: dict[str, list[object]] = {kind: list(shelf.values()) for kind, shelf in shelves.items()}
    return Scene(
        alarms={one.number: one for one in of.get("alarm", ()) if isinstance(one, Alarm)},
        events={one.number: one for one in of.get("event", ()) if isinstance(one, Event)},
        units={one.code: one for one in of.get("unit", ()) if isinstance(one, UnitRecord)},
        warnings={one.number: one for one in of.get("warning", ()) if isinstance(one, OfficialWarning)},
        drawings={one.number: one for one in of.get("drawing", ()) if isinstance(one, Drawing)},
        at_ns=at_ns,
    )  # fmt: skip
