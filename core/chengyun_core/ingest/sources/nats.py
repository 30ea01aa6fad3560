"""Samples from NATS subjects: plain subscriptions, or a durable JetStream consumer that keeps what we missed."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from nats import errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import errors as stream_errors
from typing_extensions import override

from chengyun_core.ingest.settings import NatsSettings, SubjectSettings
from chengyun_core.ingest.sources import nats_key, tls
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.loop_thread import LoopSource, Lost
from chengyun_core.ingest.sources.mqtt import FORMATS, sender_of
from chengyun_core.ingest.sources.reception import Reception, Tally
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused
from chengyun_core.wire import secret_file

CONNECT_S, CLOSE_S = 5, 2
PING_S = 20
FETCHED, FETCH_S = 64, 2.0
"""Messages of a stream taken at once, and how long a fetch waits for the first."""
AGAIN_S = 1.0
"""After this time the server sends a message again that found the intake full."""
PENDING_BYTES = 64 * 2**20


class NatsSource(LoopSource):
    """One server or cluster. The library's own reconnecting is off: ours tells each loss and starts cleanly."""

    def __init__(self, settings: NatsSettings, clock: Clock) -> None:
        super().__init__(settings.name, "nats")
        for item in settings.subjects:
            if item.format not in FORMATS or bool(item.stream) != bool(item.durable):
                raise Refused("ingest.nats_subject", subject=item.subject, format=item.format)
        self._settings = settings
        self._gate = Gate.of(settings, self.health, clock)
        self._reception = Reception.of(settings, self.health, self._gate, sender_word="subject")

    @override
    async def connected(self) -> None:
        """Subscribe and read until the connection is gone."""
        client = Client()
        over: asyncio.Future[Lost] = asyncio.get_running_loop().create_future()
        options = self._secrets(client)
        try:
            await self._connect(client, over, options)
            await self._listen(client, over)
        finally:
            with contextlib.suppress(errors.Error, OSError, TimeoutError):
                await asyncio.wait_for(client.close(), CLOSE_S)

    async def _connect(self, client: Client, over: "asyncio.Future[Lost]", options: dict[str, Any]) -> None:
        failed: list[Exception] = []

        async def lost() -> None:
            if not over.done():
                over.set_result(Lost("ingest.nats_lost", "the server closed the connection"))

        async def fault(told: Exception) -> None:
            # The library would go round its servers for ever; one round is ours, then the loss is told.
            if not client.is_connected and not over.done():
                failed.append(told)
                if len(failed) >= len(self._settings.servers):
                    raise _lost(told) from told
            self._tell(told, over)

        try:
            await client.connect(
                servers=list(self._settings.servers), allow_reconnect=False, connect_timeout=CONNECT_S,
                ping_interval=PING_S, closed_cb=lost, disconnected_cb=lost, error_cb=fault, name="chengyun ingest",
                **options,
            )  # fmt: skip
        except (OSError, errors.Error, TimeoutError) as told:
            raise _lost(told) from told

    def _tell(self, told: Exception, over: "asyncio.Future[Lost]") -> None:
        if isinstance(told, errors.SlowConsumerError):
            self.health.dropped("queue_full", detail=f"{told.subject}: messages came faster than they are read")
        elif not over.done() and self.health.state == "running":
            over.set_result(_lost(told, connected=True))

    async def _listen(self, client: Client, over: "asyncio.Future[Lost]") -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for item in self._settings.subjects:
                    if item.durable:
                        tasks.create_task(self._pull(client, item))
                    else:
                        await client.subscribe(item.subject, cb=self._taker(item), pending_bytes_limit=PENDING_BYTES)
                await client.flush()
                self.health.became("running")
                raise await over
        except ExceptionGroup as several:
            told = several.exceptions[0]
            raise (told if isinstance(told, Lost) else _lost(told, connected=True)) from several

    def _taker(self, item: SubjectSettings) -> Any:
        async def take(message: Msg) -> None:
            self._take(message, item, paced=False)

        return take

    async def _pull(self, client: Client, item: SubjectSettings) -> None:
        """Fetch from a stream, acknowledge what the intake has: what it has not is sent again, also after a crash."""
        try:
            pull = await client.jetstream().pull_subscribe(item.subject, durable=item.durable, stream=item.stream)
        except (stream_errors.Error, TimeoutError) as told:
            raise Lost("ingest.nats_stream", told) from told
        while True:
            try:
                messages = await pull.fetch(FETCHED, timeout=FETCH_S)
            except TimeoutError:
                continue
            except stream_errors.Error as told:
                raise Lost("ingest.nats_stream", told) from told
            for message in messages:
                tally = self._take(message, item, paced=True)
                if "queue_full" in tally.refused:
                    await message.nak(delay=AGAIN_S)
                else:
                    await message.ack()
                await asyncio.sleep(self._gate.pause_s(tally.accepted))

    def _take(self, message: Msg, item: SubjectSettings, *, paced: bool) -> Tally:
        if self.feed is None:
            return Tally(0, {"queue_full": 1})
        sender = sender_of(message.subject, ".", self._settings.sender_levels)
        return self._reception.take(
            message.data, self.feed, self.names, sender=sender, where=message.subject, form=item.format, paced=paced
        )

    def _secrets(self, client: Client) -> dict[str, Any]:
        settings = self._settings
        options: dict[str, Any] = {}
        if settings.ca_file:
            options["tls"] = tls.of_client(
                "ingest.nats_tls", settings.ca_file, settings.certificate_file, settings.key_file
            )
        if settings.creds_file:
            key, jwt = nats_key.of_creds_file(Path(settings.creds_file))
            options |= {"signature_cb": key.signed, "user_jwt_cb": lambda: jwt}
        elif settings.nkey_file:
            key = nats_key.of_nkey_file(Path(settings.nkey_file))
            client._public_nkey = key.public()  # noqa: SLF001 - the only public way is a library we need not carry
            options |= {"signature_cb": key.signed}
        if "signature_cb" in options:
            client._auth_configured = True  # noqa: SLF001 - the same
        elif settings.user:
            password = secret_file.read(Path(settings.password_file)) if settings.password_file else ""
            options |= {"user": settings.user, "password": password}
        return options


def _lost(told: BaseException, *, connected: bool = False) -> Lost:
    words = str(told).lower()
    refused = isinstance(told, errors.AuthorizationError) or "authorization" in words or "permissions" in words
    if refused:
        return Lost("ingest.nats_refused", told, state="failed")
    return Lost("ingest.nats_lost" if connected else "ingest.nats_unreachable", told)
