"""A small city for the daemon's tests: single devices, a series, vitals with plain limits."""

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.model.activation import Activation
from chengyun_core.model.catalogue import Catalogue, Channel, Device, Threshold, ThresholdSet, Vital
from chengyun_core.model.scales import Side, WarningColour

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def vital(number, formula, **more):
    return Vital(
        number=number, code=f"V{number}", name=f"V{number}", subtrack="s", centre="c", unit="m", owner_post="p",
        vital_class="operation", period_s=1.0, decimals=1, formula=formula, **more,
    )  # fmt: skip


def city(*, version=3, missing_s=None, on_delay_s=0.0):
    """Devices A, B (channels 0, 1), a series P of five (10…14); vitals V0 last(A.x), V1 last(B.x), V2 max(P#*.x)."""
    devices = (
        Device(code="A", name="A", kind="k", centre="c", subtrack="s"),
        Device(code="B", name="B", kind="k", centre="c", subtrack="s"),
        Device(code="P", name="P", kind="k", centre="c", subtrack="s", count=5),
    )
    channels = (
        Channel(number=0, device="A", quantity="x", unit="m", period_s=1.0),
        Channel(number=1, device="B", quantity="x", unit="m", period_s=1.0, low=-100.0, high=100.0),
        Channel(number=10, device="P", quantity="x", unit="m", period_s=1.0, count=5),
    )
    vitals = (vital(0, "last(A.x)", pinned=1), vital(1, "last(B.x)"), vital(2, "max(P#*.x)"))
    thresholds = tuple(
        Threshold(
            threshold_set=name, vital=f"V{number}", high_yellow=limit, high_red=limit * 2, missing_s=missing_s,
            on_delay_s=on_delay_s,
        )
        for name, limit in (("PT", 10.0), ("XQ", 5.0))
        for number in range(3)
    )  # fmt: skip
    sets = (ThresholdSet(code="PT", name="PT", in_force=True), ThresholdSet(code="XQ", name="XQ"))
    return Catalogue(
        version=version, devices=devices, channels=channels, vitals=vitals, threshold_sets=sets, thresholds=thresholds
    )


def names():
    return ChannelNames(city())


def batch(*rows):
    """Rows of (channel, seconds after START, value)."""
    return Batch.of(
        [row[0] for row in rows], [START + round(row[1] * SECOND) for row in rows], [row[2] for row in rows]
    )


def activation(number, *, vital_number=0, after=WarningColour.YELLOW):
    """An activation as the engine makes it, not numbered yet."""
    return Activation(
        shard=0, epoch=0, seq=0, vital=vital_number, at_ns=START + number * SECOND, before=WarningColour.NONE,
        after=after, side=Side.HIGH, value=float(number), limit=10.0, catalogue_version=3,
    )  # fmt: skip
