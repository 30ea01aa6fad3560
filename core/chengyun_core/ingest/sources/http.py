"""Samples pushed by HTTP POST: a port with token and TLS, an answer that counts, every refusal in clear words."""

import asyncio
import hmac
import ipaddress
import json
from pathlib import Path

from aiohttp import web
from typing_extensions import override

from chengyun_core.ingest.settings import HttpSettings
from chengyun_core.ingest.sources import http_port, tls
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.loop_thread import LoopSource, Lost
from chengyun_core.ingest.sources.reception import Reception, Tally
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused
from chengyun_core.wire import secret_file

PATH = "/samples"
FORMS = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.chengyun.packed": "packed",
    "application/octet-stream": "packed",
}
"""Content type → format of the body."""
RETRY_S = 1
FULL_PAUSE_S = 0.25
"""How long the answer «evaluation is behind» is held back, whatever the sender makes of `Retry-After`."""
BODY_S = 60.0
"""A body must have come within this time; who only drips loses the connection."""


class HttpSource(LoopSource):
    """One port. A request is one message; its sender is the address it comes from."""

    def __init__(self, settings: HttpSettings, clock: Clock) -> None:
        if not settings.token_file and not _is_loopback(settings.host):
            raise Refused("ingest.http_open", host=settings.host)
        super().__init__(settings.name, "http")
        self._settings = settings
        self._token = b""
        self._gate = Gate.of(settings, self.health, clock)
        self._reception = Reception.of(settings, self.health, self._gate, sender_word="address")

    @override
    async def connected(self) -> None:
        """Listen until the daemon ends."""
        settings = self._settings
        self._token = secret_file.read(Path(settings.token_file)).encode() if settings.token_file else b""
        context = None
        if settings.certificate_file:
            context = tls.of_server(
                "ingest.http_tls", settings.certificate_file, settings.key_file, settings.client_ca_file
            )
        server = http_port.CountingServer(self._answered, self._came_as_garbage, most=settings.connections)
        try:
            await http_port.listen(
                server, settings.host, settings.port, context, listening=lambda: self.health.became("running")
            )
        except OSError as fault:
            raise Lost("ingest.http_port", fault) from fault

    def _came_as_garbage(self, sender: str, words: str) -> None:
        self.health.dropped("bad_http", detail=f"{sender}: {words}")
        self.health.blame(sender)

    async def _answered(self, request: web.BaseRequest) -> web.Response:
        sender = request.remote or "unknown"
        refusal = self._refusal(request, sender)
        if refusal is not None:
            return refusal
        try:
            body = await asyncio.wait_for(self._body(request), BODY_S)
        except TimeoutError:
            return self._turned_away(sender, "bad_http", 408, f"the body did not come within {BODY_S:g} s")
        except web.RequestPayloadError as fault:
            return self._turned_away(sender, "unsupported_type", 400, f"the body cannot be unpacked: {fault}")
        if body is None:
            return self._turned_away(
                sender,
                "too_large",
                413,
                f"the body is longer than {self._settings.longest_message} bytes; send less at once",
            )
        if self.feed is None:
            return _told(503, "the daemon is starting", Tally(0, {}))
        tally = self._reception.take(
            body, self.feed, self.names, sender=sender, where=sender, form=FORMS[request.content_type]
        )
        if "queue_full" in tally.refused:
            # A gateway that sends again at once would take the time in which the queue could become shorter.
            await asyncio.sleep(FULL_PAUSE_S)
        return _answer(tally)

    def _refusal(self, request: web.BaseRequest, sender: str) -> web.Response | None:
        """Return why the request is not read, cheapest question first; None: it is."""
        if self._token and not _has_token(request, self._token):
            answer = self._turned_away(
                sender, "unauthorized", 401, "the token is missing or wrong; send Authorization: Bearer TOKEN"
            )
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if request.path != PATH:
            return self._turned_away(sender, "bad_http", 404, f"there is only POST {PATH} here")
        if request.method != "POST":
            answer = self._turned_away(sender, "bad_http", 405, f"{PATH} takes POST")
            answer.headers["Allow"] = "POST"
            return answer
        if request.content_type not in FORMS or request.charset not in (None, "utf-8", "UTF-8"):
            return self._turned_away(
                sender, "unsupported_type", 415, f"content type is one of {', '.join(FORMS)}, in UTF-8"
            )
        if (request.content_length or 0) > self._settings.longest_message:
            return self._turned_away(
                sender,
                "too_large",
                413,
                f"the body is longer than {self._settings.longest_message} bytes; send less at once",
            )
        return None

    def _turned_away(self, sender: str, cause: str, status: int, words: str) -> web.Response:
        self.health.dropped(cause, detail=f"{sender}: answered {status}, {words}")
        self.health.blame(sender)
        answer = _told(status, words, Tally(0, {cause: 1}))
        answer.force_close()  # the body was not read: what follows on this connection cannot be told apart from it
        return answer

    async def _body(self, request: web.BaseRequest) -> bytes | None:
        """Return the body (unpacked where it came gzipped), or None as soon as it is too long."""
        read = bytearray()
        async for piece in request.content.iter_any():
            read += piece
            if len(read) > self._settings.longest_message:
                return None
        return bytes(read)


def _answer(tally: Tally) -> web.Response:
    refused = tally.refused
    if "rate_limited" in refused or "muted" in refused:
        answer = _told(
            429, "too many samples or too much garbage from this address; the counts say what was taken", tally
        )
    elif "queue_full" in refused:
        answer = _told(503, "evaluation is behind; send these samples again later", tally)
    elif not tally.accepted and refused:
        return _told(422, "no sample of this body can be used; the counts say why", tally)
    else:
        return _told(202, "", tally)
    answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def _told(status: int, words: str, tally: Tally) -> web.Response:
    body: dict[str, object] = {"accepted": tally.accepted, "refused": tally.refused}
    if words:
        body["reason"] = words
    return web.Response(status=status, text=json.dumps(body), content_type="application/json")


def _has_token(request: web.BaseRequest, token: bytes) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), token)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
