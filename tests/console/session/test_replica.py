"""The whole protocol of a console without a socket: by an injected time, with hand-made messages."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.session.errands import Door, Errand
from chengyun_console.session.mailbox import Post
from chengyun_console.session.reader import TICK_NS
from chengyun_console.session.replica import LEASE_RENEWED_NS, Replica
from chengyun_console.session.wishes import SendCommand, WantWindow, Watch
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.links import Reach
from chengyun_core.model.change import Change, SessionRecord
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import AskWatch, AskWindow, Reply, Request, SignedOn, Snapshot, Window
from chengyun_core.wire.frames import FrameKind
from tests.support.news_from import S, alarm, beat, change, frame_bytes, moment
from tests.support.small_city import small_city

VITALS = 4
EVERY = list(range(VITALS))
CITY = small_city(VITALS)
SIGNED_ON = SignedOn(token="t", account="officer", name="officer", seat="A-01", posts=(), allowed=())


@dataclass
class Stage:
    """A replica with daemons played by hand. `now` stands until it is moved."""

    replica: Replica = field(default_factory=Replica)
    now: int = 100 * S
    epochs: dict[str, int] = field(default_factory=lambda: {"ingest": 1, "centre": 1})

    def beat(self, daemon: str, **fields: object) -> None:
        payload = codec.pack(beat(daemon=daemon, epoch=self.epochs[daemon], sent_ns=self.now, **fields))
        hear = self.replica.heard_ingest if daemon == "ingest" else self.replica.heard_centre
        hear(TOPIC_HEARTBEAT, payload, moment(self.now))

    def turn(self) -> list[Request]:
        """Let time decide; everything due is sent."""
        due = self.replica.turn(moment(self.now))
        for errand in due:
            self.replica.errands.sent(errand.request.id, self.now)
        return [errand.request for errand in due]

    def run(self, seconds: float, *, beats: tuple[str, ...] = ()) -> list[Request]:
        """Pass time in ticks, with these daemons beating."""
        asked: list[Request] = []
        for _ in range(round(seconds * S / TICK_NS)):
            self.now += TICK_NS
            if self.now % (S // 4) < TICK_NS:
                for daemon in beats:
                    self.beat(daemon)
            asked += self.turn()
        return asked

    def done(self, request: Request, body: bytes) -> None:
        self.replica.replied(codec.pack(Reply(id=request.id, outcome="done", body=body)), moment(self.now))

    def refused(self, request: Request, code: str) -> None:
        self.replica.replied(codec.pack(Reply(id=request.id, outcome="refused", code=code)), moment(self.now))

    def post(self) -> Post:
        post = self.replica.post()
        assert post is not None
        return post

    def read_catalogue(self) -> None:
        unread = self.replica.catalogue.to_read()
        assert unread is not None
        self.replica.catalogue_read(unread, CatalogueView(CITY))

    def go_live(self) -> None:
        """Hear both daemons, sign on, take the catalogue, the state's and the facts' snapshot."""
        self.beat("ingest")
        self.beat("centre")
        self.replica.settler._hold("t", "A-01")
        for request in self.turn():
            if request.kind == "catalogue.get":
                self.done(request, codec.pack(CITY))
            elif request.kind == "snapshot" and request.id.startswith("facts"):
                self.done(request, codec.pack(Snapshot(through=0)))
        self.read_catalogue()
        for request in self.run(0.5, beats=("ingest", "centre")):
            if request.kind == "snapshot":
                self.done(request, frame_bytes(EVERY, [1.0] * VITALS, seq=0, kind=FrameKind.SNAPSHOT))
        self.turn()
        self.post()


@pytest.fixture
def stage() -> Stage:
    """Everything live, nothing waiting."""
    ready = Stage()
    ready.go_live()
    return ready


def reach(stage: Stage) -> tuple[Reach, Reach]:
    return stage.replica.ingest.state.reach, stage.replica.centre.state.reach


def test_that_the_stage_is_live(stage: Stage) -> None:
    assert reach(stage) == (Reach.LIVE, Reach.LIVE)
    assert not stage.replica.state.owes
    assert stage.replica.facts.complete


def test_that_a_dead_daemon_is_told_within_a_second_and_a_half_and_the_other_stays_live(stage: Stage) -> None:
    died = stage.now
    while stage.replica.ingest.state.reach is not Reach.LOST:
        stage.run(0.05, beats=("centre",))
    assert stage.now - died <= 1.5 * S
    links = stage.post().links
    assert links is not None
    assert (links.ingest.reach, links.centre.reach) == (Reach.LOST, Reach.LIVE)


def test_that_a_daemon_back_in_a_new_run_is_live_again_by_itself(stage: Stage) -> None:
    stage.run(3, beats=("centre",))
    stage.epochs["ingest"] = 2
    asked = stage.run(0.5, beats=("ingest", "centre"))
    (snapshot,) = [request for request in asked if request.kind == "snapshot"]
    stage.done(snapshot, frame_bytes(EVERY, [2.0] * VITALS, seq=0, epoch=2, kind=FrameKind.SNAPSHOT))
    stage.run(0.3, beats=("ingest", "centre"))
    assert reach(stage) == (Reach.LIVE, Reach.LIVE)
    rows = stage.post().state
    assert rows is not None
    assert rows.new_epoch
    assert list(rows.value) == [2.0] * VITALS


def test_that_after_a_sleep_everything_is_lost_until_heard_anew(stage: Stage) -> None:
    stage.now += 30 * 60 * S
    stage.turn()
    assert reach(stage) == (Reach.LOST, Reach.LOST)
    stage.run(0.3, beats=("ingest", "centre"))
    assert reach(stage) == (Reach.LIVE, Reach.LIVE)


def test_that_a_debt_is_shown_only_when_it_is_not_paid_soon(stage: Stage) -> None:
    stage.replica.heard_ingest(TOPIC_STATE, frame_bytes([0], [1.0], seq=5), moment(stage.now))
    stage.run(0.5, beats=("ingest", "centre"))
    assert stage.replica.ingest.state.reach is Reach.LIVE
    stage.run(0.8, beats=("ingest", "centre"))
    assert stage.replica.ingest.state.reason.code == "link.refreshing"


def test_that_a_slow_window_gets_one_post_with_each_vital_once(stage: Stage) -> None:
    for seq in range(1, 1001):
        stage.replica.heard_ingest(TOPIC_STATE, frame_bytes([seq % 3], [float(seq)], seq=seq), moment(stage.now))
    rows = stage.post().state
    assert rows is not None
    assert list(rows.vital) == [0, 1, 2]
    assert list(rows.value) == [999.0, 1000.0, 998.0]
    assert stage.replica.post() is None


def test_that_nothing_of_another_protocol_is_used_and_it_is_live_again_when_brought_back(stage: Stage) -> None:
    stage.beat("ingest", protocol=PROTOCOL_VERSION + 1)
    stage.replica.heard_ingest(TOPIC_STATE, frame_bytes([0], [99.0], seq=1), moment(stage.now))
    stage.turn()
    post = stage.post()
    assert post.state is None
    assert post.links is not None
    assert (post.links.ingest.reach, post.links.ingest.reason.code) == (Reach.REFUSED, "link.protocol")
    stage.beat("ingest", tail=1)
    stage.turn()
    assert stage.replica.state.owes
    assert stage.replica.ingest.is_usable


def test_that_an_ingest_of_another_realm_than_the_centre_is_refused(stage: Stage) -> None:
    stage.beat("ingest", realm="drill")
    stage.turn()
    assert stage.replica.ingest.state.reason.code == "link.realm"


@given(st.sampled_from([TOPIC_STATE, TOPIC_WATCH, TOPIC_CHANGE, TOPIC_HEARTBEAT, b"", b"X/"]), st.binary(max_size=200))
def test_that_whatever_bytes_on_any_socket_are_counted_and_change_nothing(topic: bytes, payload: bytes) -> None:
    stage = Stage()
    stage.go_live()
    now = moment(stage.now)
    before = stage.replica.counters["garbage"]
    stage.replica.heard_ingest(topic, payload, now)
    stage.replica.heard_centre(topic, payload, now)
    stage.replica.replied(payload, now)
    stage.turn()
    assert stage.replica.counters["garbage"] >= before + 2
    assert reach(stage) == (Reach.LIVE, Reach.LIVE)
    post = stage.replica.post()
    assert post is None or (post.state is None and not (post.facts and post.facts.facts))


def test_that_a_command_without_an_answer_is_unsure_repeated_and_then_told_as_it_was(stage: Stage) -> None:
    stage.replica.wish(SendCommand(id="c1", command=AcknowledgeAlarm(alarm=1, version=1)), moment(stage.now))
    sent = [request for request in stage.run(8, beats=("ingest", "centre")) if request.kind == "alarm.acknowledge"]
    assert {request.id for request in sent} == {"c1"}
    assert len(sent) == 3
    assert stage.post().unsure == ("c1",)
    stage.refused(sent[0], "alarm.version_seen")
    (reply,) = stage.post().replies
    assert (reply.id, reply.code) == ("c1", "alarm.version_seen")


def test_that_a_command_goes_again_at_once_when_the_centre_was_restarted(stage: Stage) -> None:
    stage.replica.wish(SendCommand(id="c1", command=AcknowledgeAlarm(alarm=1, version=1)), moment(stage.now))
    stage.turn()
    stage.epochs["centre"] = 2
    stage.beat("centre")
    assert [request.id for request in stage.turn() if request.kind == "alarm.acknowledge"] == ["c1"]


def test_that_only_the_newest_window_of_a_chart_is_answered(stage: Stage) -> None:
    ask = AskWindow(vital=1, from_ns=0, to_ns=S, pixels=10)
    for name in ("w1", "w2"):
        stage.replica.wish(WantWindow(id=name, ask=ask, slot="chart"), moment(stage.now))
    (asked,) = [request for request in stage.turn() if request.kind == "window"]
    body = Window(
        vital=1,
        from_ns=0,
        to_ns=S,
        time=np.array([5]).tobytes(),
        value=np.array([2.5]).tobytes(),
        raw=True,
        oldest_ns=0,
    )
    stage.done(asked, codec.pack(body))
    ((name, series),) = stage.post().windows
    assert (name, list(series.time), list(series.value), series.failed) == ("w2", [5], [2.5], None)


def test_that_a_window_whose_columns_do_not_match_comes_as_a_failure(stage: Stage) -> None:
    ask = AskWindow(vital=1, from_ns=0, to_ns=S, pixels=10)
    stage.replica.wish(WantWindow(id="w", ask=ask, slot="chart"), moment(stage.now))
    (asked,) = [request for request in stage.turn() if request.kind == "window"]
    body = Window(vital=1, from_ns=0, to_ns=S, time=b"12345678", value=b"", raw=True, oldest_ns=0)
    stage.done(asked, codec.pack(body))
    ((_, series),) = stage.post().windows
    assert series.failed is not None
    assert series.failed.code == "session.bad_answer"


def test_that_a_lease_is_renewed_and_taken_anew_from_a_restarted_daemon(stage: Stage) -> None:
    stage.replica.wish(Watch(vitals=(1, 2)), moment(stage.now))
    asked = stage.run(2 * LEASE_RENEWED_NS / S, beats=("ingest", "centre"))
    leases = [request for request in asked if request.kind == "watch"]
    assert len(leases) == 2
    assert codec.unpack(leases[0].body, AskWatch).vitals == (1, 2)
    stage.epochs["ingest"] = 2
    stage.beat("ingest")
    assert any(request.kind == "watch" for request in stage.turn())
    stage.replica.wish(Watch(vitals=()), moment(stage.now))
    assert not any(request.kind == "watch" for request in stage.run(10, beats=("ingest", "centre")))


def watch_frame(seq: int, epoch: int = 1) -> bytes:
    from chengyun_core.wire import frames

    columns = {
        "channel": np.array([7], np.uint32), "time": np.array([seq]), "value": np.array([1.5]),
        "quality": np.zeros(1, np.uint8),
    }  # fmt: skip
    head = frames.FrameHead(
        kind=FrameKind.WATCH, shard=0, epoch=epoch, seq=seq, catalogue=1, count=1, clock_ns=0, sent_ns=0, newest_ns=0
    )
    return frames.encode(head, columns)


def test_that_watched_samples_come_in_order_and_a_lost_one_is_told(stage: Stage) -> None:
    for seq in (1, 2):
        stage.replica.heard_ingest(TOPIC_WATCH, watch_frame(seq), moment(stage.now))
    rows = stage.post().watch
    assert rows is not None
    assert (list(rows.time), rows.dropped) == ([1, 2], False)
    stage.replica.heard_ingest(TOPIC_WATCH, watch_frame(4), moment(stage.now))
    rows = stage.post().watch
    assert rows is not None
    assert rows.dropped


def test_that_a_cached_catalogue_is_verified_once_and_not_decoded_again() -> None:
    stage = Stage()
    data = codec.pack(CITY)
    stage.replica.catalogue.cached(data)
    stage.read_catalogue()
    assert stage.post().catalogue is not None
    stage.beat("centre")
    stage.replica.settler._hold("t", "A-01")
    (asked,) = [request for request in stage.turn() if request.kind == "catalogue.get"]
    stage.done(asked, data)
    assert stage.replica.catalogue.to_read() is None
    assert not any(request.kind == "catalogue.get" for request in stage.run(10, beats=("centre",)))


def test_that_a_version_the_centre_names_is_asked_for_until_it_comes(stage: Stage) -> None:
    stage.beat("centre", catalogue=2)
    asked = [request for request in stage.run(5) if request.kind == "catalogue.get"]
    assert len(asked) >= 2
    stage.done(asked[-1], codec.pack(small_city(VITALS, version=2)))
    unread = stage.replica.catalogue.to_read()
    assert unread is not None
    assert unread.version == 2


def test_that_a_session_the_centre_knows_no_longer_ends_with_the_reason(stage: Stage) -> None:
    gone = SessionRecord(seat="A-01", account="officer", name="officer", posts=(), since=1, signed_off=True, version=9)
    row = Change(
        number=1, at_ns=1, action="session.end", kind="session", key="A-01", version=9, record=codec.pack(gone)
    )
    stage.replica.heard_centre(TOPIC_CHANGE, codec.pack(row), moment(stage.now))
    stage.post()
    (asked,) = [request for request in stage.turn() if request.kind == "changes.since"]
    stage.refused(asked, "session.none")
    ended = stage.post().sign_on
    assert ended is not None
    assert ended.failed is not None
    assert (ended.signed_on, ended.failed.code, stage.replica.settler.token) == (None, "session.none", "")


def test_that_a_console_says_every_four_seconds_that_its_seat_lives_and_a_screen_without_one_says_nothing() -> None:
    stage = Stage()
    stage.go_live()
    both = ("ingest", "centre")
    said = [request for request in stage.run(13.0, beats=both) if request.kind == "session.here"]
    assert (len(said), {request.session for request in said}) == (3, {"t"})
    stage.replica.settler._hold("", "")
    assert not [request for request in stage.run(9.0, beats=both) if request.kind == "session.here"]


def test_that_a_window_that_takes_nothing_any_more_is_not_said_to_live() -> None:
    """RF27: the reader's thread goes on when the window hangs; what it says would be a lie."""
    stage = Stage()
    stage.go_live()
    both = ("ingest", "centre")
    stage.run(1.0, beats=both)
    stage.replica.is_frozen = True
    assert not [request for request in stage.run(13.0, beats=both) if request.kind == "session.here"]
    stage.replica.is_frozen = False
    assert [request.kind for request in stage.turn() if request.kind == "session.here"] == ["session.here"]


