"""Warnings as rows of a table (`issued, adcode, name, type, color, level, expires`), as relays publish them."""

import csv
import io
from collections.abc import Mapping
from functools import cache

from chengyun_core.bulletins import texts, xml_tree
from chengyun_core.bulletins.form import MOST_FAULTS
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Affected, OfficialWarning
from chengyun_resources.bulletins import category_of
from chengyun_resources.texts import Texts

NEEDED = ("issued", "adcode", "name", "type")
MOST_ROWS = 200
"""Rows of one import: each is a row of the journal, and other officers wait meanwhile."""
LONGEST_CELL = 500
SENDER = "table"
_COLOUR_WORDS = ("blue", "yellow", "orange", "red")


def read(data: bytes) -> tuple[list[OfficialWarning], list[Reason]]:
    """Return the rows as records without numbers, and what is wrong with which line; nothing is half taken.

    A row has no number of its publisher's: place, kind and time make one, so that the same row is known again.

    Raises:
        Refused: `warning.too_large`, `warning.encoding`, `warning.no_columns`, `warning.too_many_rows`.
    """
    if len(data) > xml_tree.MOST_BYTES:
        raise Refused("warning.too_large", size=len(data), most=xml_tree.MOST_BYTES)
    rows = _rows(data)
    words = _colour_words()
    read_ones = [_read(line, row, words) for line, row in rows]
    faults = [one for one in read_ones if isinstance(one, Reason)]
    return [one for one in read_ones if isinstance(one, OfficialWarning)], faults[:MOST_FAULTS]


def _rows(data: bytes) -> list[tuple[int, Mapping[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused("warning.encoding", encoding="utf-8", at=fault.start) from fault
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise Refused("warning.no_columns", missing=", ".join(missing), needed=", ".join(NEEDED))
        found: list[tuple[int, Mapping[str, str]]] = [(reader.line_num, row) for row in reader]
    except csv.Error as fault:
        raise Refused("warning.not_a_table", line=reader.line_num, reason=str(fault)) from fault
    if not 0 < len(found) <= MOST_ROWS:
        raise Refused("warning.too_many_rows", count=len(found), most=MOST_ROWS)
    return found


def _read(line: int, row: Mapping[str, str], words: Mapping[str, WarningColour]) -> OfficialWarning | Reason:
    if "" in row or any(len(value) > LONGEST_CELL for value in row.values()):
        return _fault("warning.row_shape", line, "", "")
    told = {name: (row.get(name) or "").strip() for name in (*NEEDED, "color", "level", "expires")}
    issued, ends = texts.time_ns(told["issued"]), texts.time_ns(told["expires"])
    if issued is None:
        return _fault("warning.bad_time", line, "issued", told["issued"])
    if told["expires"] and ends is None:
        return _fault("warning.bad_time", line, "expires", told["expires"])
    if told["color"] and told["color"].casefold() not in words:
        return _fault("warning.bad_value", line, "color", told["color"], allowed=", ".join(words))
    for name in ("adcode", "type"):
        if not told[name]:
            return _fault("warning.empty_element", line, name, "")
    return _record(told, issued, ends, words.get(told["color"].casefold(), WarningColour.NONE))


def _record(told: Mapping[str, str], issued: int, ends: int | None, colour: WarningColour) -> OfficialWarning:
    identity = "/".join(
        "_".join(told[name].replace(",", "_").split()) for name in ("adcode", "type", "issued", "color")
    )
    return OfficialWarning(
        number=0, code="", identifier=identity, sender=SENDER,
        category=category_of(told["type"]) or told["type"], colour=colour, starts_at=issued, expires_at=ends,
        area=Affected(text=told["name"], codes=(told["adcode"],)), notice="", measures="", issuer="",
        issued_at=issued, headline=told["type"], received_at=0, format="table",
    )  # fmt: skip


@cache
def _colour_words() -> Mapping[str, WarningColour]:
    """Return the words a colour may be called by: those of the officer's languages, and the English of the feed."""
    texts_of = [Texts(language) for language in ("zh_CN", "en")]
    found = {}
    for place, word in enumerate(_COLOUR_WORDS, start=1):
        for spoken in texts_of:
            found[spoken.say(f"warning.colour.{word}").casefold()] = WarningColour(place)
    return found


def _fault(code: str, line: int, element: str, value: str, **told: str) -> Reason:
    return Reason(code=code, params={"line": str(line), "element": element, "value": value[:120], **told})
