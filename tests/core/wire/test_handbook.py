"""The tables of docs/wire.md name everything the code can say."""

from chengyun_core.model.command import COMMANDS
from chengyun_core.wire import endpoints, frames, handbook
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.envelope import INGEST_ASKS


def test_that_every_ask_and_command_is_in_the_table() -> None:
    table = handbook.asks_table()
    for kind in (*INGEST_ASKS, *CENTRE_ASKS, *COMMANDS):
        assert f"| `{kind}` |" in table


def test_that_every_socket_is_in_the_table() -> None:
    assert all(f"`{row.name}`" in handbook.endpoints_table() for row in endpoints.ENDPOINTS)


def test_that_the_bytes_per_row_told_are_those_that_travel() -> None:
    table = handbook.frames_table()
    assert "| `STATE` | 1 |" in table
    assert "| 23 |" in table
    assert "| 21 |" in table
    assert f"{frames.HEADER.size} bytes" in table
