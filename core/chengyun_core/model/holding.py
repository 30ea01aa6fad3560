"""What permissions speak of: kinds of posts, how far a row reaches, who holds what, what an action is about."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.scales import Level, Mode


class PostKind(StrEnum):
    """Kinds of posts the table knows; a post's code is `<centre>.<kind>[.n]`. The last three are machines."""

    DUTY_OFFICER = "duty_officer"
    WATCH_CHIEF = "watch_chief"
    IT_ADMIN = "it_admin"
    SECURITY_ADMIN = "security_admin"
    """安全管理员: gives and takes rights; keeps no accounts, and reads no journal."""
    AUDIT_ADMIN = "audit_admin"
    """审计管理员: reads the journal and proves it; changes nothing (model.rights_permissions)."""
    CATALOGUE_EDITOR = "catalogue_editor"
    SENSING_OPS = "sensing_ops"
    TRACK_OWNER = "track_owner"
    UNIT = "unit"
    """Signs orders for a unit (处置力量) and feeds back."""
    PLAN_EDITOR = "plan_editor"
    LOCAL_ADMIN = "local_admin"
    """Whoever on the centre's own machine can read the profile's admin key."""
    INGEST = "ingest"
    """The ingest daemon, by its key."""
    SCREEN = "screen"
    """A console nobody has signed on at yet, by the profile's screen key: the strip is read before log-in (WF1)."""


MACHINES = frozenset({PostKind.LOCAL_ADMIN, PostKind.INGEST, PostKind.SCREEN})
"""Known by a key, not by an account; no post's code can name them."""


class Area(StrEnum):
    """Which places a row reaches."""

    SUBTREE = "subtree"
    """The actor's area and every centre below it."""
    EVERYWHERE = "everywhere"


class Sectors(StrEnum):
    """Which tracks a row reaches."""

    ALL = "all"
    OWNED = "owned"
    """Vitals, sub-tracks and tracks whose owner post is the actor's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One row: this kind of post may, at centres of these levels, in these places, tracks and modes."""

    post: PostKind
    levels: frozenset[Level] = frozenset(Level)
    """Levels of the centre the post belongs to; machines have none and are not asked."""
    area: Area = Area.SUBTREE
    sectors: Sectors = Sectors.ALL
    modes: frozenset[Mode] = frozenset(Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post as its holder has it now."""

    post: str
    kind: PostKind
    level: Level | None = None
    """None: the post's centre is not in the catalogue; every row that asks for a level refuses."""
    area: str = ""
    """Code of the centre whose subtree is covered: the post's centre, narrowed by the seat's area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an action is about."""

    name: str = ""
    """For messages."""
    path: tuple[str, ...] = ()
    """Code of its centre, then that one's parent, up to the root; empty: it has no place."""
    owners: frozenset[str] = frozenset()
    """Posts that own the vital, its sub-track or its track."""
    track: str = ""
    """Code of its track, empty: it is of none. One track may be in 急时 alone."""
