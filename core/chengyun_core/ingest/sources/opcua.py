"""Samples from an OPC UA server: a subscription to variables, with the times and the quality their source gave them."""

import asyncio
import contextlib
import logging
import math
from datetime import datetime
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.node import Node
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.ua import uaerrors
from cryptography.exceptions import UnsupportedAlgorithm
from typing_extensions import override

from chengyun_core.ingest.settings import OpcuaSettings
from chengyun_core.ingest.sources.gathered import Gathered
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.loop_thread import LoopSource, Lost
from chengyun_core.ingest.sources.names import UNKNOWN
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.scales import Quality
from chengyun_core.wire import secret_file

MODES = {"sign": ua.MessageSecurityMode.Sign, "sign_encrypt": ua.MessageSecurityMode.SignAndEncrypt}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the library gives naive UTC
QUEUED = 100
"""Values of one node the server keeps between two messages."""
GATHER_S = 0.02
"""Notifications of so long go on as one batch."""
_OVERFLOW = 0x0480
"""Info type «data value» and its overflow bit (OPC 10000-4, 7.39.1)."""
_SEVERITY = {0: Quality.GOOD, 1: Quality.UNCERTAIN}
"""Top two bits of a status code → quality; everything else is BAD."""
REFUSALS = (
    uaerrors.BadUserAccessDenied, uaerrors.BadIdentityTokenRejected, uaerrors.BadIdentityTokenInvalid,
    uaerrors.BadSecurityChecksFailed, uaerrors.BadCertificateUntrusted, uaerrors.BadCertificateInvalid,
    uaerrors.BadSecurityModeRejected, uaerrors.BadSecurityPolicyRejected,
)  # fmt: skip


class OpcuaSource(LoopSource):
    """One server."""

    def __init__(self, settings: OpcuaSettings, clock: Clock) -> None:
        super().__init__(settings.name, "opcua")
        if settings.mode != "none" and settings.mode not in MODES:
            raise Refused("ingest.opcua_security", reason=f"mode {settings.mode!r} is none of none, sign, sign_encrypt")
        for item in settings.nodes:
            _check(settings.name, item.node)
        logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)  # it logs every loss with traces; we tell it once
        self._settings = settings
        self._clock = clock
        self._codes = {ua.NodeId.from_string(item.node): item.channel for item in settings.nodes}
        self._gate = Gate(self.health, clock, per_source=settings.limit_samples_per_s)
        self._gathered = Gathered()
        self._told = ""

    @override
    async def connected(self) -> None:
        """Subscribe and read until the connection is gone."""
        client = await self._made()
        try:
            try:
                await client.connect()
                await self._subscribe(client)
            except REFUSALS as fault:
                raise Lost("ingest.opcua_refused", fault, state="failed") from fault
            except (OSError, uaerrors.UaError, TimeoutError, ConnectionError) as fault:
                raise Lost("ingest.opcua_unreachable", fault) from fault
            self.health.became("running")
            await self._hand_on_until_lost(client)
        except Lost:
            self._all_bad()
            raise
        finally:
            with contextlib.suppress(OSError, uaerrors.UaError, TimeoutError, ConnectionError):
                await client.disconnect()

    async def _made(self) -> Client:
        settings = self._settings
        client = Client(settings.url, timeout=settings.timeout_s)
        client.application_uri = settings.application_uri
        if settings.user:
            client.set_user(settings.user)
            if settings.password_file:
                client.set_password(secret_file.read(Path(settings.password_file)))
        if settings.mode != "none":
            await self._secure(client)
        return client

    async def _secure(self, client: Client) -> None:
        settings = self._settings
        try:
            _expect_private(Path(settings.key_file))
            await client.set_security(
                SecurityPolicyBasic256Sha256, settings.certificate_file, settings.key_file,
                server_certificate=settings.server_certificate_file, mode=MODES[settings.mode],
            )  # fmt: skip
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm, uaerrors.UaError) as fault:
            raise Trouble("ingest.opcua_security", reason=str(fault)) from fault

    async def _subscribe(self, client: Client) -> None:
        subscription = await client.create_subscription(self._settings.period_ms, self)
        for node_id, code in self._codes.items():
            try:
                await subscription.subscribe_data_change(client.get_node(node_id), queuesize=QUEUED)
            except uaerrors.UaStatusCodeError as fault:
                self.health.dropped("opcua_node", detail=f"{node_id.to_string()}: {fault}")
                self._gather(code, None, self._clock.utc_ns(), Quality.BAD)

    async def _hand_on_until_lost(self, client: Client) -> None:
        checked_ns = self._clock.monotonic_ns()
        while True:
            self._hand_on()
            await asyncio.sleep(GATHER_S)
            if self._told:
                fault, self._told = self._told, ""
                raise Lost("ingest.opcua_lost", fault)
            if self._clock.monotonic_ns() - checked_ns > 1_000_000_000:
                checked_ns = self._clock.monotonic_ns()
                try:
                    await client.check_connection()
                except (OSError, uaerrors.UaError, TimeoutError, ConnectionError) as fault:
                    raise Lost("ingest.opcua_lost", fault) from fault

    def datachange_notification(self, node: Node, _value: Any, data: Any) -> None:
        """Take a value (the library calls this in our loop)."""
        told: ua.DataValue = data.monitored_item.Value
        code = self._codes.get(node.nodeid)
        status = told.StatusCode.value if told.StatusCode is not None else 0
        if status & _OVERFLOW == _OVERFLOW:
            self.health.dropped("opcua_overflow", detail=node.nodeid.to_string())
        at = told.SourceTimestamp or told.ServerTimestamp
        time_ns = self._clock.utc_ns() if at is None else _ns(at)
        if code is not None:
            value = None if told.Value is None else told.Value.Value
            self._gather(code, value, time_ns, _SEVERITY.get(status >> 30, Quality.BAD))

    def status_change_notification(self, status: Any) -> None:
        """Note that the server ended the subscription (the library calls this in our loop)."""
        self._told = str(status)

    def _gather(self, code: str, value: object, time_ns: int, quality: Quality) -> None:
        number = self.names.number(code)
        if number == UNKNOWN:
            self.health.dropped("unknown_channel", detail=f"{code!r} is not in version {self.names.version}")
        elif value is not None and not isinstance(value, (bool, int, float)):
            self.health.dropped("bad_value", detail=f"{code}: a {type(value).__name__} is not a number")
        else:
            measured = math.nan if value is None else float(value)
            finite = math.isfinite(measured)
            self._gathered.add(number, time_ns, measured, int(quality if finite else Quality.BAD))

    def _all_bad(self) -> None:
        now_ns = self._clock.utc_ns()
        for code in self._codes.values():
            self._gather(code, None, now_ns, Quality.BAD)
        self._hand_on()

    def _hand_on(self) -> None:
        if self._gathered.channel and self.feed is not None:
            batch, self._gathered = self._gathered.batch(), Gathered()
            self.feed.offer(self._gate.admitted(self.health.name, batch))


def _expect_private(key: Path) -> None:
    secret_file.expect_private(key, key.stat())


def _check(source: str, node: str) -> None:
    try:
        ua.NodeId.from_string(node)
    except (uaerrors.UaError, ValueError) as fault:
        raise Refused("ingest.source_point", source=source, point=node, reason=f"no node id: {fault}") from fault


def _ns(at: datetime) -> int:
    """Return ns UTC of the library's time: a naive UTC datetime, exact to the microsecond."""
    since = at.replace(tzinfo=None) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1000
