"""Changes: what a journal row tells the screens, and the records a console holds."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """Who sits where."""

    seat: str
    account: str
    name: str
    posts: tuple[str, ...]
    since: int
    signed_off: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRecord:
    """Which catalogue version is in force; its content is asked for by version."""

    version: int
    threshold_set: str
    vitals: int
    devices: int
    scope_sets: dict[str, str] = field(default_factory=dict)
    """Sets of scopes in 急时, in the journal's rows: what limits were in force where and when (model.scope_sets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One numbered change. `record` is the whole record after the change (absolute, mergeable by version).

    kind: `alarm` → model.alarm.Alarm · `override` → model.alarm.Override · `situation` → model.situation.Situation ·
    `comment`, `late`, `flood`, `threshold` → model.alarm_records · `approval` → model.approval.Approval ·
    `order`, `receipt`, `side_request`, `roll_call`, `roll_answer` → model.order · `event` → model.event.Event ·
    `drawing` → model.drawing.Drawing · `device_stage`, `repair` → model.device_file ·
    `camera_round`, `evidence`, `evidence_wish`, `ptz_lock` → model.camera ·
    `plan_run` → model.plan.PlanRun · `risk_point` → model.plan.RiskPoint · `unit` → model.dispatch.UnitRecord ·
    `session` → SessionRecord · `catalogue` → CatalogueRecord · `account` and others → nothing shown.
    """

    number: int
    at_ns: int
    action: str
    """The command's kind, or `alarm.raise`, `alarm.return`, … for what the centre does itself."""
    kind: str
    key: str
    """Identity within the kind: alarm number, seat code, ..."""
    version: int
    record: bytes
    """msgpack of the kind's record (wire.codec)."""
    account: str = ""
    seat: str = ""
    params: dict[str, str] = field(default_factory=dict)
