"""An alert in XML (CAP 1.2, CAP 1.1, GB/T 35965.1) as a record of ours; severity becomes one of the four colours."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chengyun_core.bulletins import forms, texts
from chengyun_core.bulletins.form import Faults, check
from chengyun_core.bulletins.xml_tree import Element
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Affected, MessageType, OfficialWarning, Polygon, Status
from chengyun_resources.bulletins import OTHER, category_of

MOST_ALERTS = 50
COLOURS = {
    "Extreme": WarningColour.RED, "Severe": WarningColour.ORANGE, "Moderate": WarningColour.YELLOW,
    "Minor": WarningColour.BLUE, "Red": WarningColour.RED, "Orange": WarningColour.ORANGE,
    "Yellow": WarningColour.YELLOW, "Blue": WarningColour.BLUE,
}  # fmt: skip
"""Severity → 级别 (突发事件应对法 art. 63); `Unknown` is no level, and none is guessed (decision 0297)."""
MOST_SHAPES = 200
"""Polygons and circles of one alert."""
_MESSAGES = {"Alert": MessageType.ALERT, "Update": MessageType.UPDATE, "Cancel": MessageType.CANCEL}
_LONGEST = 4_000
"""Letters kept of one text; the bytes as they came are kept whole."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a format names what the formats name differently."""

    format: str
    sent: str
    event: str
    geocodes: Callable[[Element], Iterator[str]]


def alerts(root: Element) -> list[Element]:
    """Return the alerts of a document: itself, or those inside a feed or another wrapper (Atom, EDXL-DE)."""
    found: list[Element] = []
    waiting = [root]
    while waiting and len(found) <= MOST_ALERTS:
        element = waiting.pop(0)
        if element.name == "alert":
            found.append(element)
        else:
            waiting.extend(element.children)
    return found


def read(alert: Element, faults: Faults) -> OfficialWarning | None:
    """Return an alert as a record without a number; None when it has faults, which are added."""
    before = len(faults.found)
    shape = _checked(alert, faults)
    if shape is None or len(faults.found) > before:
        return None
    return _record(alert, shape)


def _checked(alert: Element, faults: Faults) -> _Shape | None:
    if alert.namespace in forms.CAP_10:
        faults.add("warning.old_version", alert)
        return None
    if alert.namespace in forms.CAP:
        name, form = forms.CAP[alert.namespace]
        check(alert, form, faults)
        _check_use(alert, faults)
        return _Shape(name, "sent", "event", _paired)
    if any(alert.of(name) for name in ("sendTime", "senderCode")):
        check(alert, forms.NATIONAL, faults)
        _check_use(alert, faults)
        return _Shape("gbt-35965.1", "sendTime", "eventType", _plain)
    faults.add("warning.unknown_form", alert, namespace=alert.namespace)
    return None


def _check_use(alert: Element, faults: Faults) -> None:
    """Refuse what is no warning: drafts, and receipts of other systems (CAP 1.2, 3.2.1), and areas without end."""
    areas = [area for info in alert.of("info") for area in info.of("area")]
    if sum(len(area.of(name)) for area in areas for name in ("polygon", "circle")) > MOST_SHAPES:
        faults.add("warning.limits", alert)
    if alert.say("status") == "Draft" or alert.say("msgType") in ("Ack", "Error"):
        faults.add("warning.not_for_action", alert, status=alert.say("status"), message=alert.say("msgType"))
    elif alert.say("msgType") in ("Update", "Cancel") and not alert.say("references"):
        faults.add("warning.no_references", alert, message=alert.say("msgType"))


def _record(alert: Element, shape: _Shape) -> OfficialWarning:
    infos = _in_one_language(alert.of("info"))
    first = max(infos, key=_colour, default=Element("info", "", alert.line))
    sent = texts.time_ns(alert.say(shape.sent)) or 0
    starts = _times(infos, "onset") or _times(infos, "effective")
    ends = _times(infos, "expires")
    event = first.say(shape.event)
    return OfficialWarning(
        number=0, code="", identifier=alert.say("identifier"), sender=alert.say("senderCode") or alert.say("sender"),
        status=Status(alert.say("status").lower()), message=_MESSAGES[alert.say("msgType")],
        references=texts.references(alert.say("references")), category=_category(first, event), colour=_colour(first),
        starts_at=min(starts, default=sent), expires_at=max(ends) if ends and len(ends) == len(infos) else None,
        area=_area(infos, shape), notice=_cut(first.say("description") or alert.say("note")),
        measures=_cut(first.say("instruction")), issuer=_cut(first.say("senderName") or alert.say("sender")),
        issued_at=sent, headline=_cut(first.say("headline") or event), received_at=0, format=shape.format,
    )  # fmt: skip


def _in_one_language(infos: list[Element]) -> list[Element]:
    """Return the infos of one language: Chinese where there is one, else that of the first."""
    spoken = [one.say("language").casefold() for one in infos]
    chosen = next((code for code in spoken if code.startswith("zh")), spoken[0] if spoken else "")
    return [info for info, code in zip(infos, spoken, strict=True) if code == chosen]


def _colour(info: Element) -> WarningColour:
    return COLOURS.get(info.say("severity"), WarningColour.NONE)


def _category(info: Element, event: str) -> str:
    return category_of(event) or category_of(info.say("headline")) or _cut(event) or OTHER


def _area(infos: Iterable[Element], shape: _Shape) -> Affected:
    areas = [area for info in infos for area in info.of("area")]
    polygons: list[Polygon] = [texts.polygon(one.text) for area in areas for one in area.of("polygon") if one.text]
    circles = [texts.circle(one.text) for area in areas for one in area.of("circle") if one.text]
    return Affected(
        text=_cut("; ".join(dict.fromkeys(area.say("areaDesc") for area in areas))), polygons=tuple(polygons),
        circles=tuple(one for one in circles if one is not None),
        codes=tuple(dict.fromkeys(code for area in areas for code in shape.geocodes(area))),
    )  # fmt: skip


def _paired(area: Element) -> Iterator[str]:
    yield from (one.say("value") for one in area.of("geocode"))


def _plain(area: Element) -> Iterator[str]:
    for one in area.of("geocode"):
        yield from one.text.replace(";", ",").split(",")


def _times(infos: Iterable[Element], name: str) -> list[int]:
    found = (texts.time_ns(info.say(name)) for info in infos)
    return [at for at in found if at is not None]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
