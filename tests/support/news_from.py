"""Makes frames, heartbeats, changes and alarms for tests of the mirror, with the few fields a test cares about."""

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.links import Moment
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import Change
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import codec, frames
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Heartbeat
from chengyun_core.wire.frames import Frame, FrameHead, FrameKind

S = 1_000_000_000


def frame(
    vitals: list[int],
    values: list[float],
    *,
    seq: int,
    epoch: int = 1,
    kind: FrameKind = FrameKind.STATE,
    catalogue: int = 1,
    time_ns: int | list[int] = 0,
    band: int | list[int] = 0,
    quality: int | list[int] = 0,
) -> Frame:
    """Return a decoded frame, having gone through the bytes."""
    return frames.decode(
        frame_bytes(
            vitals,
            values,
            seq=seq,
            epoch=epoch,
            kind=kind,
            catalogue=catalogue,
            time_ns=time_ns,
            band=band,
            quality=quality,
        )
    )


def frame_bytes(
    vitals: list[int],
    values: list[float],
    *,
    seq: int,
    epoch: int = 1,
    kind: FrameKind = FrameKind.STATE,
    catalogue: int = 1,
    time_ns: int | list[int] = 0,
    band: int | list[int] = 0,
    quality: int | list[int] = 0,
) -> bytes:
    """Return the bytes of a frame."""
    count = len(vitals)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "vital": np.array(vitals, np.uint32), "time": np.broadcast_to(np.array(time_ns, np.int64), count),
        "value": np.array(values, np.float64), "quality": np.broadcast_to(np.array(quality, np.uint8), count),
        "band": np.broadcast_to(np.array(band, np.uint8), count), "side": np.zeros(count, np.uint8),
    }  # fmt: skip
    head = FrameHead(
        kind=kind, shard=0, epoch=epoch, seq=seq, catalogue=catalogue, count=count, clock_ns=0, sent_ns=0, newest_ns=0
    )
    return frames.encode(head, columns)


def beat(*, daemon: str = "ingest", epoch: int = 1, tail: int = 0, sent_ns: int = 0, **fields: object) -> Heartbeat:
    """Return a heartbeat."""
    known = {"protocol": PROTOCOL_VERSION, "clock_ns": sent_ns, "sent_ns": sent_ns, "catalogue": 1} | fields
    return Heartbeat(daemon=daemon, epoch=epoch, tail=tail, **known)  # type: ignore[arg-type]


def moment(at_ns: int) -> Moment:
    """Return an instant at which all three clocks say the same."""
    return Moment(monotonic_ns=at_ns, profile_ns=at_ns, machine_ns=at_ns)


def alarm(number: int, *, version: int = 1, colour: WarningColour = WarningColour.RED, **fields: object) -> Alarm:
    """Return an alarm on the vital of the same number, active and unacknowledged unless told otherwise."""
    known = {"band": colour, "raised_at": number, "changed_at": number, "vital": number} | fields
    return Alarm(
        number=number, vital_code=f"V{number}", colour=colour, side=Side.HIGH, value=1.0, limit=0.5, version=version,
        **known,  # type: ignore[arg-type]
    )  # fmt: skip


def change(number: int, record: Alarm) -> Change:
    """Return the journal's change number `number` that made an alarm what it is."""
    return Change(
        number=number, at_ns=number, action="alarm.changed", kind="alarm", key=str(record.number),
        version=record.version, record=codec.pack(record),
    )  # fmt: skip
