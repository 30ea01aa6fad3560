"""SOAP 1.2 envelopes for ONVIF: what is asked, signed by WS-UsernameToken digest; and the body of what came back.

Names are those of ONVIF's `devicemgmt.wsdl`, `media.wsdl` (ver10), `ptz.wsdl` (ver20) and `onvif.xsd`; the digest is
that of WSS UsernameToken Profile 1.0: Base64(SHA-1(nonce + created + password)).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from chengyun_core.bulletins import xml_tree
from chengyun_core.bulletins.xml_tree import Element
from chengyun_core.centre.camera_ports import Login
from chengyun_core.model.failure import Refused, Trouble

SOAP = "http://www.w3.org/2003/05/soap-envelope"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
SCHEMA = "http://www.onvif.org/ver10/schema"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_ENCODING = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation: its service's namespace, its name, and the XML inside (escaped already, prefixes `s` and `tt`)."""

    service: str
    name: str
    inside: str = ""

    @property
    def action(self) -> str:
        """Return what the WSDL calls its soapAction."""
        return f"{self.service}/{self.name}"


def element(name: str, text: object, *, prefix: str = "s") -> str:
    """Return an element with escaped text."""
    return f"<{prefix}:{name}>{escape(str(text))}</{prefix}:{name}>"


def attribute(text: object) -> str:
    """Return a quoted and escaped attribute value."""
    return quoteattr(str(text))


def written(call: Call, login: Login, created: datetime, nonce: bytes) -> bytes:
    """Return the envelope of a call, signed when there is a user.

    created: UTC, in the camera's own time: a digest that is minutes off is refused.
    """
    header = f"<e:Header>{_token(login, created, nonce)}</e:Header>" if login.user else ""
    body = f"<e:Body><s:{call.name}>{call.inside}</s:{call.name}></e:Body>"
    names = f'xmlns:e="{SOAP}" xmlns:s="{call.service}" xmlns:tt="{SCHEMA}"'
    return f'<?xml version="1.0" encoding="UTF-8"?><e:Envelope {names}>{header}{body}</e:Envelope>'.encode()


def digest_of(nonce: bytes, created: str, password: str) -> str:
    """Return the password digest of the token profile."""
    return base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()  # noqa: S324


def read(data: bytes, answer: str) -> Element:
    """Return the element of an answer.

    Raises:
        Trouble: `onvif.not_authorized`, `onvif.fault` with what the camera says, `onvif.malformed`.
    """
    try:
        root = xml_tree.read(data)
    except Refused as no:
        # A document type, an entity, a tree without end: refused before anything of it is expanded (RS8).
        is_type = no.reason.code == "warning.document_type"
        raise Trouble("onvif.malformed", reason="document_type" if is_type else "not_xml") from no
    body = next(iter(root.of("Body")), None) if (root.name, root.namespace) == ("Envelope", SOAP) else None
    if body is None:
        raise Trouble("onvif.malformed", reason="no_envelope")
    for fault in body.of("Fault"):
        raise _fault(fault)
    found = next(iter(body.of(answer)), None)
    if found is None:
        raise Trouble("onvif.malformed", reason="other_answer")
    return found


def _fault(fault: Element) -> Trouble:
    """A fault says by its sub-codes whether we were let in (`ter:NotAuthorized`), else its reason is told."""
    codes = " ".join(_texts(fault, "Value"))
    if "NotAuthorized" in codes or "FailedAuthentication" in codes:
        return Trouble("onvif.not_authorized")
    reason = "".join(letter for letter in " ".join(_texts(fault, "Text")) if letter.isprintable())
    return Trouble("onvif.fault", said=codes[:LONGEST_REASON], reason=reason[:LONGEST_REASON])


def _texts(inside: Element, name: str) -> list[str]:
    own = [inside.text] if inside.name == name and inside.text else []
    return own + [text for child in inside.children for text in _texts(child, name)]


def _token(login: Login, created: datetime, nonce: bytes) -> str:
    at = created.strftime("%Y-%m-%dT%H:%M:%S.") + f"{created.microsecond // 1000:03d}Z"
    digest = digest_of(nonce, at, login.password)
    return (
        f'<w:Security xmlns:w="{_WSSE}" xmlns:u="{_WSU}" e:mustUnderstand="1"><w:UsernameToken>'
        f"<w:Username>{escape(login.user)}</w:Username>"
        f'<w:Password Type="{_PROFILE}#PasswordDigest">{digest}</w:Password>'
        f'<w:Nonce EncodingType="{_ENCODING}">{base64.b64encode(nonce).decode()}</w:Nonce>'
        f"<u:Created>{at}</u:Created></w:UsernameToken></w:Security>"
    )