def test_that_a_refused_password_does_not_end_the_session_that_stands(stage: Stage) -> None:
    from chengyun_core.model.command import SignOn

    stage.replica.wish(SendCommand(id="s", command=SignOn(account="a", password="b", seat="c")), moment(stage.now))
    (asked,) = [request for request in stage.turn() if request.kind == "session.sign_on"]
    stage.refused(asked, "session.wrong_password")
    ended = stage.post().sign_on
    assert ended is not None
    assert stage.replica.settler.token == "t"


def test_that_a_broken_glass_gives_a_session_and_a_refused_one_is_told_to_its_form() -> None:
    from chengyun_core.model.rights_commands import BreakTheGlass
    from chengyun_core.wire.envelope import SignedOn

    stage = Stage()
    stage.go_live()
    stage.replica.settler._hold("", "")
    command = BreakTheGlass(
        account="li", password="p", seat="A-03", second="wang", secret="s", posts=("watch_chief",), reason="r"
    )  # fmt: skip
    for request_id in ("g1", "g2"):
        stage.replica.wish(SendCommand(id=request_id, command=command), moment(stage.now))
    first, other = (request for request in stage.turn() if request.kind == "session.break_glass")
    stage.refused(first, "glass.wrong_second")
    post = stage.post()
    assert (post.sign_on, [reply.code for reply in post.replies]) == (None, ["glass.wrong_second"])
    made = SignedOn(token="g", account="li", name="李", seat="A-03", posts=(), allowed=(), glass=1, until=9)
    stage.done(other, codec.pack(made))
    ended = stage.post().sign_on
    assert ended is not None
    assert (ended.signed_on, ended.again, stage.replica.settler.token) == (made, False, "g")


