"""A video platform that answers as WVP-PRO 2.7.4 does (commit 768d740), for tests: paths, parameters and envelopes.

Written from its controllers: `/api/user/login` (GET, MD5 of the password, token in the body and in a header),
`/api/device/query/devices…` (pages), `/api/play/start/…`, `/api/front-end/…`; `{"code", "msg", "data"}` around all.
"""

import hashlib
from collections import Counter
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.support.http_stand import HttpStand

DEVICE = "34020000001320000001"
SPEEDS = {"horizonSpeed": 255, "verticalSpeed": 255, "zoomSpeed": 15}
CHANNELS = tuple(f"3402000000131000{number:04d}" for number in range(1, 251))


class WvpStand(HttpStand):
    """One platform with a device of 250 channels. `fault` names how answers go wrong."""

    def __init__(self, *, user: str = "chengyun", password: str = "plat-form") -> None:
        super().__init__(self._answer)
        self.user, self.password = user, password
        self.fault = ""
        self.asked: list[str] = []
        self.commands: list[tuple[str, dict[str, str]]] = []
        self.logins = 0
        self.is_online = True
        self.presets = [{"presetId": "1", "presetName": "全景"}, {"presetId": "x", "presetName": "没有编号"}]
        self.counted: Counter[str] = Counter()
        self._tokens: set[str] = set()

    def forget_tokens(self) -> None:
        """As after 30 minutes, or a restart."""
        self._tokens.clear()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.counted[request.path.split("/")[2]] += 1
        if self.fault and request.path != "/api/user/login":
            return await self._wrong()
        if request.path == "/api/user/login":
            return self._login(request)
        if request.headers.get("access-token") not in self._tokens:
            return web.json_response(_said(401, "请登录后重新请求"), status=401)
        return web.json_response(self._told(request))

    def _login(self, request: web.Request) -> web.Response:
        self.logins += 1
        if self.fault == "login":
            return web.json_response(_said(100, "用户名或密码错误"))
        wanted = hashlib.md5(self.password.encode()).hexdigest()  # noqa: S324 - as its API has it
        if (request.query.get("username"), request.query.get("password")) != (self.user, wanted):
            return web.json_response(_said(100, "用户名或密码错误"))
        token = f"jwt-{self.logins}"
        self._tokens.add(token)
        data = {"id": 1, "username": self.user, "accessToken": token, "serverId": "000000", "role": {"id": 1}}
        return web.json_response(_said(0, "成功", data), headers={"access-token": token})

    def _told(self, request: web.Request) -> dict[str, Any]:
        path, query = request.path, dict(request.query)
        if path == "/api/device/query/devices":
            return _page(
                [{"deviceId": DEVICE, "name": "朝天门片区", "onLine": self.is_online, "channelCount": 250}], query
            )
        if path == f"/api/device/query/devices/{DEVICE}/channels":
            return _page([_channel(number, code) for number, code in enumerate(CHANNELS)], query)
        parts = [unquote(part) for part in request.raw_path.partition("?")[0].split("/")]
        if path.startswith("/api/play/start/"):
            return self._play(*parts[-2:])
        if path.startswith("/api/front-end/"):
            return self._front_end("/".join(parts[3:-2]), parts[-2:], query)
        return _said(404, "资源未找到")

    def _play(self, device: str, channel: str) -> dict[str, Any]:
        if device != DEVICE:
            return _said(100, "设备不存在")
        if channel not in CHANNELS:
            return _said(100, "通道不存在")
        stream = f"{device}_{channel}"
        return _said(0, "成功", {
            "app": "rtp", "stream": stream, "ip": "10.9.0.8", "flv": f"http://10.9.0.8/rtp/{stream}.live.flv",
            "rtsp": f"rtsp://10.9.0.8:554/rtp/{stream}?callId=abc", "rtsps": None, "mediaServerId": "zlm",
            "mediaInfo": {"videoCodec": "H264", "width": 1920, "height": 1080},
        })  # fmt: skip

    def _front_end(self, what: str, place: list[str], query: dict[str, str]) -> dict[str, Any]:
        if place[0] != DEVICE:
            return _said(100, f"设备[{place[0]}]不存在")
        if what == "preset/query":
            return _said(0, "成功", self.presets)
        if what.startswith("preset/") and not 1 <= int(query.get("presetId", "0")) <= 255:
            return _said(100, "预置位编号必须为1-255之间的数字")
        if what == "ptz" and any(not 0 <= int(query[name]) <= most for name, most in SPEEDS.items()):
            return _said(100, "速度不对")
        self.commands.append((what, query))
        return _said(0, "成功")

    async def _wrong(self) -> web.Response:
        if self.fault == "slow":
            await self.ends.wait()
        return WRONG[self.fault]()


def _said(code: int, msg: str, data: Any = None) -> dict[str, Any]:
    return {"code": code, "msg": msg, "data": data}


def _page(rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    page, count = int(query["page"]), int(query["count"])
    shown = rows[(page - 1) * count : page * count]
    told = {"total": len(rows), "list": shown, "pageNum": page, "pageSize": count, "size": len(shown)}
    return _said(0, "成功", told)


def _channel(number: int, code: str) -> dict[str, Any]:
    return {
        "id": number, "deviceId": code, "name": f"通道{number}", "status": "ON" if number % 5 else "OFF",
        "longitude": 106.58 if number % 2 else 0.0, "latitude": 29.56 if number % 2 else 0.0,
        "ptzType": 1 if number % 10 == 0 else 3, "parentId": DEVICE, "hasAudio": False,
    }  # fmt: skip


WRONG = {
    "slow": lambda: web.Response(status=503),
    "login": lambda: web.json_response(_said(401, "请登录后重新请求"), status=401),
    "token": lambda: web.json_response(_said(401, "请登录后重新请求"), status=401),
    "bare_401": lambda: web.Response(status=401),
    "empty": lambda: web.Response(body=b""),
    "html": lambda: web.Response(text="<html>502 Bad Gateway</html>", status=502),
    "shape": lambda: web.json_response({"code": "zero", "data": 7}),
    "no_url": lambda: web.json_response(_said(0, "成功", {"app": "rtp", "stream": "x"})),
    "refused": lambda: web.json_response(_said(100, "点播超时\u202e")),
    "redirect": lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/api"}),
    "deep": lambda: web.Response(body=b'{"code":0,"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "endless": lambda: web.json_response(_said(0, "成功", {"total": 10**9, "list": ENDLESS})),
}
"""Fault → an answer that is wrong in this way."""
ENDLESS = [{"deviceId": str(number), "onLine": True} for number in range(100)]
