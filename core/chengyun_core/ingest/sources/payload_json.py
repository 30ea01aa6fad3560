"""MQTT payloads in JSON: one object or an array of objects, read strictly."""

import json
import math
from typing import Any, NoReturn

from chengyun_core.ingest.sources import moment
from chengyun_core.ingest.sources.gathered import BadRow, Gathered, channel_of, quality_of
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.model.scales import Quality

TIME_KEYS = {"time": "", "time_s": "s", "time_ms": "ms", "time_us": "us", "time_ns": "ns"}
"""Key that holds the time → its unit; `time` is ISO 8601, or a number in the unit the source's settings state."""
KEYS = {"channel", "value", "quality", *TIME_KEYS}


def decode(payload: bytes, names: ChannelNames, *, epoch_unit: str = "") -> Gathered:
    """Return the samples of a payload; what cannot be read is refused and counted, the rest goes on."""
    gathered = Gathered()
    try:
        document = json.loads(
            payload.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole
        )
    except RecursionError:
        gathered.refuse("bad_json", "nested too deep")
    except BadRow as fault:
        gathered.refuse(fault.cause, str(fault))
    except ValueError as fault:
        gathered.refuse("bad_json", str(fault))
    else:
        for item in document if isinstance(document, list) else [document]:
            _gather(item, gathered, names, epoch_unit)
    return gathered


def _gather(item: Any, gathered: Gathered, names: ChannelNames, epoch_unit: str) -> None:
    try:
        gathered.add(*_sample(item, names, epoch_unit))
    except BadRow as fault:
        gathered.refuse(fault.cause, str(fault))


def _sample(item: Any, names: ChannelNames, epoch_unit: str) -> tuple[int, int, float, int]:
    if not isinstance(item, dict):
        raise BadRow("bad_field", f"expected an object with channel, time and value, found {type(item).__name__}")
    unknown = item.keys() - KEYS
    if unknown:
        raise BadRow("bad_field", f"unknown field {min(unknown)[:40]!r}")
    code = item.get("channel")
    if not isinstance(code, str):
        raise BadRow("bad_field", "channel is missing or not a text")
    if "value" not in item:
        raise BadRow("bad_field", "value is missing")
    number = channel_of(code, names)
    value, quality = _value(item["value"]), quality_of(item.get("quality", ""))
    return number, _time(item, epoch_unit), value, quality if math.isfinite(value) else int(Quality.BAD)


def _value(value: Any) -> float:
    if value is None:
        return math.nan  # the sensor says that it has no value: a BAD sample, not a fault of the message
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRow("bad_value", f"value {str(value)[:40]!r} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadRow("not_finite", "value is too large to be held")
    return number


def _time(item: dict[str, Any], epoch_unit: str) -> int:
    given = item.keys() & TIME_KEYS.keys()
    if len(given) != 1:
        raise BadRow("bad_field", "exactly one of time, time_s, time_ms, time_us, time_ns is needed")
    key = given.pop()
    written = item[key]
    try:
        if isinstance(written, str) and key == "time":
            return moment.of_text(written, epoch_unit=epoch_unit)
        if isinstance(written, (int, float)) and not isinstance(written, bool):
            return moment.of_number(written, TIME_KEYS[key] or epoch_unit)
    except (moment.BadMoment, OverflowError) as fault:
        raise BadRow("bad_time", str(fault)) from fault
    raise BadRow("bad_time", f"{key} is neither a text nor a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    item = dict(pairs)
    if len(item) != len(pairs):
        raise BadRow("bad_json", "a key is given twice")
    return item


def _constant(word: str) -> NoReturn:
    raise BadRow("bad_json", f"{word} is not JSON; a sensor without a value sends null")


def _whole(digits: str) -> int | float:
    # int() is quadratic in the digits and stops at 4300 of them: what needs more than 20 is no sample anyway.
    return int(digits) if len(digits) <= 20 else float(digits)
