"""The demo's server: a scene for every code, the waiting before it is drawn, one timer for all who watch."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from chengyun_core.model.clock import ManualClock
from chengyun_core.video.demo_cameras import server as served
from chengyun_core.video.demo_cameras.encoding import Loops, file_of, missing
from chengyun_core.video.demo_cameras.film import Film
from chengyun_core.video.demo_cameras.scenes import SCENES, WAITING
from chengyun_core.video.demo_cameras.server import Audience, CameraServer, Client, Shelf, scene_of
from chengyun_core.video.rtsp.splitting import Interleaved, Message, Splitter
from chengyun_core.wire.durable import write_record
from chengyun_resources.reference import cameras
from tests.support.hostile_cameras import loop, made_loops

TRACK = "rtsp://cameras.demo.invalid/cam/A-1/"


def server_of(folder: Path) -> CameraServer:
    return CameraServer(Shelf(folder), ManualClock(1_795_325_000 * 10**9))


async def talked(server: CameraServer, *requests: str) -> list[Message | Interleaved]:
    """Say requests over a real connection; return what came within them."""
    listening = await asyncio.get_running_loop().create_server(lambda: Client(server), "127.0.0.1", 0)
    async with listening:
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        splitter, pieces = Splitter(), list[Message | Interleaved]()
        for number, request in enumerate(requests):
            method, _, rest = request.partition(" ")
            url, _, headers = rest.partition("\n")
            lines = [f"{method} {url} RTSP/1.0", f"CSeq: {number}", *filter(None, headers.split("\n")), "", ""]
            writer.write("\r\n".join(lines).encode())
            replies = sum(isinstance(piece, Message) for piece in pieces)
            while sum(isinstance(piece, Message) for piece in pieces) == replies:
                data = await reader.read(65536)
                if not data:
                    writer.close()
                    return pieces
                pieces.extend(splitter.pieces(data))
        writer.close()
        await writer.wait_closed()
    return pieces


def run(made: Callable[[], Awaitable[list[Message | Interleaved]]]) -> list[Message | Interleaved]:
    async def main() -> list[Message | Interleaved]:
        return await made()

    return asyncio.run(main())


def test_that_a_stranger_may_ask_describe_set_up_and_play(tmp_path: Path) -> None:
    made_loops(tmp_path)
    server = server_of(tmp_path)
    pieces = run(
        lambda: talked(
            server, f"OPTIONS {TRACK}", f"DESCRIBE {TRACK}", f"SETUP {TRACK}track=0\nTransport: RTP/AVP/TCP;unicast",
            f"PLAY {TRACK}", f"GET_PARAMETER {TRACK}", f"TEARDOWN {TRACK}", f"RECORD {TRACK}",
        )
    )  # fmt: skip
    replies = [piece for piece in pieces if isinstance(piece, Message)]
    assert [reply.status for reply in replies] == [200] * 6 + [501]
    assert replies[1].header("content-base") == TRACK
    packets = [piece for piece in pieces if isinstance(piece, Interleaved) and piece.channel == 0]
    assert packets  # from the last key picture on, at once
    assert packets[0].data[12] & 0x1F in {6, 7}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("DESCRIBE rtsp://h/cam/", 404),
        ("DESCRIBE rtsp://h/other/A-1", 404),
        ("DESCRIBE rtsp://h/cam/A-1?scene=nowhere", 404),
        ("DESCRIBE rtsp://h/cam/A-1/sub", 200),
        ("DESCRIBE rtsp://h/cam/A-1/sub?scene=river", 200),
        ("DESCRIBE rtsp://h/cam/A-1?scene=river/sub", 200),
        ("DESCRIBE rtsp://h/cam/A-1/", 200),
        ("SETUP rtsp://h/cam/A-1/track=0\nTransport: RTP/AVP;unicast;client_port=1-2", 461),
        ("PLAY rtsp://h/cam/A-1", 455),
    ],
)
def test_that_each_address_has_its_answer(tmp_path: Path, asked: str, status: int) -> None:
    made_loops(tmp_path)
    (reply,) = run(lambda: talked(server_of(tmp_path), asked))
    assert isinstance(reply, Message)
    assert reply.status == status


def test_that_nonsense_ends_the_connection(tmp_path: Path) -> None:
    assert run(lambda: talked(server_of(tmp_path), "\x01\x02 x")) == []


def test_that_a_code_has_one_scene_and_all_scenes_have_codes() -> None:
    assert scene_of("A-1", None) == scene_of("A-1", None)
    assert {scene_of(f"CAM-{number}", None) for number in range(400)} == set(SCENES)
    assert scene_of("A-1", "river") == "river"


def test_that_every_camera_of_the_reference_city_has_a_scene_that_fits(tmp_path: Path) -> None:
    made_loops(tmp_path)
    server, shown = server_of(tmp_path), dict[str, int]()
    for row in cameras.camera_rows():
        for column in ("address", "sub_address"):
            found = server.film(f"rtsp://cameras.demo.invalid{row[column].removeprefix('demo:')}")
            assert not isinstance(found, int), row[column]
        scene = row["address"].partition("?scene=")[2]
        shown[scene] = shown.get(scene, 0) + 1
        assert ("沿江" in row["path"]) <= (scene == "river")
    assert shown.keys() == SCENES.keys()


def test_that_the_waiting_is_shown_until_a_scene_is_there(tmp_path: Path) -> None:
    server, url = server_of(tmp_path), "rtsp://h/cam/A-1?scene=river"
    assert server.film(url) == 503
    assert next(iter(missing(tmp_path))) == WAITING
    write_record(file_of(tmp_path, WAITING), Loops(main=loop(), sub=loop(160, 90)))
    waiting = server.film(url)
    assert not isinstance(waiting, int)
    assert waiting[1] == "river"
    write_record(file_of(tmp_path, "river"), Loops(main=loop(), sub=loop(160, 90)))
    there = server.film(url)
    assert not isinstance(there, int)
    assert there[1] == ""
    assert there[0].source != waiting[0].source


class Counted(Client):
    """A client without a connection, whose buffer is as full as said."""

    def __init__(self, server: CameraServer) -> None:
        super().__init__(server)
        self.waiting, self.sent = 0, list[bytes]()
        self._transport = self  # type: ignore[assignment]

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        self.sent.append(data)


def test_that_a_slow_client_is_left_out_until_the_next_key_picture_and_no_other_is(tmp_path: Path) -> None:
    film, server = Film(loop(), 1), server_of(tmp_path)
    slow, quick = Counted(server), Counted(server)
    audience = Audience(film, last=11, clients={slow, quick})
    audience.play(14)
    slow.waiting = served.MOST_WAITING + 1
    audience.play(16)
    slow.waiting = 0
    audience.play(25)
    assert len(quick.sent) == 14
    assert len(slow.sent) == 3 + 2  # 12 to 14; then 24, a key picture, and 25
    assert slow.sent[3] == quick.sent[12]


def test_that_a_halt_is_a_gap_and_not_a_flood(tmp_path: Path) -> None:
    film, client = Film(loop(), 1), Counted(server_of(tmp_path))
    audience = Audience(film, last=0, clients={client})
    audience.play(10_000)
    assert len(client.sent) == served.MOST_MISSED + 1