def test_that_a_session_that_was_opened_elsewhere_is_held_and_told() -> None:
    from chengyun_console.session.wishes import TakeSeat
    from chengyun_core.wire.envelope import SignedOn

    stage = Stage()
    stage.go_live()
    made = SignedOn(token="m", account="glass", name="张三", seat="A-01", posts=(), allowed=(), glass=2, until=9)
    stage.replica.wish(TakeSeat(signed_on=made), moment(stage.now))
    ended = stage.post().sign_on
    assert ended is not None
    assert (ended.signed_on, stage.replica.settler.token, stage.replica.settler.seat) == (made, "m", "A-01")


def test_that_facts_gone_missing_are_asked_by_range_and_shown(stage: Stage) -> None:
    from chengyun_core.wire.envelope import Changes

    stage.replica.heard_centre(TOPIC_CHANGE, codec.pack(change(2, alarm(2))), moment(stage.now))
    stage.beat("centre", tail=2)
    (asked,) = [request for request in stage.run(0.5, beats=("ingest",)) if request.kind == "changes.since"]
    rows = (change(1, alarm(1)), change(2, alarm(2)))
    stage.done(asked, codec.pack(Changes(through=2, tail=2, changes=rows)))
    screen = FactMirror()
    facts = stage.post().facts
    assert facts is not None
    screen.apply(facts)
    assert set(screen.alarms) == {1, 2}


