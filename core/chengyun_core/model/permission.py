"""Who may do what: one table (action × post kind × level × area × sector × mode), and one function that reads it."""

from collections.abc import Sequence

from chengyun_core.model.camera_permissions import CAMERA_PERMISSIONS
from chengyun_core.model.chain_permissions import EVENT_PERMISSIONS, ORDER_PERMISSIONS, PLAN_PERMISSIONS
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.device_permissions import DEVICE_PERMISSIONS
from chengyun_core.model.dispatch_permissions import DISPATCH_PERMISSIONS
from chengyun_core.model.drawing_permissions import DRAWING_PERMISSIONS
from chengyun_core.model.duty_permissions import DUTY_PERMISSIONS
from chengyun_core.model.fact_permissions import FACT_PERMISSIONS
from chengyun_core.model.failure import Reason
from chengyun_core.model.holding import MACHINES, Area, Holding, Permission, PostKind, Sectors, Subject
from chengyun_core.model.map_permissions import MAP_PERMISSIONS
from chengyun_core.model.mode_permissions import MODE_PERMISSIONS
from chengyun_core.model.paper_permissions import PAPER_PERMISSIONS
from chengyun_core.model.rights_permissions import FOR_AUDITORS, RIGHTS_PERMISSIONS
from chengyun_core.model.room_permissions import ROOM_PERMISSIONS
from chengyun_core.model.scales import Level, Mode
from chengyun_core.model.warning_permissions import WARNING_PERMISSIONS

_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_SILENCERS = (Permission(post=PostKind.WATCH_CHIEF), Permission(post=PostKind.SENSING_OPS))
_PEOPLE = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES)
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_INGEST = Permission(post=PostKind.INGEST, area=Area.EVERYWHERE)
_SCREEN = Permission(post=PostKind.SCREEN, area=Area.EVERYWHERE)
_READERS = (*_PEOPLE, _LOCAL_ADMIN, _INGEST, _SCREEN)
# As an import: not under an officer's hands while an emergency runs, but by who stands at the machine.
_THRESHOLD_EDITORS = (
    *(
        Permission(post=kind, levels=frozenset({Level.CITY, Level.DISTRICT}), modes=frozenset({Mode.PEACETIME}))
        for kind in (PostKind.CATALOGUE_EDITOR, PostKind.WATCH_CHIEF)
    ),
    _LOCAL_ADMIN,
)

_SENSING_AND_SEATS: dict[str, tuple[Permission, ...]] = {
    # An owner may say "seen" for his own vitals (办法 art. 13: the track's owner answers for it), not silence them.
    "alarm.acknowledge": (*_OFFICERS, Permission(post=PostKind.TRACK_OWNER, sectors=Sectors.OWNED)),
    "alarm.acknowledge_page": _OFFICERS,
    "alarm.assign": (*_OFFICERS, Permission(post=PostKind.TRACK_OWNER, sectors=Sectors.OWNED)),
    "alarm.comment": (*_OFFICERS, Permission(post=PostKind.TRACK_OWNER, sectors=Sectors.OWNED)),
    "alarm.shelve": _OFFICERS,
    "alarm.unacknowledge": _OFFICERS,
    "alarm.unshelve": _OFFICERS,
    "alarm.verdicts": _READERS,
    # Who may do the deed that waits is asked again for the deed itself; its asker may always withdraw it.
    "approval.give": (*_PEOPLE, _LOCAL_ADMIN),
    "approval.refuse": (*_PEOPLE, _LOCAL_ADMIN),
    "catalogue.get": _READERS,
    # Limits are not exchanged under an officer's hands while an emergency runs, but by who stands at the machine.
    "catalogue.import": (
        Permission(
            post=PostKind.CATALOGUE_EDITOR,
            levels=frozenset({Level.CITY, Level.DISTRICT}),
            modes=frozenset({Mode.PEACETIME}),
        ),
        _LOCAL_ADMIN,
    ),
    "changes.since": _READERS,
    "ingest.activations": (_INGEST,),
    "ingest.bands": (_INGEST,),
    "situation.dismiss": _OFFICERS,
    "situation.merge": _OFFICERS,
    "situation.split": _OFFICERS,
    "snapshot": _READERS,
    "threshold.history": _READERS,
    "threshold.propose": _THRESHOLD_EDITORS,
    "threshold.roll_back": _THRESHOLD_EDITORS,
    "threshold.switch_set": _THRESHOLD_EDITORS,
    # To silence what may be true is for who answers for the watch or for the sensors, not for who is tired of it (A7).
    "vital.put_back": _SILENCERS,
    "vital.release": _SILENCERS,
    "vital.suppress": _SILENCERS,
    "vital.take_out": _SILENCERS,
}
"""Action → rows of alarms, thresholds, accounts, seats."""

