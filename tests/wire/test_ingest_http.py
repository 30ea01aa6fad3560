"""The HTTP port as gateways see it: what is taken is counted in the answer, what is refused is told in clear words."""

import gzip
import http.client
import json
import socket
import ssl

import pytest

from chengyun_core.ingest.settings import HttpSettings
from chengyun_core.ingest.sources import payload_packed
from chengyun_core.ingest.sources.http import HttpSource
from chengyun_core.ingest.sources.muting import TOLERATED
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused
from tests.core.ingest.daemon.building import START, batch
from tests.support.broker import free_port
from tests.support.certificates import make_certificates
from tests.support.source_stand import SourceStand
from tests.support.waiting import wait_until

GOOD = json.dumps(
    [{"channel": "A.x", "time_ns": START, "value": 1.5}, {"channel": "P#2.x", "time_ns": START, "value": 2}]
)
TOKEN = "correct-horse-battery"


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "http.token"
    file.touch(0o600)
    file.write_text(TOKEN + "\n")
    return str(file)


def stand(**settings):
    """A running port; its number is `stand.port`."""
    port = free_port()
    made = SourceStand(HttpSource(HttpSettings(port=port, epoch_unit="ns", **settings), ProfileClock()))
    made.port = port
    return made


def post(port, body, kind="application/json", *, path="/samples", method="POST", context=None, **headers):
    """Send one request; give status and the decoded answer."""
    if context is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    else:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Content-Type": kind, **named})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else text
    finally:
        connection.close()


def throw(port, data):
    """Send bytes on a connection of their own and hang up."""
    with socket.create_connection(("127.0.0.1", port), 10) as opened:
        opened.sendall(data)
        opened.shutdown(socket.SHUT_WR)
        opened.settimeout(10)
        try:
            while opened.recv(4096):
                pass
        except ConnectionResetError:
            return


def test_that_json_csv_packed_and_gzipped_bodies_are_taken_and_counted_in_the_answer():
    with stand() as city:
        city.until_running()
        assert post(city.port, GOOD) == (202, {"accepted": 2, "refused": {}})
        assert post(city.port, f"{START},B.x,7,uncertain\n", "text/csv; charset=utf-8") == (
            202,
            {"accepted": 1, "refused": {}},
        )
        packed = payload_packed.encode(3, batch((10, 0, 3.0)))
        assert post(city.port, packed, "application/vnd.chengyun.packed")[0] == 202
        assert post(city.port, gzip.compress(GOOD.encode()), Content_Encoding="gzip")[1]["accepted"] == 2
        assert city.rows() == [
            (0, START, 1.5, 0), (11, START, 2.0, 0), (1, START, 7.0, 1), (10, START, 3.0, 0), (0, START, 1.5, 0),
            (11, START, 2.0, 0),
        ]  # fmt: skip
        assert city.health.drops == {}


def test_that_refused_samples_are_counted_by_cause_in_the_answer_and_the_good_ones_pass():
    body = json.dumps(
        [{"channel": "A.x", "time_ns": START, "value": 1}, {"channel": "Q.x", "time_ns": START, "value": 1}]
    )
    with stand() as city:
        city.until_running()
        assert post(city.port, body) == (202, {"accepted": 1, "refused": {"unknown_channel": 1}})
        status, answer = post(city.port, "{")
        assert (status, answer["accepted"], answer["refused"]) == (422, 0, {"bad_json": 1})
        assert city.health.drops == {"unknown_channel": 1, "bad_json": 1}
        told = city.told()
        assert told.offenders == (("127.0.0.1", 1),)
        assert told.state == "running"
        assert "bad_json" in told.last_fault


@pytest.mark.parametrize(
    ("status", "cause", "request_of"),
    [
        (401, "unauthorized", {"Authorization": "Bearer wrong"}),
        (401, "unauthorized", {"Authorization": f"Basic {TOKEN}"}),
        (404, "bad_http", {"path": "/elsewhere"}),
        (405, "bad_http", {"method": "PUT"}),
        (413, "too_large", {"body": "x" * 2000}),
        (413, "too_large", {"body": gzip.compress(b"1" * 100_000), "Content_Encoding": "gzip"}),
        (400, "unsupported_type", {"body": b"no gzip", "Content_Encoding": "gzip"}),
        (415, "unsupported_type", {"kind": "application/xml"}),
        (415, "unsupported_type", {"kind": "text/csv; charset=gb18030"}),
    ],
)  # fmt: skip
def test_that_each_refusal_has_its_status_its_cause_and_clear_words(status, cause, request_of, token_file):
    with stand(token_file=token_file, longest_message=1000) as city:
        city.until_running()
        asked = {"body": GOOD, "Authorization": f"Bearer {TOKEN}"} | request_of
        got, answer = post(city.port, asked.pop("body"), asked.pop("kind", "application/json"), **asked)
        assert got == status
        assert city.health.drops == {cause: 1}
        assert city.rows() == []
        if status != 400:  # that one is told by the library, before we see the request
            assert answer["reason"]
            assert answer["refused"] == {cause: 1}
        assert post(city.port, GOOD, Authorization=f"Bearer {TOKEN}")[0] == 202


