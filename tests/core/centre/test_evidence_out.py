"""Evidence that leaves the house is in the journal first: which, marked how, whether the original leaves, and why."""

import hashlib

import pytest

from chengyun_core.model.camera_commands import HandOutEvidence
from chengyun_core.store import journal as journal_rows
from tests.core.centre.event_room import opened, refused
from tests.core.centre.room import Room
from tests.core.centre.test_evidence import PNG, keeping, kept  # noqa: F401 - its fixture

COPY = hashlib.sha256(b"the marked copy").hexdigest()


@pytest.fixture
def handed(kept: tuple[Room, str]) -> tuple[Room, str]:  # noqa: F811 - pytest's way
    """One picture kept on an event, and who keeps it."""
    room, li = kept
    opened(room, li)
    room.done(keeping(room, li, event=1), li)
    return room, li


@pytest.mark.parametrize("original", [True, False])
def test_that_the_row_says_what_left_and_why(handed: tuple[Room, str], original: bool) -> None:
    room, li = handed
    done = room.done(HandOutEvidence(evidence=1, digest=COPY, reason="公安办案", original=original), li)
    with room.ledger.reading() as connection:
        row = next(row for row in journal_rows.changes(connection, done.change - 1, 1, 2**20))
    assert row.action == "evidence.hand_out"
    assert (row.params["digest"], row.params["marked"]) == (hashlib.sha256(PNG).hexdigest(), COPY)
    assert (row.params["original"], row.params["reason"]) == (str(original), "公安办案")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"evidence": 9}, "evidence.unknown"),
        ({"reason": " "}, "text.missing.reason"),
        ({"digest": "abc"}, "attachment.bad_digest"),
        ({"digest": "", "original": False}, "evidence.nothing_leaves"),
    ],
)
def test_that_what_names_nothing_is_refused(handed: tuple[Room, str], told: dict[str, object], code: str) -> None:
    room, li = handed
    given = {"evidence": 1, "digest": COPY, "reason": "公安办案"}
    assert refused(room, li, HandOutEvidence(**{**given, **told})).code == code  # type: ignore[arg-type]
