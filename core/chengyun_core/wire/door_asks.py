"""What may be asked of the centre about sensing, seats and the journal's changes: bodies and answers."""

from chengyun_core.wire.duty_asks import AskSeated
from chengyun_core.wire.envelope import (
    AskCatalogue,
    AskChanges,
    AskThresholds,
    AskVerdicts,
    Changes,
    Confirmed,
    Done,
    Hello,
    Seats,
    SendActivations,
    SendBands,
    SignedOn,
    Snapshot,
    ThresholdHistory,
    Verdicts,
    Welcome,
)
from chengyun_core.wire.mode_asks import SendRunning

DOOR_ASKS: dict[str, tuple[type, type | None]] = {
    "alarm.verdicts": (AskVerdicts, Verdicts),
    "catalogue.get": (AskCatalogue, None),
    "changes.since": (AskChanges, Changes),
    "hello": (Hello, Welcome),
    "ingest.activations": (SendActivations, Confirmed),
    "ingest.bands": (SendBands, Done),
    "ingest.runs": (SendRunning, Done),
    "seats": (Hello, Seats),
    "session.here": (Hello, Done),
    "session.seated": (AskSeated, SignedOn),
    "snapshot": (Hello, Snapshot),
    "threshold.history": (AskThresholds, ThresholdHistory),
}
"""Ask → (body, answer). `catalogue.get` answers with a packed catalogue."""
