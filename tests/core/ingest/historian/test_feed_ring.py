"""The ring file between ingest and historian: order, room, loss by count, and what is left of it after any end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.feed_ring import PAGE, RecordKind, RingReader, RingWriter
from chengyun_core.ingest.vitals import Layer, StraightLayer

ROOM = 4096


def samples(count, first=0):
    return (
        np.arange(first, first + count, dtype=np.uint32), np.arange(first, first + count, dtype=np.int64) * 10,
        np.linspace(-1, 1, count), np.zeros(count, np.uint8),
    )  # fmt: skip


def sent(writer, count, first=0):
    columns = samples(count, first)
    return writer.write(RecordKind.SAMPLES, columns, times=columns[1])


@pytest.fixture
def file(tmp_path):
    return tmp_path / "archive-0.ring"


def test_that_records_come_out_as_they_went_in_whatever_bits_they_hold(file):
    writer = RingWriter(file, capacity=ROOM, ring=7)
    value = np.array([np.nan, -0.0, np.inf, 5e-324])
    columns = (np.arange(4, dtype=np.uint32), np.array([-1, 0, 1, 2**62]), value, np.array([0, 1, 2, 3], np.uint8))
    assert writer.write(RecordKind.SAMPLES, columns, extra=11)
    (record,) = RingReader(file).records()
    assert (record.kind, record.seq, record.extra) == (RecordKind.SAMPLES, 1, 11)
    for told, given_ in zip(record.columns, columns, strict=True):
        assert told.tobytes() == given_.tobytes()


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=60))
def test_that_every_sample_is_read_once_in_order_or_counted_in_a_gap(tmp_path_factory, steps):
    file = tmp_path_factory.mktemp("ring") / "archive-0.ring"
    writer, at = RingWriter(file, capacity=ROOM, ring=1), 0
    reader = RingReader(file)
    read, missed, lost = [], 0, 0

    def take():
        nonlocal missed
        for record in reader.records():
            if record.kind is RecordKind.SAMPLES:
                read.extend(record.columns[0].tolist())
            if record.kind is RecordKind.GAP:
                missed += record.extra
        reader.say_safe(reader.place, reader.seq, "")

    for count, reads in steps:
        lost += 0 if sent(writer, count, at) else count
        at += count
        if reads:
            take()
    take()
    assert sent(writer, 1, at)
    take()
    assert read == sorted(set(read))
    assert len(read) + missed == at + 1
    assert missed == lost == writer.state.dropped
    assert reader.missing == 0


def test_that_samples_outlive_the_writer_and_the_next_one_goes_on_behind_them(file):
    first = RingWriter(file, capacity=ROOM, ring=1)
    assert sent(first, 5)
    second = RingWriter(file, capacity=ROOM, ring=2)
    assert sent(second, 5, 5)
    reader = RingReader(file)
    assert [n for record in reader.records() for n in record.columns[0].tolist()] == list(range(10))
    assert reader.ring == 1


def test_that_a_reader_begins_again_where_it_was_safe(file):
    writer = RingWriter(file, capacity=ROOM, ring=1)
    sent(writer, 5)
    reader = RingReader(file)
    (record,) = reader.records()
    reader.say_safe(record.after, record.seq, "")
    sent(writer, 5, 5)
    list(reader.records())
    again = RingReader(file)
    assert [n for record in again.records() for n in record.columns[0].tolist()] == list(range(5, 10))


def test_that_a_full_ring_drops_by_count_and_tells_the_times_of_the_gap(file):
    writer = RingWriter(file, capacity=ROOM, ring=1)
    while sent(writer, 1):
        pass
    assert not sent(writer, 30, 1000)
    assert (writer.state.dropped, writer.state.lost_from_ns, writer.state.lost_to_ns) == (31, 0, 10_290)
    writer.close()
    writer = RingWriter(file, capacity=ROOM, ring=1)
    reader = RingReader(file)
    list(reader.records())
    reader.say_safe(reader.place, reader.seq, "")
    assert sent(writer, 1)
    gap, _ = (record for record in reader.records() if record.kind is not RecordKind.SKIP)
    assert (gap.kind, gap.extra, gap.begin_ns, gap.end_ns) == (RecordKind.GAP, 31, 0, 10_290)


@pytest.mark.parametrize("at", [0, 60, 70, 200, 900])
def test_that_a_page_a_power_cut_left_old_is_noticed_and_the_rest_goes_on(file, at):
    writer = RingWriter(file, capacity=ROOM, ring=1)
    sent(writer, 50)
    with file.open("r+b") as opened:
        opened.seek(2 * PAGE + at)
        old = opened.read(8)
        opened.seek(2 * PAGE + at)
        opened.write(bytes(255 - byte for byte in old))
    reader = RingReader(file)
    assert list(reader.records()) == []
    assert reader.missing == 1
    sent(writer, 3, 50)
    assert [record.columns[0].tolist() for record in reader.records()] == [[50, 51, 52]]


def test_that_layers_come_before_the_samples_that_need_them_even_through_a_full_ring(file):
    feed = RingFeed(file, capacity=ROOM, ring=1)
    one, batch = Batch.of(*samples(1)), Batch.of(*samples(20))
    while not feed.dropped:
        feed.samples(one)
    layer = Layer(np.array([3], np.uint32), np.array([9], np.uint32), factor=np.array([2.0]), offset=np.array([1.0]))
    feed.layers((layer,))
    feed.samples(batch)
    assert feed.dropped == 21
    reader = RingReader(file)
    assert {record.kind for record in reader.records()} == {RecordKind.SAMPLES}
    reader.say_safe(reader.place, reader.seq, "")
    feed.samples(batch)
    gap, told, samples_ = (record for record in reader.records() if record.kind is not RecordKind.SKIP)
    assert (gap.kind, gap.extra) == (RecordKind.GAP, 21)
    assert (told.kind, [column.tolist() for column in told.columns]) == (RecordKind.LAYER, [[3], [9], [2.0], [1.0]])
    assert samples_.columns[0].size == 20


def test_that_a_straight_table_of_millions_is_one_short_record(file):
    feed = RingFeed(file, capacity=ROOM, ring=1)
    feed.layers((StraightLayer(22_000_000),))
    (record,) = RingReader(file).records()
    assert (record.kind, record.extra) == (RecordKind.STRAIGHT, 22_000_000)


def test_that_the_feed_says_when_nobody_reads_and_when_it_is_full(file):
    feed = RingFeed(file, capacity=ROOM, ring=1)
    feed.samples(Batch.of(*samples(10)))
    lights = [feed.light() for _ in range(50)]
    assert lights[0] == "ok"
    assert lights[-1] == "archive.not_read"
    reader = RingReader(file)
    list(reader.records())
    reader.say_safe(reader.place, reader.seq, "archive.disk_full")
    assert feed.light() == "archive.disk_full"
    for _ in range(4):
        feed.samples(Batch.of(*samples(150)))
    assert feed.light() == "archive.feed_full"


def test_that_another_size_is_taken_only_once_what_waits_was_read(file):
    sent(RingWriter(file, capacity=ROOM, ring=1), 5)
    writer = RingWriter(file, capacity=2 * ROOM, ring=2)
    sent(writer, 5, 5)
    reader = RingReader(file)
    assert (reader.ring, reader.capacity) == (1, ROOM)
    assert [n for record in reader.records() for n in record.columns[0].tolist()] == list(range(10))
    reader.say_safe(reader.place, reader.seq, "")
    assert reader.is_still_there()
    RingWriter(file, capacity=2 * ROOM, ring=3)
    assert not reader.is_still_there()
    assert (RingReader(file).ring, RingReader(file).capacity) == (3, 2 * ROOM)


@pytest.mark.parametrize("error", [28, 5])
def test_that_a_disk_that_takes_nothing_is_counted_told_and_forgiven(file, monkeypatch, error):
    feed = RingFeed(file, capacity=ROOM, ring=1)

    def refused(*_args):
        raise OSError(error, "refused")

    with monkeypatch.context() as patch:
        patch.setattr("os.pwritev", refused)
        feed.samples(Batch.of(*samples(10)))
        assert feed.light() == "archive.feed_trouble"
    feed.samples(Batch.of(*samples(5, 10)))
    assert feed.dropped == 10
    gap, kept = RingReader(file).records()
    assert (gap.kind, gap.extra, gap.end_ns) == (RecordKind.GAP, 10, 90)
    assert kept.columns[0].tolist() == list(range(10, 15))
    assert feed.light() == "ok"
