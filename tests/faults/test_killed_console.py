"""RF2, RF24: a console killed while it sends orders: none is sent twice, what it was told is there, the centre goes on.

What was typed and not sent is another matter, and kept by drafts (tests/console/test_drafts_killed.py).
"""

import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from chengyun_core.model.command import CreateAccount, SignOn
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SignedOn
from chengyun_core.wire.order_asks import AskOrders, Orders
from tests.core.centre.process import CentreProcess
from tests.support.waiting import wait_until

PASSWORD, RUNS = "a long password", 3
LIMIT_S = 60.0


class Console:
    """A sending console and what it told before it died."""

    def __init__(self, profile: Path, run: int) -> None:
        self.sent: list[str] = []
        self.done: dict[str, str] = {}
        command = [sys.executable, "-m", "tests.faults.sending_console", str(profile)]
        self._process = subprocess.Popen(
            [*command, "officer", PASSWORD, "S-1", str(run)], stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # killed amid its last word: it told nothing
            told, title, *key = line.split()
            self.sent.append(title) if told == "sent" else self.done.update({title: key[0]})

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reading.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _orders(centre: CentreProcess, session: str) -> dict[str, list[str]]:
    """Return title → numbers of the orders that have it."""
    found: dict[str, list[str]] = {}
    before = None
    while True:
        reply = centre.ask("order.page", AskOrders(before=before, limit=200), session)
        assert reply is not None, centre.log()
        page = codec.unpack(reply.body, Orders)
        for order in page.orders:
            found.setdefault(order.title, []).append(str(order.number))
        if not page.more:
            return found
        before = page.orders[-1].number


@pytest.mark.fault
@pytest.mark.wire
@pytest.mark.timeout(240)
def test_that_a_console_killed_while_it_sends_has_sent_nothing_twice_and_lost_no_promise(tmp_path: Path) -> None:
    chance = random.Random(20_261_121)
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        centre.import_city(vitals=1, seats=2)
        for name, posts in (("officer", ("500000.duty_officer",)), ("looker", ("500000.duty_officer",))):
            made = CreateAccount(account=name, name=name, password=PASSWORD, posts=posts)
            assert centre.do(made, centre.admin_key).outcome == "done"
        signed = centre.do(SignOn(account="looker", password=PASSWORD, seat="S-2"), "")
        session = codec.unpack(signed.body, SignedOn).token
        sent: list[str] = []
        done: dict[str, str] = {}
        for run in range(RUNS):
            console = Console(centre.profile.folder, run)
            enough = chance.randint(3, 12)
            wait_until(lambda at=console, many=enough: len(at.done) >= many, "orders were sent", limit_s=LIMIT_S)
            if run == 1:
                # The centre dies under it, too: the session asks again under the same ids, of the one that comes up.
                centre.kill()
                before = len(console.done)
                centre.start()
                wait_until(lambda at=console, many=before: len(at.done) > many + 3, "it goes on", limit_s=LIMIT_S)
            console.kill()
            sent += console.sent
            done |= console.done
        there = _orders(centre, session)
    twice = [title for title, count in Counter(sent).items() if count > 1]
    assert twice == [], "the titles are intents"
    assert {title: numbers for title, numbers in there.items() if len(numbers) > 1} == {}, "nothing was sent twice"
    assert there.keys() <= set(sent), "nothing was sent that nobody sent"
    assert {title: there.get(title) for title in done} == {title: [number] for title, number in done.items()}
