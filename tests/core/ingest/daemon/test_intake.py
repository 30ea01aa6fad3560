"""The queue between sources and loop."""

import select
import threading
from dataclasses import replace

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.intake import Arrival, Intake
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.clock import ManualClock
from tests.core.ingest.daemon.building import batch


def arrival(samples):
    return Arrival(
        source="s", batch=Batch.of([0] * samples, [1] * samples, [0.0] * samples), arrived_mono_ns=0, arrived_utc_ns=0
    )


def is_ringing(intake):
    return bool(select.select([intake.wake], [], [], 0)[0])


def test_that_arrivals_leave_in_order_and_the_bell_rings_while_some_wait():
    intake = Intake(100)
    sent = [arrival(10) for _ in range(5)]
    assert not is_ringing(intake)
    assert all(intake.offer(item) for item in sent)
    assert is_ringing(intake)
    assert intake.take(25) == sent[:2]
    assert is_ringing(intake)
    assert intake.take(1000) == sent[2:]
    assert not is_ringing(intake)
    intake.dispose()


def test_that_a_full_intake_drops_the_newest_and_the_source_counts_each_sample():
    intake, health = Intake(3), Health(name="s", kind="k")
    feed = Feed(intake, health, ManualClock())
    assert feed.offer(batch((0, 0, 1.0), (0, 1, 1.0)))
    assert not feed.offer(batch((0, 2, 1.0), (0, 3, 1.0)))
    assert (health.samples, health.drops) == (2, {"queue_full": 2})
    intake.dispose()


def test_that_an_arrival_larger_than_the_whole_queue_still_passes_when_it_is_empty():
    intake = Intake(3)
    assert intake.offer(arrival(10))
    assert not intake.offer(arrival(1))
    assert len(intake.take(1)) == 1
    intake.dispose()


def test_that_a_waiting_source_goes_on_when_there_is_room_and_is_let_go_at_the_end():
    intake = Intake(1)
    answers, went_on = [], threading.Event()
    assert intake.put(arrival(1))

    def feed():
        answers.append(intake.put(arrival(1)))
        went_on.set()
        answers.append(intake.put(arrival(1)))

    thread = threading.Thread(target=feed)
    thread.start()
    intake.take(1)
    assert went_on.wait(5)
    intake.close()
    thread.join(5)
    assert answers == [True, False]
    assert not intake.put(arrival(1))
    intake.dispose()


def _of(source, samples, intake):
    made = replace(arrival(samples), source=source)
    return made if intake.offer(made) else None


def test_that_sources_take_turns_so_that_a_flood_of_one_delays_no_other():
    intake = Intake(100)
    flood = [_of("flood", 10, intake) for _ in range(10)]
    alarm = _of("alarms", 1, intake)
    assert intake.take(1) + intake.take(1) == [flood[0], alarm]
    assert intake.take(1000) == flood[1:]
    intake.dispose()


def test_that_a_full_queue_of_one_source_refuses_nothing_of_another():
    intake = Intake(10)
    assert _of("flood", 10, intake) is not None
    assert _of("flood", 1, intake) is None
    assert _of("alarms", 10, intake) is not None
    assert intake.waiting() == 20
    intake.dispose()
