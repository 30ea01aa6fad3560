"""A profile with both in-test daemons and a session, ended in the right order."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Reach
from tests.support.fake_centre import PASSWORD, FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.small_city import small_city


@dataclass
class Site:
    """One profile as a test sees it."""

    profile: Path
    ingest: FakeIngest
    centre: FakeCentre
    session: Session
    qtbot: QtBot

    def wait(self, condition) -> None:
        """Turn the event loop until the condition holds."""
        self.qtbot.waitUntil(condition, timeout=10_000)

    def sign_on(self) -> None:
        """Sign the session on at A-01 and wait until it is whole."""
        self.session.sign_on("officer", PASSWORD, "A-01")
        self.wait(lambda: self.session.signed_on is not None)
        self.wait(self.is_whole)

    def is_whole(self) -> bool:
        """Return whether catalogue, state and facts are there and both links live."""
        session, links = self.session, self.session.links()
        return (
            session.catalogue is not None
            and session.facts.complete
            and session.state.epoch == self.ingest.epoch
            and links.ingest.reach is Reach.LIVE
            and links.centre.reach is Reach.LIVE
        )


@pytest.fixture
def site(qtbot: QtBot, tmp_path: Path) -> Iterator[Site]:
    """A running profile, the session not signed on yet."""
    with FakeIngest(tmp_path, small_city()) as ingest, FakeCentre(tmp_path, small_city()) as centre:
        session = Session(tmp_path)
        session.start()
        yield Site(tmp_path, ingest, centre, session, qtbot)
        session.stop()
