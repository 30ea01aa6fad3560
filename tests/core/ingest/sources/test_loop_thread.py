"""A source with a loop of its own ends when it is told to, comes back when its connection breaks, and tells bugs."""

import asyncio

import pytest

from chengyun_core.ingest.sources import loop_thread
from chengyun_core.ingest.sources.loop_thread import LoopSource, Lost
from tests.support.source_stand import SourceStand
from tests.support.waiting import wait_until


class Scripted(LoopSource):
    """Runs one function a connection."""

    def __init__(self, *lives):
        super().__init__("scripted", "test")
        self.first_pause_s = 0.01
        self.lives = list(lives)

    async def connected(self):
        self.health.became("running")
        await (self.lives.pop(0) if self.lives else asyncio.Event().wait)()


async def _lost():
    raise Lost("ingest.nats_lost", "gone")


async def _deaf():
    """Forgets the first cancellation, as asyncio.wait_for of Python 3.11 may."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()


async def _broken():
    raise ZeroDivisionError


def test_that_a_forgotten_cancellation_is_said_again(monkeypatch):
    monkeypatch.setattr(loop_thread, "CANCEL_EVERY_S", 0.01)
    with SourceStand(Scripted(_deaf)) as city:
        city.until_running()


def test_that_a_lost_connection_is_made_again():
    source = Scripted(_lost, _lost)
    with SourceStand(source) as city:
        wait_until(lambda: not source.lives and city.health.state == "running", "the third holds")
        assert city.health.last_fault == "gone"


def test_that_a_bug_is_told_with_its_trace_and_the_source_starts_again(monkeypatch, caplog):
    monkeypatch.setattr(loop_thread, "LONGEST_PAUSE_S", 0.01)
    source = Scripted(_broken)
    with SourceStand(source) as city:
        wait_until(lambda: not source.lives and city.health.state == "running", "it runs again")
        assert "ZeroDivisionError" in city.health.last_fault
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("times", [1, 2])
def test_that_stopping_twice_does_no_harm(times):
    with SourceStand(Scripted()) as city:
        for _ in range(times):
            city.source.stop()
