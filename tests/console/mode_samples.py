"""Presets, declarations, a preview and orders to switch, for the scenes and tests of the mode."""

from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import (
    Confirmation,
    Declaration,
    InEffect,
    ModeOrder,
    Part,
    PartChange,
    Preset,
    Scope,
    SwitchState,
)
from chengyun_core.model.scales import Mode
from chengyun_core.wire.mode_asks import ModePreview, PartPreview
from tests.console.still_session import START_NS, S

CITY = "500000"
FLOOD = Preset(
    code="flood", name="防汛", threshold_set="flood", layout="emergency", sound="emergency",
    reinforcement=("500000.duty_officer", "500000.watch_chief"), call_out="flood-1", report_every_min=120.0,
    layers=("rain", "river"), plans=("BAOGUAN",),
)  # fmt: skip
WATER = Preset(code="water", name="城市供水", threshold_set="flood", layout="emergency")


def declaration(state: SwitchState = SwitchState.IN_FORCE, **fields: object) -> Declaration:
    """Return the city's declaration of 防汛 an hour ago, in this state."""
    made: dict[str, object] = {
        "number": 12, "issuer": CITY, "scope": Scope(centre=CITY), "term": 1, "mode": Mode.EMERGENCY,
        "preset": "flood", "reason": "暴雨橙色预警，寸滩站超保证水位", "evidence": "warning/7",
        "parts": (
            PartChange(part=Part.THRESHOLDS, before="normal", after="flood"),
            PartChange(part=Part.LAYOUT, before="", after="emergency"),
            PartChange(part=Part.SOUND, before="", after="emergency"),
        ),
        "state": state, "declared_at": START_NS - 602 * S, "declared_by": "li", "declared_seat": "A-03",
        "seconded_by": "wang", "version": 2,
    }  # fmt: skip
    return Declaration(**(made | fields))  # type: ignore[arg-type]


def applying(**fields: object) -> Declaration:
    """Return one that ingest has confirmed and a seat has not."""
    confirmed = (Confirmation(who="ingest/0", at=START_NS),)
    awaited = ("ingest/0", "A-03", "B-02")
    made = {"declared_at": START_NS, "applied_at": START_NS, "confirmed": confirmed, "awaited": awaited}
    return declaration(SwitchState.APPLYING, **(made | fields))


def undone() -> Declaration:
    """Return one that seat B-02 could not carry out."""
    confirmed = (
        Confirmation(who="ingest/0", at=START_NS),
        Confirmation(who="B-02", at=START_NS, fault="mode.fault.layout"),
    )
    return declaration(
        SwitchState.UNDONE, confirmed=confirmed, ended_at=START_NS, declared_at=START_NS, fault="mode.fault.layout",
        faulty="B-02",
    )  # fmt: skip


def preview(*, fault: bool = False, digest: str = "d1") -> ModePreview:
    """Return what 防汛 would change, or a preview in which the call-out cannot be switched."""

    def sentence(part: Part, **params: str) -> Reason:
        return Reason(code=f"mode.preview.{part.value}", params=params)

    rows = (
        (Part.THRESHOLDS, "normal", "flood", sentence(Part.THRESHOLDS, vitals="24", alarms="5")),
        (Part.LAYOUT, "", "emergency", sentence(Part.LAYOUT, seats="3")),
        (Part.SOUND, "", "emergency", sentence(Part.SOUND, seats="3")),
        (Part.ROSTER, "", "500000.duty_officer", sentence(Part.ROSTER, posts="1", people="12")),
        (Part.CALL_OUT, "", "flood-1", sentence(Part.CALL_OUT, addressees="12")),
        (Part.REPORTS, "", "120", sentence(Part.REPORTS, minutes="120")),
        (Part.LAYERS, "", "", Reason(code="mode.preview.same")),
        (Part.PLANS, "", "BAOGUAN", sentence(Part.PLANS, plans="1")),
    )
    parts = tuple(
        PartPreview(
            part=part, before=before, after=after, sentence=sentence,
            fault=Reason(code="mode.fault.layout") if fault and part is Part.CALL_OUT else None,
        )
        for part, before, after, sentence in rows
    )  # fmt: skip
    now, then = InEffect(mode=Mode.PEACETIME), InEffect(mode=Mode.EMERGENCY, preset="flood")
    return ModePreview(parts=parts, digest=digest, now=now, then=then, sets={CITY: "flood"})


def order(**fields: object) -> ModeOrder:
    """Return an order of the province above to switch, six minutes left."""
    made: dict[str, object] = {
        "number": 4, "by_centre": "500000", "centre": CITY, "scope": Scope(centre=CITY), "mode": Mode.EMERGENCY,
        "preset": "flood", "reason": "全市转入防汛急时", "ordered_at": START_NS - 240 * S, "ordered_by": "chen",
        "due_at": START_NS + 360 * S,
    }  # fmt: skip
    return ModeOrder(**(made | fields))  # type: ignore[arg-type]
