"""Rows whose column is one of several texts, asked so that a server can plan the statement once for any number of them.

Written out as `IN (…)` the statement's text changes with the number of texts: a server parses and plans it each time,
which costs more than finding a hundred rows. SQLite plans in microseconds and has no arrays.
"""

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, Connection, Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: Connection, column: Column[str], texts: Iterable[str]) -> ColumnElement[bool]:
    """Return that a column of texts is one of these; in a file at most some thousand of them."""
    wanted = sorted(set(texts))
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(Text)))
    return column.in_(wanted)
