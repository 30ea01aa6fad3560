"""One cell of a catalogue table: its text to its value and back, or the reason why the text is not acceptable."""

import re
from datetime import date

from chengyun_core.model.catalogue_tables import Cell, Column
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import WarningColour

Value = str | int | float | bool | WarningColour

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}(\.0+)?", re.ASCII)
"""`12.0` is what a spreadsheet makes of 12."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CODE = re.compile(r"[\w][\w.\-]*")
_WORD = re.compile(r"[\w][\w\-]*")
_FORBIDDEN = r"\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
"""Invisible things: controls, line separators, marks that turn the reading direction, halves of pairs."""
_IN_LINE = re.compile(rf"[\x00-\x1f{_FORBIDDEN}]")
_IN_LINES = re.compile(rf"[\x00-\x08\x0b-\x1f{_FORBIDDEN}]")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""What a spreadsheet leaves where a formula failed."""
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def value_of(column: Column, text: str) -> Value:
    """Return the value of a non-empty cell.

    Raises:
        Refused: the text is not what the column holds; the code is one of `catalogue.cell_…`.
    """
    if (_IN_LINES if column.multiline else _IN_LINE).search(text):
        raise Refused("catalogue.cell_control_character")
    if text.startswith("=") or text in _ERRORS:
        raise Refused("catalogue.cell_is_formula")
    if column.kind is Cell.NUMBER or column.kind is Cell.INTEGER:
        return _within(column, _figure(column.kind, text))
    if column.kind is Cell.FLAG:
        return _flag(text)
    if column.kind is Cell.COLOUR:
        return WarningColour[_word(column, text.lower()).upper()]
    if column.kind is Cell.DATE:
        return _date(text)
    return _text(column, text)


def text_of(value: object) -> str:
    """Return the text that `value_of` reads back to the same value; None becomes the empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, WarningColour):
        return value.name.lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def _figure(kind: Cell, text: str) -> float:
    if kind is Cell.INTEGER:
        if not _INTEGER.fullmatch(text):
            raise Refused("catalogue.cell_not_integer")
        return int(text.partition(".")[0])
    if not _NUMBER.fullmatch(text):
        raise Refused("catalogue.cell_not_number")
    figure = float(text)
    if abs(figure) == float("inf"):
        raise Refused("catalogue.cell_not_number")
    return figure


def _within(column: Column, figure: float) -> float:
    if column.above is not None and figure <= column.above:
        raise Refused("catalogue.cell_not_above", above=text_of(column.above))
    if (column.low is not None and figure < column.low) or (column.high is not None and figure > column.high):
        raise Refused("catalogue.cell_out_of_range", low=_bound(column.low), high=_bound(column.high))
    return figure


def _bound(limit: float | None) -> str:
    return "…" if limit is None else text_of(float(limit))


def _flag(text: str) -> bool:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise Refused("catalogue.cell_not_flag")
    return flag


def _word(column: Column, text: str) -> str:
    if column.words and text not in column.words:
        raise Refused("catalogue.cell_not_word", words=", ".join(column.words))
    return text


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if _DATE.fullmatch(text) else _refuse_date()
    except ValueError:
        return _refuse_date()


def _refuse_date() -> str:
    raise Refused("catalogue.cell_not_date")


def _text(column: Column, text: str) -> str:
    if len(text) > column.longest:
        raise Refused("catalogue.cell_too_long", length=len(text), longest=column.longest)
    if column.kind is Cell.CODE:
        pattern = _WORD if column.undotted else _CODE
        if not pattern.fullmatch(text):
            raise Refused("catalogue.cell_not_undotted" if pattern is _WORD else "catalogue.cell_not_code")
    return _word(column, text)
