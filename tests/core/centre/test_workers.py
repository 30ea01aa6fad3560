"""Workers: bounded, waking the loop, carrying faults to it, ending with it."""

import threading

from chengyun_core.centre.workers import Result, Worker
from tests.support.waiting import wait_until


def test_that_results_and_faults_come_back_under_their_tickets() -> None:
    worker = Worker("test", queued=4)
    found: list[Result] = []

    def broken() -> object:
        raise ZeroDivisionError

    assert worker.take(1, lambda: "one")
    assert worker.take(2, broken)

    def both() -> bool:
        found.extend(worker.results())
        return len(found) == 2

    wait_until(both, "both jobs were done")
    worker.close()
    assert (found[0].ticket, found[0].value) == (1, "one")
    assert isinstance(found[1].fault, ZeroDivisionError)


def test_that_a_full_lane_refuses_instead_of_waiting() -> None:
    worker = Worker("test", queued=2)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(10)

    assert worker.take(1, slow)
    assert begun.wait(10)
    assert [worker.take(ticket, lambda: None) for ticket in (2, 3, 4)] == [True, True, False]
    go_on.set()
    worker.close()


def test_that_closing_drops_what_waits_and_ends_the_thread() -> None:
    worker = Worker("test", queued=8)
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def slow() -> None:
        begun.set()
        go_on.wait(10)

    worker.take(1, slow)
    assert begun.wait(10)
    for ticket in range(2, 6):
        worker.take(ticket, lambda: done.append(1))
    threading.Timer(0, go_on.set).start()
    worker.close()
    assert not any(thread.is_alive() for thread in worker._threads)
    assert len(done) <= 4
