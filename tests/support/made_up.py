"""Any record of the wire, made up from its types alone: for tests that ask every command and question there is."""

import dataclasses
import enum
import types
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


@cache
def made_up(record: type[Any]) -> Any:
    """Return an instance with a value of the right type in every field that has no default; it need make no sense."""
    kinds = _hints(record)
    given = {field.name: _value(kinds[field.name]) for field in dataclasses.fields(record) if _is_needed(field)}
    return record(**given)


def _is_needed(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@cache
def _hints(record: type[Any]) -> dict[str, Any]:
    return get_type_hints(record)


def _value(kind: Any) -> Any:
    made: Any = None
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        made = made_up(kind)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        made = next(iter(kind))
    elif kind in (str, int, float, bool, bytes):
        made = {str: "x", int: 1, float: 1.0, bool: True, bytes: b""}[kind]
    elif get_origin(kind) in (Union, types.UnionType):
        made = _value(next(part for part in get_args(kind) if part is not types.NoneType))
    elif get_origin(kind) in (tuple, list, frozenset, dict):
        made = _collection(kind)
    else:
        raise TypeError(kind)
    return made


def _collection(kind: Any) -> Any:
    parts = get_args(kind)
    if get_origin(kind) is dict:
        return {}
    if get_origin(kind) is tuple and Ellipsis not in parts:
        return tuple(_value(part) for part in parts)
    return get_origin(kind)()
