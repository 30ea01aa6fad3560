"""Bytes of any form that is taken → the warnings in them and what is wrong with them; told by what they begin with."""

from dataclasses import dataclass, field

from chengyun_core.bulletins import cap, rows, xml_tree
from chengyun_core.bulletins.form import Faults
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.warning import OfficialWarning

_TABLE_ENDINGS = (".csv", ".txt")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is in a file."""

    warnings: list[OfficialWarning] = field(default_factory=list)
    """Without numbers; empty when anything is wrong: nothing is half taken."""
    faults: list[Reason] = field(default_factory=list)


def read(name: str, data: bytes) -> Read:
    """Return what is in the bytes of a file of this name; nothing is opened, nothing is fetched."""
    try:
        found, faults = _read(name, data)
    except Refused as refused:
        return Read(faults=[refused.reason])
    return Read(warnings=[] if faults else found, faults=faults)


def _read(name: str, data: bytes) -> tuple[list[OfficialWarning], list[Reason]]:
    if not data.strip():
        raise Refused("warning.nothing_in_it", name=name)
    if _is_xml(data):
        return _of_xml(data)
    if name.lower().endswith(_TABLE_ENDINGS):
        return rows.read(data)
    raise Refused("warning.unknown_file", name=name)


def _is_xml(data: bytes) -> bool:
    return data.startswith(_MARKS[1:]) or data.removeprefix(_MARKS[0]).lstrip()[:1] == b"<"


def _of_xml(data: bytes) -> tuple[list[OfficialWarning], list[Reason]]:
    root = xml_tree.read(data)
    found = cap.alerts(root)
    if not found:
        raise Refused("warning.no_alert", element=root.name, line=root.line)
    if len(found) > cap.MOST_ALERTS:
        raise Refused("warning.too_many_alerts", most=cap.MOST_ALERTS)
    faults = Faults()
    read_ones = [cap.read(alert, faults) for alert in found]
    return [one for one in read_ones if one is not None], faults.found
