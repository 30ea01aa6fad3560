"""An activation: a vital entered or left a band. Decided and numbered by ingest, made durable by the centre."""

from dataclasses import dataclass

from chengyun_core.model.scales import Aspect, Side, WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationKey:
    """What the centre dedupes by."""

    shard: int
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One numbered step of a vital's band. `before` may be higher or lower than `after`."""

    shard: int
    epoch: int
    """Of the spool, not of the process: persisted, so that a restart goes on counting."""
    seq: int
    vital: int
    at_ns: int
    """Source time of the sample (or instant) that decided, profile ns UTC."""
    before: WarningColour
    after: WarningColour
    side: Side
    value: float
    limit: float
    """The limit crossed; NaN for stuck and missing."""
    catalogue_version: int
    late: bool = False
    aspect: Aspect = Aspect.PROCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class BandNow:
    """A vital's band as ingest holds it, sent after every reconnect so that a missed return is reconciled."""

    vital: int
    band: WarningColour
    side: Side
    since_ns: int
    value: float
    limit: float
    aspect: Aspect = Aspect.PROCESS
