"""Warnings in force and call-outs that run, as a snapshot tells them to a screen, before anybody has signed on, too."""

from collections.abc import Iterator

from sqlalchemy import Connection

from chengyun_core.centre import call_care, warning_care
from chengyun_core.model.change import Change
from chengyun_core.store import call_table, warning_table
from chengyun_core.wire import codec


def living(connection: Connection) -> Iterator[Change]:
    """Yield what every screen holds; no record has a person's number in whole (call_care.put_call)."""
    for warning, change in warning_table.living(connection):
        yield _told(warning_care.KIND, str(warning.number), warning.version, change, warning)
    for held, change in call_table.running(connection):
        yield _told(call_care.CALL_OUT, str(held.number), held.version, change, held)
        for call, _, called in call_table.calls_of(connection, held.number):
            yield _told(call_care.CALL, call_care.key_of(call), call.version, called, call)


def _told(kind: str, key: str, version: int, number: int, record: object) -> Change:
    packed = codec.pack(record)
    return Change(number=number, at_ns=0, action="snapshot", kind=kind, key=key, version=version, record=packed)