def test_that_a_refused_greeting_is_not_repeated_but_an_unanswered_one_is() -> None:
    stage = Stage()
    stage.beat("centre")
    (greeting,) = [request for request in stage.turn() if request.kind == "hello"]
    stage.refused(greeting, "door.protocol")
    assert not [request for request in stage.run(8, beats=("centre",)) if request.kind == "hello"]
    stage.epochs["centre"] = 2
    assert len([request for request in stage.run(8, beats=("centre",)) if request.kind == "hello"]) == 2


def test_that_an_errand_names_the_door_it_goes_to(stage: Stage) -> None:
    stage.replica.wish(SendCommand(id="c", command=AcknowledgeAlarm(alarm=1, version=1)), moment(stage.now))
    due: list[Errand] = stage.replica.turn(moment(stage.now))
    assert {errand.request.kind: errand.door for errand in due}["alarm.acknowledge"] is Door.COMMANDS


def test_that_a_post_of_state_leaves_facts_and_links_for_the_tick(stage: Stage) -> None:
    stage.replica.post()
    stage.beat("ingest")
    stage.replica.heard_ingest(TOPIC_STATE, frame_bytes([2], [4.0], seq=1), moment(stage.now))
    assert stage.replica.has_state_news
    post = stage.replica.state_post()
    assert post is not None
    assert post.state is not None
    assert (post.links, post.facts, list(post.state.vital)) == (None, None, [2])
    assert not stage.replica.has_state_news
    assert stage.replica.state_post() is None
    assert stage.post().links is not None


def test_that_state_never_travels_without_the_catalogue_its_rows_need(stage: Stage) -> None:
    stage.replica.post()
    assert not stage.replica.must_post_whole
    stage.replica.settler.inbox.catalogue = CatalogueView(CITY)
    assert stage.replica.must_post_whole
