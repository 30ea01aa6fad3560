"""The tables of what a message may hold: CAP 1.2 and 1.1 as their schemas say, and the national form GB/T 35965.1."""

from chengyun_core.bulletins.form import Rule
from chengyun_core.bulletins.texts import (
    circle_fault,
    identity_fault,
    polygon_fault,
    references_fault,
    time_fault,
)

CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
CAP_11 = "urn:oasis:names:tc:emergency:cap:1.1"
CAP_10 = ("http://www.incident.com/cap/1.0", "urn:oasis:names:tc:emergency:cap:1.0")
"""Not taken: its times need no zone and its certainty is another scale (issue 6 asks for 1.1 and 1.2)."""

STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
COLOURS = ("Red", "Orange", "Yellow", "Blue", "Unknown")

_PAIR = (Rule("valueName", 1), Rule("value", 1))


def _time(name: str, least: int = 0) -> Rule:
    return Rule(name, least, check=time_fault, filled=bool(least))


def _area() -> Rule:
    return Rule("area", most=None, inside=(
        Rule("areaDesc", 1), Rule("polygon", most=None, check=polygon_fault),
        Rule("circle", most=None, check=circle_fault), Rule("geocode", most=None, inside=_PAIR),
        Rule("altitude"), Rule("ceiling"),
    ))  # fmt: skip


def _resource(*, typed: bool) -> Rule:
    return Rule("resource", most=None, inside=(
        Rule("resourceDesc", 1), Rule("mimeType", int(typed)), Rule("size"), Rule("uri"), Rule("derefUri"),
        Rule("digest"),
    ))  # fmt: skip


def _info(responses: tuple[str, ...], *, typed: bool) -> Rule:
    return Rule("info", most=None, inside=(
        Rule("language"), Rule("category", 1, None, CATEGORY), Rule("event", 1, filled=True),
        Rule("responseType", most=None, values=responses), Rule("urgency", 1, values=URGENCY),
        Rule("severity", 1, values=SEVERITY), Rule("certainty", 1, values=CERTAINTY), Rule("audience"),
        Rule("eventCode", most=None, inside=_PAIR), _time("effective"), _time("onset"), _time("expires"),
        Rule("senderName"), Rule("headline"), Rule("description"), Rule("instruction"), Rule("web"), Rule("contact"),
        Rule("parameter", most=None, inside=_PAIR), _resource(typed=typed), _area(),
    ))  # fmt: skip


def _alert(responses: tuple[str, ...], *, typed: bool) -> tuple[Rule, ...]:
    return (
        Rule("identifier", 1, check=identity_fault, filled=True), Rule("sender", 1, check=identity_fault, filled=True),
        _time("sent", 1), Rule("status", 1, values=STATUS), Rule("msgType", 1, values=MESSAGE), Rule("source"),
        Rule("scope", 1, values=SCOPE), Rule("restriction"), Rule("addresses"), Rule("code", most=None), Rule("note"),
        Rule("references", check=references_fault), Rule("incidents"), _info(responses, typed=typed),
    )  # fmt: skip


CAP: dict[str, tuple[str, tuple[Rule, ...]]] = {
    CAP_12: ("cap-1.2", _alert(RESPONSE, typed=True)),
    CAP_11: ("cap-1.1", _alert(tuple(one for one in RESPONSE if one not in ("Avoid", "AllClear")), typed=False)),
}
"""Namespace → (name of the format, form)."""

_TEXT = (Rule("language"), Rule("eventType", 1, filled=True))
NATIONAL: tuple[Rule, ...] = (
    Rule("identifier", 1, check=identity_fault, filled=True), Rule("sender", 1, filled=True),
    Rule("senderCode", check=identity_fault), _time("sendTime", 1), Rule("status", 1, values=STATUS),
    Rule("msgType", 1, values=MESSAGE), Rule("scope", 1, values=SCOPE), Rule("secClassification"), Rule("note"),
    Rule("references"),
    Rule("code", most=None, inside=(
        Rule("method", most=None, inside=(
            Rule("methodName"), Rule("message"), Rule("audienceGrp"), Rule("audiencePrt"),
        )),
    )),
    Rule("info", 1, None, inside=(
        *_TEXT, Rule("urgency", values=URGENCY), Rule("severity", 1, values=COLOURS),
        Rule("certainty", values=CERTAINTY), _time("effective"), _time("onset"), _time("expires"), Rule("senderName"),
        Rule("headline", 1, filled=True), Rule("description", 1, filled=True), Rule("instruction"), Rule("web"),
        Rule("resource", most=None, inside=(
            Rule("resourceDesc"), Rule("size"), Rule("digest"), Rule("uri"), Rule("derefUri"),
        )),
        Rule("area", 1, None, inside=(
            Rule("areaDesc", 1, filled=True), Rule("polygon", most=None, check=polygon_fault),
            Rule("circle", most=None, check=circle_fault), Rule("geocode", most=None),
        )),
    )),
)  # fmt: skip
"""The national form: sender's code, time and security class of their own, severity as a colour, plain geocodes."""
