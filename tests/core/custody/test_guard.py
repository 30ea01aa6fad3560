"""What may not leave the house on a laptop is found and named; what the reference city holds is not."""

from pathlib import Path

import pytest

from chengyun_core.custody import guard
from chengyun_core.model.failure import Refused
from chengyun_resources.reference import city, plans


def _found(profile: Path) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in guard.judge(profile).findings]


def _add(profile: Path, settings: str) -> None:
    file = profile / "profile.toml"
    file.write_text(file.read_text("utf-8") + settings, "utf-8")


def test_that_a_drill_profile_of_this_machine_alone_is_fine(profile: Path) -> None:
    _add(profile, '[[ingest.mqtt]]\nhost = "127.0.0.1"\n[[ingest.nats]]\nservers = ["nats://localhost:4222"]\n'
                  '[[ingest.opcua]]\nurl = "opc.tcp://[::1]:4840"\n[historian]\nfolder = "archive"\n')  # fmt: skip
    judged = guard.judge(profile)
    assert judged.findings == ()
    assert judged.looked_at > 5


def test_that_the_live_realm_is_refused_also_when_it_is_not_written_down(profile: Path) -> None:
    (profile / "profile.toml").write_text('[profile]\nname = "x"\n')
    assert _found(profile) == [("custody.find_realm", "profile.toml [profile] realm")]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ('[[ingest.mqtt]]\nhost = "10.1.2.3"\n', "[ingest].mqtt[1].host"),
        ('[[ingest.mqtt]]\nhost = "broker.city.gov.cn"\n', "[ingest].mqtt[1].host"),
        (
            '[[ingest.nats]]\nservers = ["nats://127.0.0.1:1", "tls://192.168.3.4:4222"]\n',
            "[ingest].nats[1].servers[2]",
        ),
        ('[[ingest.opcua]]\nurl = "opc.tcp://plant:4840"\n', "[ingest].opcua[1].url"),
        ('[wire]\nbind = "0.0.0.0"\n', "[wire].bind"),
        ('[anything]\nunheard_of = "rtsp://8.8.8.8/1"\n', "[anything].unheard_of"),
        ('[anything]\nunheard_of = "172.16.0.9:80"\n', "[anything].unheard_of"),
    ],
)
def test_that_an_address_beyond_this_machine_is_named_wherever_it_stands(
    profile: Path, settings: str, where: str
) -> None:
    _add(profile, settings)
    assert _found(profile) == [("custody.find_endpoint", f"profile.toml {where}")]


def test_that_a_database_server_and_another_machines_daemons_are_endpoints(profile: Path) -> None:
    (profile / "keys" / "database.url").write_text("postgresql://localhost/x")
    _add(profile, '[wire]\nhost = "127.0.0.1"\n')
    found = _found(profile)
    assert ("custody.find_endpoint", "keys/database.url") in found
    assert ("custody.find_endpoint", "keys/curve/server.pub") in found


def test_that_a_path_out_of_the_profile_would_lie_in_clear_and_is_refused(profile: Path) -> None:
    _add(profile, '[historian]\nfolder = "/srv/archive"\n')
    assert _found(profile) == [("custody.find_path", "profile.toml [historian].folder")]


REAL = ("13912345678", "+86 139-1234-5678", "023-68801234", "010-6880 1234", "11010519491231002X")
INVENTED = (
    "023-0000-0001", "1700000000123456789", "0.13912345678", "110105194912310021", "a13912345678f", "12345",
    "2026-11-22 13:45:10", "139123456789012",
)  # fmt: skip


@pytest.mark.parametrize("number", REAL)
def test_that_a_real_looking_number_is_found_in_any_file_and_not_told_whole(profile: Path, number: str) -> None:
    (profile / "centre" / "attachments").mkdir()
    (profile / "centre" / "attachments" / "x").write_bytes(
        b"\x00\x85\xa4" + f"报警人电话 {number}，".encode() + b"\xff"
    )
    (finding,) = guard.judge(profile).findings
    assert finding.where.startswith("centre/attachments/x @")
    assert number not in finding.shown


@pytest.mark.parametrize("number", INVENTED)
def test_that_what_no_line_has_and_what_only_counts_is_no_person(profile: Path, number: str) -> None:
    (profile / "log" / "centre.log").write_text(f"x {number} y\n", "utf-8")
    assert _found(profile) == []


def test_that_a_number_across_two_blocks_is_found_once(profile: Path) -> None:
    data = bytearray(guard._BLOCK + 100)
    data[guard._BLOCK - 5 : guard._BLOCK + 6] = b"13912345678"
    (profile / "centre" / "chengyun.db").write_bytes(data)
    assert _found(profile) == [("custody.find_phone", f"centre/chengyun.db @{guard._BLOCK - 5}")]


def test_that_the_people_of_the_reference_city_are_seen_to_be_invented(profile: Path) -> None:
    rows = [str(row) for tables in (city.tables(), plans.tables()) for rows in tables.values() for row in rows]
    (profile / "cache" / "catalogue").write_text("\n".join(rows), "utf-8")
    assert "023-0000-" in "".join(rows)
    assert _found(profile) == []


def test_that_links_are_refused_and_packed_files_are_told(profile: Path) -> None:
    (profile / "centre" / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + b"13912345678")
    judged = guard.judge(profile)
    assert (judged.findings, judged.not_readable) == ((), ("centre/picture",))
    (profile / "link").symlink_to("/etc/hostname")
    with pytest.raises(Refused, match=r"custody\.not_a_file"):
        guard.judge(profile)
