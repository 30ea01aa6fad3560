"""A payload of any agreed format to a batch: the format is the topic's, or told by the first bytes."""

from typing import NamedTuple

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources import payload_csv, payload_json, payload_packed
from chengyun_core.ingest.sources.gathered import BadRow
from chengyun_core.ingest.sources.names import ChannelNames


class Decoded(NamedTuple):
    """The samples of a payload, and what was refused: cause → (count, first detail)."""

    batch: Batch | None
    refused: dict[str, tuple[int, str]]


def decode(payload: bytes, names: ChannelNames, *, form: str = "auto", epoch_unit: str = "") -> Decoded:
    """Return what a payload holds; never raises, whatever the bytes are."""
    match form if form != "auto" else form_of(payload):
        case "packed":
            try:
                return Decoded(payload_packed.decode(payload, catalogue=names.version), {})
            except BadRow as fault:
                return Decoded(None, {fault.cause: (1, str(fault))})
        case "json":
            gathered = payload_json.decode(payload, names, epoch_unit=epoch_unit)
        case _:
            gathered = payload_csv.decode(payload, names, epoch_unit=epoch_unit)
    return Decoded(gathered.batch() if gathered.channel else None, gathered.refused)


def form_of(payload: bytes) -> str:
    """Return the format the first bytes speak of."""
    if payload.startswith(payload_packed.MAGIC):
        return "packed"
    return "json" if payload[:16].lstrip()[:1] in (b"{", b"[") else "csv"
