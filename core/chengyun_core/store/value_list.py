"""Rows whose column is one of several values, asked so that a server plans the statement once for any number of them.

Written out as `IN (…)` the statement's text changes with the number of values: a server parses and plans it each time,
which costs more than finding a hundred rows. SQLite plans in microseconds and has no arrays.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, any_, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

V = TypeVar("V", str, int)


def among(connection: Connection, column: Column[Any], values: Iterable[V]) -> ColumnElement[bool]:
    """Return that a column is one of these, all texts or all integers; in a file at most some thousand of them."""
    wanted = sorted(set(values))
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(column.type)))
    return column.in_(wanted)


def among_named(dialect: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """Return that a column is one of the values in the list bound by a name: for a statement that is made once."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(bindparam(name, expanding=True))


def among_numbers(connection: Connection, column: Column[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Return that a column is one of these integers, of which there may be hundreds: one parameter in a file, too."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(numbers), ARRAY(column.type)))
    each = func.json_each(f"[{','.join(map(str, numbers))}]").table_valued("value")
    return column.in_(select(each.c.value))
