"""Official warnings (A21): documents with validity, not alarms (突发事件应对法 art. 63-70; CAP 1.2; GB/T 35965.1)."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.scales import WarningColour


class MessageType(StrEnum):
    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


class WarningState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    """For the second person (red warnings, T8)."""
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


class Status(StrEnum):
    """CAP status: the drill's flag travels inside the message."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    SYSTEM = "system"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """Closed ring of (longitude, latitude) in degrees, CGCS2000/WGS-84; CAP gives latitude first, it is turned here."""

    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Where it holds."""

    text: str = ""
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    """(longitude, latitude, radius km)."""
    codes: tuple[str, ...] = ()
    """Administrative codes as the message has them."""
    centres: tuple[str, ...] = ()
    """Codes of our centres within: computed when it comes in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialWarning:
    """One published document (journal kind `warning`, key the number). The eight of art. 64 are all here."""

    number: int
    code: str
    identifier: str
    """As the sender numbered it."""
    sender: str
    status: Status = Status.ACTUAL
    message: MessageType = MessageType.ALERT
    references: tuple[str, ...] = ()
    category: str
    """类别"""
    colour: WarningColour
    """级别: 一级 red … 四级 blue."""
    starts_at: int
    """起始时间"""
    expires_at: int | None = None
    area: Affected
    """可能影响范围"""
    notice: str
    """警示事项"""
    measures: str
    """应采取的措施"""
    issuer: str
    """发布单位"""
    issued_at: int
    """发布时间"""
    headline: str = ""
    received_at: int
    format: str
    """`cap-1.2`, `cap-1.1`, `gbt-35965.1`, `table`, `own`."""
    digest: str = ""
    """SHA-256 of the bytes as they came; they lie in the store of attachments."""
    state: WarningState = WarningState.IN_FORCE
    replaced_by: int | None = None
    call_out: int | None = None
    approval: int | None = None
    version: int = 1
