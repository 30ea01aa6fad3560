"""Makes the sources that speak to the world; a protocol's library is loaded only where a source of it is set."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from chengyun_core.ingest.settings import (
    HttpSettings,
    IngestSettings,
    MqttSettings,
    NatsSettings,
    OpcuaSettings,
    SparkplugSettings,
)
from chengyun_core.ingest.sources.mqtt import MqttSource
from chengyun_core.ingest.sources.port import Source
from chengyun_core.model.clock import Clock

_HasFilesT = TypeVar("_HasFilesT", MqttSettings, HttpSettings, NatsSettings, OpcuaSettings, SparkplugSettings)


def protocol_sources(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    """Return MQTT, HTTP, NATS, Modbus, OPC UA and Sparkplug sources. Raises Refused for what cannot be meant."""
    return [
        *(MqttSource(_beside(profile, broker), clock) for broker in settings.mqtt),
        *_http(profile, settings, clock), *_nats(profile, settings, clock), *_modbus(settings, clock),
        *_opcua(profile, settings, clock), *_sparkplug(profile, settings, clock),
    ]  # fmt: skip


def _http(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    if not settings.http:
        return []
    from chengyun_core.ingest.sources.http import HttpSource  # noqa: PLC0415 - see above: 0.1 to 0.8 s each

    return [HttpSource(_beside(profile, port), clock) for port in settings.http]


def _nats(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    if not settings.nats:
        return []
    from chengyun_core.ingest.sources.nats import NatsSource  # noqa: PLC0415 - see above

    return [NatsSource(_beside(profile, server), clock) for server in settings.nats]


def _modbus(settings: IngestSettings, clock: Clock) -> list[Source]:
    if not settings.modbus:
        return []
    from chengyun_core.ingest.sources.modbus import ModbusSource  # noqa: PLC0415 - see above

    return [ModbusSource(device, clock) for device in settings.modbus]


def _opcua(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    if not settings.opcua:
        return []
    from chengyun_core.ingest.sources.opcua import OpcuaSource  # noqa: PLC0415 - see above

    return [OpcuaSource(_beside(profile, server), clock) for server in settings.opcua]


def _sparkplug(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    if not settings.sparkplug:
        return []
    from chengyun_core.ingest.sources.sparkplug import SparkplugSource  # noqa: PLC0415 - see above

    return [SparkplugSource(_beside(profile, broker), clock) for broker in settings.sparkplug]


def _beside(profile: Path, settings: _HasFilesT) -> _HasFilesT:
    """Files named without a leading slash lie in the profile's folder, wherever the daemon was started."""
    names = (field.name for field in fields(settings) if field.name.endswith("_file"))
    files: dict[str, Any] = {name: str(profile / file) for name in names if (file := getattr(settings, name))}
    return replace(settings, **files)