def test_that_a_sender_over_its_rate_is_answered_429_and_named_while_the_source_runs_on():
    lines = "\n".join(f"{START + k},A.x,{k}" for k in range(150))
    with stand(limit_sender_per_s=50.0) as city:
        city.until_running()
        status, answer = post(city.port, lines, "text/csv")
        assert (status, answer["accepted"], answer["refused"]) == (429, 100, {"rate_limited": 50})
        told = city.told()
        assert (told.state, told.reason) == ("running", "ingest.source_rate_limited")
        assert told.drops == {"rate_limited": 50}
        assert told.offenders == (("127.0.0.1", 50),)
        assert len(city.rows()) == 100


def test_that_a_sender_of_garbage_only_is_muted_and_told_so():
    with stand() as city:
        city.until_running()
        assert {post(city.port, "{")[0] for _ in range(TOLERATED)} == {422}
        assert post(city.port, "{")[0] == 429
        assert city.health.drops == {"bad_json": TOLERATED, "muted": 1}
        assert city.told().reason == "ingest.source_muting"


def test_that_a_full_intake_answers_503_and_counts():
    with SourceStand(HttpSource(HttpSettings(port=(port := free_port())), ProfileClock()), limit_samples=1) as city:
        city.until_running()
        one = "2023-11-14T22:13:20Z,A.x,1\n"
        assert post(port, one, "text/csv")[0] == 202
        status, answer = post(port, one, "text/csv")
        assert (status, answer["refused"], city.health.drops) == (503, {"queue_full": 1}, {"queue_full": 1})


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x00\x00\x00\x06\x01\x04", b"h\x04\x07\x00\x00\x00", b"POST /samp", b"\r\n\r\n", b"\xaaA"]
)
def test_that_bytes_that_are_no_http_are_counted_once_a_connection(data):
    with stand() as city:
        city.until_running()
        throw(city.port, data)
        wait_until(lambda: city.health.drops == {"bad_http": 1}, "it is counted")
        assert post(city.port, GOOD)[0] == 202
        assert city.health.drops == {"bad_http": 1}


def test_that_one_connection_too_many_is_answered_503_and_the_others_go_on():
    with stand(connections=1) as city:
        city.until_running()
        first = http.client.HTTPConnection("127.0.0.1", city.port, timeout=30)
        first.request("POST", "/samples", GOOD, {"Content-Type": "application/json"})
        assert first.getresponse().read()
        assert post(city.port, GOOD)[0] == 503
        first.request("POST", "/samples", GOOD, {"Content-Type": "application/json"})
        assert b"accepted" in first.getresponse().read()
        first.close()
        assert city.health.drops == {"bad_http": 1}


def _answered_over(port, context):
    """Bytes of the answer to a request; none when the server hangs up on us."""
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as opened,
        ):
            opened.sendall(b"GET / HTTP/1.1\r\n\r\n")
            return opened.recv(4096)
    except (ssl.SSLError, ConnectionError):
        return b""


def test_that_tls_with_client_certificates_lets_in_who_has_one_and_nobody_else(tmp_path):
    pems = make_certificates(tmp_path)
    files = {"certificate_file": str(pems / "server.pem"), "key_file": str(pems / "server.key")}
    with stand(**files, client_ca_file=str(pems / "ca.pem")) as city:
        city.until_running()
        stranger = ssl.create_default_context(cafile=str(pems / "ca.pem"))
        assert not _answered_over(city.port, stranger)
        known = ssl.create_default_context(cafile=str(pems / "ca.pem"))
        known.load_cert_chain(pems / "client.pem", pems / "client.key")
        assert post(city.port, GOOD, context=known)[0] == 202


def test_that_a_key_others_can_read_stops_the_source(tmp_path, caplog):
    pems = make_certificates(tmp_path)
    (pems / "server.key").chmod(0o644)
    with stand(certificate_file=str(pems / "server.pem"), key_file=str(pems / "server.key")) as city:
        city.until_state("failed", "secret.open")
    assert "0644" in caplog.text


def test_that_an_open_port_without_a_token_is_refused_at_start():
    with pytest.raises(Refused, match=r"ingest\.http_open"):
        HttpSource(HttpSettings(host="0.0.0.0"), ProfileClock())  # noqa: S104 - that is what is refused


def test_that_a_taken_port_is_tried_again_until_it_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        source = HttpSource(HttpSettings(port=taken.getsockname()[1]), ProfileClock())
        source.first_pause_s = 0.05
        with SourceStand(source) as city:
            city.until_state("connecting", "ingest.http_port")
            taken.close()
            city.until_running()
