"""Link states by an injected clock: lost within a second, back by itself, other protocols and realms refused."""

import msgspec
import pytest

from chengyun_core.mirror.links import LAGGING_AFTER_S, LinkWatch, Reach
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from tests.support.news_from import S, beat, moment


def heard_at(watch: LinkWatch, at_ns: int, **fields: object) -> None:
    watch.heard(codec.pack(beat(sent_ns=at_ns, **fields)), moment(at_ns))
    watch.judge(moment(at_ns))


def test_that_a_link_is_connecting_until_the_first_sign() -> None:
    watch = LinkWatch("ingest")
    watch.judge(moment(50 * S))
    assert watch.state.reach is Reach.CONNECTING
    heard_at(watch, 51 * S)
    assert watch.state.reach is Reach.LIVE


def test_that_a_silent_daemon_is_lost_after_a_second_and_since_its_last_sign() -> None:
    watch = LinkWatch("ingest")
    heard_at(watch, 10 * S)
    assert not watch.judge(moment(10 * S + 999_999_999))
    assert watch.judge(moment(11 * S))
    assert watch.state.reach is Reach.LOST
    assert watch.state.since_ns == 10 * S


def test_that_a_lost_daemon_is_live_again_with_its_next_heartbeat() -> None:
    watch = LinkWatch("ingest")
    heard_at(watch, 10 * S)
    watch.judge(moment(20 * S))
    heard_at(watch, 21 * S)
    assert watch.state.reach is Reach.LIVE
    assert watch.state.since_ns == 21 * S


def test_that_a_debt_makes_a_heard_daemon_stale_with_its_reason() -> None:
    watch = LinkWatch("centre")
    heard_at(watch, 10 * S)
    watch.judge(moment(10 * S), owes="link.refreshing")
    assert (watch.state.reach, watch.state.reason.code) == (Reach.STALE, "link.refreshing")


def test_that_an_old_heartbeat_says_that_this_screen_lags() -> None:
    watch = LinkWatch("ingest")
    late = round((LAGGING_AFTER_S + 3) * S)
    watch.heard(codec.pack(beat(sent_ns=10 * S)), moment(10 * S + late))
    watch.judge(moment(10 * S + late))
    assert (watch.state.reach, watch.state.reason.code) == (Reach.STALE, "link.lagging")
    assert watch.state.reason.params["seconds"] == "5"


def test_that_after_a_sleep_what_was_heard_before_is_no_sign_of_life() -> None:
    watch = LinkWatch("ingest")
    heard_at(watch, 10 * S)
    watch.slept()
    watch.judge(moment(10 * S))
    assert watch.state.reach is Reach.LOST


def test_that_another_protocol_is_refused_even_when_its_heartbeat_has_fields_we_do_not_know() -> None:
    watch = LinkWatch("ingest")
    theirs = msgspec.msgpack.encode({"protocol": PROTOCOL_VERSION + 1, "daemon": "ingest", "colour_of_the_sky": "grey"})
    assert watch.heard(theirs, moment(S)) is None
    watch.judge(moment(S))
    assert not watch.is_usable
    assert (watch.state.reach, watch.state.reason.code) == (Reach.REFUSED, "link.protocol")
    heard_at(watch, 2 * S)
    assert watch.is_usable
    assert watch.state.reach is Reach.LIVE


def test_that_a_daemon_of_another_realm_is_refused() -> None:
    watch = LinkWatch("ingest")
    watch.expect_realm("live")
    heard_at(watch, S, realm="drill")
    assert not watch.is_usable
    assert watch.state.reason.code == "link.realm"


@pytest.mark.parametrize("payload", [b"", b"\xc1", b"hello", codec.pack({"protocol": 1}), codec.pack([1, 2])])
def test_that_bytes_that_are_no_heartbeat_are_no_sign_of_life(payload: bytes) -> None:
    watch = LinkWatch("ingest")
    with pytest.raises(BadMessage):
        watch.heard(payload, moment(S))
    watch.judge(moment(S))
    assert watch.state.reach is Reach.CONNECTING


def test_that_a_key_turned_away_is_told_even_though_nothing_was_ever_heard() -> None:
    watch = LinkWatch("ingest")
    watch.turned_away(Reason(code="link.key_refused"))
    assert watch.judge(moment(S))
    assert (watch.state.reach, watch.state.reason.code) == (Reach.REFUSED, "link.key_refused")
    assert watch.state.reason.params == {"daemon": "link.daemon.ingest"}
    watch.turned_away(None)
    assert watch.judge(moment(2 * S))
    assert watch.state.reach is Reach.CONNECTING


def test_that_a_session_cut_by_a_revoked_key_is_refused_and_not_merely_lost() -> None:
    watch = LinkWatch("centre")
    heard_at(watch, 10 * S)
    watch.turned_away(Reason(code="link.key_refused"))
    watch.judge(moment(20 * S))
    assert watch.state.reach is Reach.REFUSED
