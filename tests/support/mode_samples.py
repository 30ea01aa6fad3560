"""Puts a centre's desk into 急时 or 平时 without the switch, for tests of what depends on the mode."""

from chengyun_core.centre.desk import Desk
from chengyun_core.model.mode import Declaration, Scope, SwitchState
from chengyun_core.model.scales import Mode


def set_mode(desk: Desk, mode: Mode, centre: str = "") -> None:
    """Have a mode be in effect at a centre and below it; empty: at the uppermost one. Other declarations are gone."""
    desk.declarations.clear()
    if mode is Mode.EMERGENCY:
        issuer = centre or desk.city.root()
        declared = Declaration(
            number=1, issuer=issuer, scope=Scope(centre=issuer), term=1, mode=mode, reason="试验",
            state=SwitchState.IN_FORCE, declared_at=0, declared_by="test",
        )  # fmt: skip
        desk.declarations[declared.key] = declared
