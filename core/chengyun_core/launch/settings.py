"""What a profile is, as its settings file says; the reading itself is `wire.settings_file`, for the console too."""

from dataclasses import dataclass

from chengyun_core.model.scales import Realm
from chengyun_core.wire.settings_file import read

__all__ = ["ProfileSettings", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSettings:
    """What a profile is."""

    name: str = "chengyun"
    """Name shown in messages."""
    realm: Realm = Realm.LIVE
    """`live` or `drill`; a realm has its own daemons, keys and database."""
    centre: str = "500000"
    """Code of the centre this profile belongs to."""
    seal_every_s: float = 60.0
    """How often a sealed profile is sealed while it is open: what a power cut loses of a drill at most."""
