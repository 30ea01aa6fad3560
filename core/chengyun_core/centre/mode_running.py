"""What ingest says it works with: a switch's limits hold only when every shard that judges runs them (H1)."""

from chengyun_core.centre import mode_switch
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.mode_warnings import INGEST
from chengyun_core.centre.work import Work
from chengyun_core.model.mode import Declaration, SwitchState
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.mode_asks import SendRunning

REFUSED = "mode.ingest_refused"


def take(desk: Desk, work: Work, told: SendRunning) -> Done:
    """Take note of the catalogue's version that a shard works with, or could not work with."""
    who = f"{INGEST}{told.shard}"
    work.after_commit(lambda: desk.running.__setitem__(told.shard, told.catalogue))
    for held in list(desk.declarations.values()):
        if held.state is SwitchState.APPLYING and _is_awaited(held, who):
            if told.catalogue >= held.catalogue > 0:
                mode_switch.confirmed(desk, work, held, who, "")
            elif told.refused == held.catalogue:
                mode_switch.confirmed(desk, work, held, who, REFUSED)
    return Done(change=work.noted)


def _is_awaited(held: Declaration, who: str) -> bool:
    return who in held.awaited and all(one.who != who for one in held.confirmed)
