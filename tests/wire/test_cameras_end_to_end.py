"""A real centre with cameras and the command line: listed, checked, credentials kept, evidence kept and handed out."""

import hashlib
import json
import socketserver
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from chengyun_core.launch import cli
from chengyun_core.model.camera import EvidenceKind, StreamGrant
from chengyun_core.model.camera_commands import KeepEvidence
from chengyun_core.model.command import CreateAccount, ImportCatalogue, SignOn
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskStream
from chengyun_core.wire.envelope import SignedOn
from chengyun_core.wire.event_asks import UploadPart
from tests.core.centre.process import CentreProcess
from tests.support.small_tables import small_tables

PASSWORD = "a long password"


class _Rtsp(socketserver.StreamRequestHandler):
    """Answers every OPTIONS."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    """A centre whose demo cameras' server is a stand-in that answers OPTIONS."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Rtsp) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        place = f'\n[video]\nnetworks = ["10.9.0.0/16"]\ndemo_server = "127.0.0.1:{server.server_address[1]}"\n'
        with CentreProcess(tmp_path / "p", place) as made:
            made.start()
            rows = [
                {"code": "C-1", "name": "寸滩码头 01", "centre": "500103", "kind": "demo", "address": "demo:/cam/C-1"},
                {"code": "C-2", "name": "内网 01", "centre": "500000", "address": "rtsp://127.0.0.1:554/x"},
            ]
            tables = small_tables() | {"cameras": rows}
            assert made.do(ImportCatalogue(tables=tables, origin={}), made.admin_key).outcome == "done"
            yield made
        server.shutdown()
        thread.join()


def _told(centre: CentreProcess, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = cli.main([*words, "--profile", str(centre.profile.folder), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_that_cameras_are_listed_and_checked(centre: CentreProcess, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _told(centre, capsys, "camera", "list", "--centre", "500103")
    assert code == 0
    assert [row["code"] for row in told["cameras"]] == ["C-1"]
    code, told = _told(centre, capsys, "camera", "check")
    assert code != 0
    assert told["cameras"] == {"C-1": "ok", "C-2": "video.fence.never"}
    code, told = _told(centre, capsys, "camera", "check", "NONE")
    assert (code != 0, told["code"]) == (True, "camera.unknown")


def test_that_credentials_are_kept_for_their_owner_alone_and_never_shown(
    centre: CentreProcess, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret-word\n", "utf-8")
    secret.chmod(0o600)
    file = ("--password-file", str(secret))
    _told(centre, capsys, "camera", "credentials", "--user", "viewer", *file)
    _told(centre, capsys, "camera", "credentials", "--network", "10.9.0.0/16", "--user", "net", *file)
    more = ("--platform", "city", "--url", "http://10.9.0.8:18080", "--name", "市平台")
    _, told = _told(centre, capsys, "camera", "credentials", *more, "--user", "plat", *file)
    assert told["entries"] == [
        "default viewer", "network 10.9.0.0/16 net", "platform city wvp http://10.9.0.8:18080 plat",
    ]  # fmt: skip
    kept = centre.profile.folder / "keys" / "cameras.toml"
    assert kept.stat().st_mode & 0o777 == 0o600
    _, told = _told(centre, capsys, "camera", "credentials", "--network", "10.9.0.0/16", "--remove")
    assert len(told["entries"]) == 2
    assert "s3cret-word" not in json.dumps(told)
    code, told = _told(centre, capsys, "camera", "credentials", "--network", "10.9.0.0/99", "--user", "x", *file)
    assert (code != 0, told["code"]) == (True, "video.fence.network")


def test_that_a_demo_stream_is_granted_over_the_wire(centre: CentreProcess) -> None:
    session = _officer(centre)
    reply = centre.ask("camera.stream", AskStream(camera="C-1"), session)
    assert reply is not None
    grant = codec.unpack(reply.body, StreamGrant)
    assert grant.address == "rtsp://cameras.demo.invalid/cam/C-1"
    reply = centre.ask("camera.stream", AskStream(camera="C-2"), session)
    assert reply is not None
    assert reply.code == "video.fence.never"


def test_that_evidence_is_handed_out_with_a_marked_copy_and_a_sheet_after_its_row(
    centre: CentreProcess, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    session, png = _officer(centre), _png()
    opened = centre.do(OpenEvent(source=EventSource.MANUAL, title="积水", centre="500103"), session)
    assert opened.outcome == "done", opened
    digest = hashlib.sha256(png).hexdigest()
    part = UploadPart(digest=digest, size=len(png), offset=0, data=png)
    assert centre.ask("attachment.part", part, session).outcome == "done"
    command = KeepEvidence(
        camera="C-1", kind=EvidenceKind.SNAPSHOT, event=1, digest=digest, size=len(png), begins_at=10**18,
        ends_at=10**18, reason="水位",
    )  # fmt: skip
    kept = centre.do(command, session)
    assert kept.outcome == "done", kept
    out = tmp_path / "out"
    wanted = ("camera", "evidence", "1", "--output", str(out), "--reason", "移交水利局")
    code, told = _told(centre, capsys, *wanted)
    assert code == 0, told
    assert (out / "EV-000001.png").read_bytes() == png
    marked = (out / "EV-000001-marked.png").read_bytes()
    assert marked != png
    assert marked[:8] == png[:8]
    sheet = (out / "EV-000001.txt").read_text("utf-8")
    assert digest in sheet
    assert hashlib.sha256(marked).hexdigest() in sheet
    assert "移交水利局" in sheet
    assert f"{told['change']}" in sheet
    assert (out / "EV-000001.txt").stat().st_mode & 0o777 == 0o600
    code, told = _told(centre, capsys, *wanted)
    assert (code != 0, told["code"]) == (True, "evidence.cli.there")
    code, told = _told(centre, capsys, "camera", "evidence", "7", "--output", str(out), "--reason", "x")
    assert told["code"] == "evidence.unknown"


def _officer(centre: CentreProcess) -> str:
    made = CreateAccount(account="li", name="李", password=PASSWORD, posts=("500000.duty_officer",))
    assert centre.do(made, centre.admin_key).outcome == "done"
    seat = small_tables()["seats"][0]["code"]
    reply = centre.do(SignOn(account="li", password=PASSWORD, seat=seat), "")
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token


def _png() -> bytes:
    context = av.CodecContext.create("png", "w")
    context.width, context.height, context.pix_fmt, context.time_base = 320, 180, "rgb24", Fraction(1, 1)
    frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 90, np.uint8), format="rgb24")
    return b"".join(bytes(packet) for packet in (*context.encode(frame), *context.encode(None)))
