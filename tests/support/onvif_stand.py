"""A camera that speaks ONVIF, for tests: its clock, users, profiles, movement and positions, and every way to be wrong.

Checks the WS-UsernameToken digest as a camera does: right password, time within five minutes of its own, nonce not
seen before. Its answers have the element names and namespaces of ONVIF's WSDL.
"""

import base64
import hashlib
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from aiohttp import web

from tests.support.http_stand import HttpStand

SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
_WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
_WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
_TPTZ = "{http://www.onvif.org/ver20/ptz/wsdl}"
_TT = "{http://www.onvif.org/ver10/schema}"
TOLERANCE = timedelta(minutes=5)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]><lolz>&lol9;</lolz>"
)
NAMESPACES = (
    'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"'
)


class OnvifStand(HttpStand):
    """One camera. `fault` names how the next answers go wrong: empty, see `_wrong`."""

    def __init__(self, *, user: str = "viewer", password: str = "s3cret", behind_s: float = 0.0) -> None:
        super().__init__(self._answer)
        self.user, self.password = user, password
        self.skew = timedelta(seconds=-behind_s)
        self.fault = ""
        self.has_ptz = True
        self.calls: list[str] = []
        self.moves: list[tuple[float, float, float] | str] = []
        """What the motors were told: speeds, or `stop`."""
        self.presets: dict[str, str] = {"1": "全景", "2": "码头", "home": "没有编号"}
        self.went_to: list[str] = []
        self.refuse_stops = 0
        self._nonces: set[str] = set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        root = ET.fromstring(body)  # noqa: S314 - we wrote it ourselves
        call = root.find(f"{SOAP}Body")[0]
        name = call.tag.rpartition("}")[2]
        self.calls.append(name)
        if self.fault:
            return await self._wrong()
        if name != "GetSystemDateAndTime" and not self._is_known(root):
            return _soap_fault("ter:NotAuthorized", "Sender not authorized", status=400)
        return self._right(name, call)

    def _is_known(self, root: ET.Element) -> bool:
        token = root.find(f"{SOAP}Header/{_WSSE}Security/{_WSSE}UsernameToken")
        if token is None or token.findtext(f"{_WSSE}Username") != self.user:
            return False
        nonce, created = token.findtext(f"{_WSSE}Nonce"), token.findtext(f"{_WSU}Created")
        if nonce in self._nonces:
            return False
        self._nonces.add(nonce)
        at = datetime.strptime(created, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        given = base64.b64decode(nonce) + created.encode() + self.password.encode()
        made = base64.b64encode(hashlib.sha1(given).digest()).decode()  # noqa: S324 - the profile's digest
        return abs(at - self.now()) < TOLERANCE and token.findtext(f"{_WSSE}Password") == made

    def now(self) -> datetime:
        """Return the camera's own time."""
        return datetime.now(UTC) + self.skew  # noqa: TID251 - a camera asks nobody but itself

    def _right(self, name: str, call: ET.Element) -> web.Response:
        answers = {
            "GetSystemDateAndTime": self._time, "GetCapabilities": self._capabilities, "GetProfiles": self._profiles,
            "GetStreamUri": self._stream, "ContinuousMove": self._move, "Stop": self._stop,
            "GetPresets": self._presets, "GotoPreset": self._go_to, "SetPreset": self._set,
        }  # fmt: skip
        return answers[name](call)

    def _time(self, _call: ET.Element) -> web.Response:
        now = self.now()
        return _soap(
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>"
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
            f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date></tt:UTCDateTime>"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _capabilities(self, _call: ET.Element) -> web.Response:
        # As a camera behind an address translator does: it tells the address it knows itself by.
        ptz = "<tt:PTZ><tt:XAddr>http://192.168.1.64/onvif/PTZ</tt:XAddr></tt:PTZ>" if self.has_ptz else ""
        return _soap(
            "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media>"
            "<tt:XAddr>http://192.168.1.64/onvif/Media</tt:XAddr></tt:Media>"
            f"{ptz}</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def _profiles(self, _call: ET.Element) -> web.Response:
        ptz = '<tt:PTZConfiguration token="p"><tt:Name>p</tt:Name></tt:PTZConfiguration>' if self.has_ptz else ""
        sizes = (("sub", 640, 360), ("main", 1920, 1080), ("third", 1280, 720))
        profiles = "".join(
            f'<trt:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name>'
            f'<tt:VideoEncoderConfiguration token="e"><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}'
            f"</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>{ptz}"
            "</trt:Profiles>"
            for name, width, height in sizes
        )
        return _soap(f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>")

    def _stream(self, call: ET.Element) -> web.Response:
        token = next(found.text for found in call.iter() if found.tag.endswith("ProfileToken"))
        return _soap(
            "<trt:GetStreamUriResponse><trt:MediaUri>"
            f"<tt:Uri>rtsp://root:pass@10.9.0.7:554/live/{token}?a=1&amp;b=2</tt:Uri>"
            "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false"
            "</tt:InvalidAfterReboot><tt:Timeout>PT60S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _move(self, call: ET.Element) -> web.Response:
        velocity = call.find(f"{_TPTZ}Velocity")
        pan, zoom = velocity.find(f"{_TT}PanTilt"), velocity.find(f"{_TT}Zoom")
        self.moves.append((float(pan.get("x")), float(pan.get("y")), float(zoom.get("x"))))
        return _soap("<tptz:ContinuousMoveResponse/>")

    def _stop(self, _call: ET.Element) -> web.Response:
        if self.refuse_stops:
            self.refuse_stops -= 1
            return _soap_fault("ter:ActionNotSupported", "busy", status=500)
        self.moves.append("stop")
        return _soap("<tptz:StopResponse/>")

    def _presets(self, _call: ET.Element) -> web.Response:
        told = "".join(
            f'<tptz:Preset token="{token}"><tt:Name>{escape(name)}</tt:Name></tptz:Preset>'
            for token, name in self.presets.items()
        )
        return _soap(f"<tptz:GetPresetsResponse>{told}</tptz:GetPresetsResponse>")

    def _go_to(self, call: ET.Element) -> web.Response:
        token = call.findtext(f"{_TPTZ}PresetToken")
        if token not in self.presets:
            return _soap_fault("ter:NoToken", "No such preset", status=400)
        self.went_to.append(token)
        return _soap("<tptz:GotoPresetResponse/>")

    def _set(self, call: ET.Element) -> web.Response:
        token = call.findtext(f"{_TPTZ}PresetToken")
        self.presets[token] = call.findtext(f"{_TPTZ}PresetName") or ""
        return _soap(f"<tptz:SetPresetResponse><tptz:PresetToken>{token}</tptz:PresetToken></tptz:SetPresetResponse>")

    async def _wrong(self) -> web.Response:
        if self.fault == "slow":
            await self.ends.wait()
        return WRONG[self.fault]()


def _soap(inside: str, status: int = 200) -> web.Response:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope {NAMESPACES}><SOAP-ENV:Body>{inside}'
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )
    return web.Response(text=text, status=status, content_type="application/soap+xml")


def _soap_fault(code: str, reason: str, status: int) -> web.Response:
    return _soap(
        f"<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode>"
        f"<SOAP-ENV:Value>{code}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason>"
        f'<SOAP-ENV:Text xml:lang="en">{reason}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>',
        status=status,
    )


WRONG = {
    "slow": lambda: web.Response(status=503),
    "redirect": lambda: web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}),
    "laughs": lambda: _xml(LAUGHS),
    "external": lambda: _xml('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "cut": lambda: _xml(f"<SOAP-ENV:Envelope {NAMESPACES}><SOAP-ENV:Body><tds:Get"),
    "html": lambda: web.Response(text="<html><body>Login</body></html>"),
    "other": lambda: _soap("<tds:GetHostnameResponse/>"),
    "empty": lambda: web.Response(body=b""),
    "long": lambda: web.Response(body=b"<a>" + b"x" * (2 * 2**20)),
    "garbage": lambda: web.Response(body=bytes(range(256)) * 8),
    "unauthorized": lambda: web.Response(status=401),
}
"""Fault → an answer that is wrong in this way."""


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/soap+xml")