_ROWS = {
    **_SENSING_AND_SEATS, **DISPATCH_PERMISSIONS, **EVENT_PERMISSIONS, **ORDER_PERMISSIONS, **PLAN_PERMISSIONS,
    **FACT_PERMISSIONS, **MODE_PERMISSIONS,
    **WARNING_PERMISSIONS,
    **CAMERA_PERMISSIONS,
    **DEVICE_PERMISSIONS,
    **DRAWING_PERMISSIONS,
    **DUTY_PERMISSIONS,
    **MAP_PERMISSIONS,
    **PAPER_PERMISSIONS,
    **RIGHTS_PERMISSIONS,
    **ROOM_PERMISSIONS,
}  # fmt: skip


def _for(action: str, rows: tuple[Permission, ...]) -> tuple[Permission, ...]:
    """Return the rows without the auditor's where a command changes something: in one place for all tables (G3)."""
    if action not in COMMANDS or action in FOR_AUDITORS:
        return rows
    return tuple(row for row in rows if row.post is not PostKind.AUDIT_ADMIN)


PERMISSIONS: dict[str, tuple[Permission, ...]] = {action: _for(action, _ROWS[action]) for action in sorted(_ROWS)}
"""Action → rows; what is not here is refused. Alphabetical. Two-person rules come with the deeds that need them."""

OPEN_TO_ALL = frozenset({"hello", "seats", "session.break_glass", "session.sign_on"})
"""Asked by people who have no session yet; sign-on and broken glass have their own check."""


def kind_of(post: str) -> PostKind | None:
    """Return the kind in a post's code `<centre>.<kind>[.n]`, None when there is none (deny by default)."""
    parts = post.split(".")
    numbered = len(parts) == 3 and parts[2].isdigit()
    if not parts[0] or not (len(parts) == 2 or numbered):
        return None
    return _KINDS.get(parts[1])


def centre_of(post: str) -> str:
    """Return the code of the centre a post belongs to."""
    return post.partition(".")[0]


def may(action: str, holdings: Sequence[Holding], subject: Subject, mode: Mode) -> Reason | None:
    """Return None when one of the holdings allows the action, else the reason that came nearest to allowing it."""
    granted = judged(action, holdings, subject, mode)
    return granted if isinstance(granted, Reason) else None


def judged(action: str, holdings: Sequence[Holding], subject: Subject, mode: Mode) -> Holding | Reason:
    """Return the holding that allows the action, or why none does."""
    rows = PERMISSIONS.get(action)
    if rows is None:
        return Reason(code="permission.unknown_action", params={"action": action})
    nearest = 0
    for holding in holdings:
        for row in rows:
            stage = _stage(row, holding, subject, mode)
            if stage == len(_REFUSALS):
                return holding
            nearest = max(nearest, stage)
    return Reason(code=_REFUSALS[nearest], params={"action": action, "subject": subject.name, "mode": mode.value})


def allowed(holdings: Sequence[Holding], mode: Mode) -> tuple[str, ...]:
    """Return the actions that some subject would be allowed for, so that a screen can hide the rest."""
    return tuple(
        action
        for action, rows in PERMISSIONS.items()
        if any(row.post is holding.kind and mode in row.modes and _level_fits(row, holding)
               for row in rows for holding in holdings)
    )  # fmt: skip


_KINDS = {kind.value: kind for kind in PostKind if kind not in MACHINES}
_REFUSALS = (
    "permission.no_post",
    "permission.wrong_level",
    "permission.wrong_mode",
    "permission.outside_area",
    "permission.not_owner",
)
"""By how far a row and a holding agree before they part."""


def _stage(row: Permission, holding: Holding, subject: Subject, mode: Mode) -> int:
    agreements = (
        row.post is holding.kind,
        _level_fits(row, holding),
        mode in row.modes,
        row.area is Area.EVERYWHERE or not subject.path or holding.area in subject.path,
        row.sectors is Sectors.ALL or holding.post in subject.owners,
    )
    return agreements.index(False) if False in agreements else len(agreements)


def _level_fits(row: Permission, holding: Holding) -> bool:
    return holding.kind in MACHINES or holding.level in row.levels
