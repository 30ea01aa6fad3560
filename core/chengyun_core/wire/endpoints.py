"""Every socket and every topic, in one list: who binds, who connects, what travels."""

from dataclasses import dataclass

PROTOCOL_VERSION = 1
"""Named in every hello; a peer of another version is refused, never mis-decoded (RF9)."""

MAX_MESSAGE_BYTES = 8 * 2**20
"""ZMQ_MAXMSGSIZE of every socket but the centre's door."""
MAX_IMPORT_BYTES = 64 * 2**20
"""ZMQ_MAXMSGSIZE of the centre's door, which takes catalogues whole."""

TOPIC_STATE = b"S/"
TOPIC_HEARTBEAT = b"H/"
TOPIC_WATCH = b"W/"
TOPIC_CHANGE = b"C/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One socket of a daemon."""

    name: str
    daemon: str
    pattern: str
    carries: str


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        name="ingest.state",
        daemon="ingest",
        pattern="XPUB → SUB",
        carries="S/ state frames, W/ watched samples, H/ heartbeats",
    ),
    Endpoint(
        name="ingest.door",
        daemon="ingest",
        pattern="ROUTER ← DEALER",
        carries="snapshot, watch, window, preview, quality, status",
    ),
    Endpoint(
        name="history.door",
        daemon="historian",
        pattern="ROUTER ← DEALER",
        carries="window, history, status",
    ),
    Endpoint(
        name="survey.door",
        daemon="survey",
        pattern="ROUTER ← DEALER",
        carries="density, devices, health, status",
    ),
    Endpoint(name="centre.changes", daemon="centre", pattern="XPUB → SUB", carries="C/ changes, H/ heartbeats"),
    Endpoint(
        name="centre.door",
        daemon="centre",
        pattern="ROUTER ← DEALER",
        carries="hello, commands, changes since, snapshot, catalogue, verdicts, activations, bands",
    ),
)
