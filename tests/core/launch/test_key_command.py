"""`chengyun key`: what it makes, whom it lets in, what it refuses, and what the doctor says of keys."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zmq

from chengyun_core.launch import cli, doctor, key_command
from chengyun_core.launch import profile as profiles
from chengyun_core.wire import curve
from chengyun_resources.texts import Texts

Key = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Key:
    def run(*arguments: str, profile: str = "p") -> tuple[int, dict[str, Any]]:
        code = cli.main(["key", *arguments, "--json", "--profile", str(tmp_path / profile)])
        return code, json.loads(capsys.readouterr().out)

    return run


def _public() -> str:
    return "k" + zmq.curve_keypair()[0].decode("ascii")[1:]  # an option's value may not begin with a dash


def test_that_make_leaves_every_secret_to_its_owner_and_shows_only_public_keys(key: Key, tmp_path: Path) -> None:
    code, facts = key("make")
    assert code == 0
    assert set(facts["keys"]) == {"server", "admin", "console", "historian", "ingest"}
    folder = tmp_path / "p" / "keys" / "curve"
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "allowed")} == {0o700}
    secrets = [file.read_text("ascii").strip() for file in folder.glob("*.key")]
    assert len(secrets) == 5
    assert {file.stat().st_mode & 0o777 for file in folder.glob("*.key")} == {0o600}
    assert not any(secret in json.dumps(facts) for secret in secrets)
    assert key("make")[1] == facts, "made once"


def test_that_make_allows_the_machine_s_own_clients_each_in_its_role(key: Key) -> None:
    key("make")
    _code, facts = key("list")
    assert {card["name"]: card["role"] for card in facts["allowed"]} == {
        f"local-{role}": role for role in ("admin", "console", "historian", "ingest")
    }


def test_that_a_seat_is_allowed_listed_revoked_and_never_allowed_again(key: Key) -> None:
    key("make")
    public = _public()
    assert key("allow", "seat-12", "--role", "console", "--public", public)[0] == 0
    assert {"name": "seat-12", "role": "console", "public": public} in key("list")[1]["allowed"]
    assert key("revoke", "seat-12")[0] == 0
    assert all(card["public"] != public for card in key("list")[1]["allowed"])
    code, facts = key("allow", "seat-13", "--role", "console", "--public", public)
    assert (code, facts["code"]) == (1, "wire.key_was_revoked")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("allow", "seat-1", "--role", "console"), "wire.key_option"),
        (("allow", "--role", "console", "--public", "x" * 40), "wire.key_option"),
        (("allow", "seat-1", "--public", "x" * 40), "wire.key_option"),
        (("allow", "../../x", "--role", "console", "--public", "x" * 40), "wire.key_name"),
        (("allow", "seat-1", "--role", "console", "--public", "no key"), "wire.key_not_z85"),
        (("allow", "local-admin", "--role", "admin", "--public", "x" * 40), "wire.key_name_taken"),
        (("revoke", "nobody"), "wire.key_unknown"),
        (("revoke", "../server"), "wire.key_unknown"),
        (("revoke",), "wire.key_option"),
        (("pin", "--public", "x" * 40), "wire.server_is_here"),
    ],
)
def test_that_what_cannot_be_meant_is_refused_with_its_reason(
    key: Key, arguments: tuple[str, ...], code: str
) -> None:  # fmt: skip
    key("make")
    assert (key(*arguments)[0], key(*arguments)[1]["code"]) == (1, code)


def test_that_one_key_is_not_allowed_under_two_names(key: Key) -> None:
    public = _public()
    key("allow", "a", "--role", "console", "--public", public)
    assert key("allow", "b", "--role", "ingest", "--public", public)[1]["code"] == "wire.key_allowed_already"


def test_that_a_console_elsewhere_makes_only_its_own_key_and_pins_the_server(key: Key) -> None:
    server = key("make")[1]["keys"]["server"]
    _code, facts = key("make", "--role", "console", profile="seat")
    assert set(facts["keys"]) == {"console"}
    assert key("pin", "--public", server, profile="seat")[0] == 0
    assert key("show", profile="seat")[1]["keys"]["server (pinned)"] == server


def test_that_the_list_names_files_that_are_not_used(key: Key, tmp_path: Path) -> None:
    key("make")
    (tmp_path / "p" / "keys" / "curve" / "allowed" / "local-admin.pub").chmod(0o666)
    code, facts = key("list")
    assert code == 2
    assert [fault["code"] for fault in facts["faults"]] == ["wire.key_card_open"]
    assert "local-admin" not in {card["name"] for card in facts["allowed"]}


def test_that_the_doctor_reports_every_key_with_its_mode_and_what_to_do(key: Key, tmp_path: Path) -> None:
    key("make")
    profile = profiles.opened(tmp_path / "p")
    assert {name: fault for name, _shown, fault in key_command.findings(profile)} == dict.fromkeys(
        ["curve.admin", "curve.allowed", "curve.console", "curve.historian", "curve.ingest", "curve.server"]
    )
    file = curve.folder_of(profile.folder) / "server.key"
    file.chmod(0o644)
    found = {finding.name: finding for look in (doctor._curve,) for finding in look(profile)}
    assert (found["curve.server"].fine, found["curve.server"].code) == (False, "secret.open")
    assert "644" in found["curve.server"].shown
    sentence = doctor._facts(found["curve.server"], Texts("en"))["advice"]
    assert str(file) in sentence
    assert "{" not in sentence


def test_that_the_doctor_tells_a_console_that_knows_no_server(key: Key, tmp_path: Path) -> None:
    key("make", "--role", "console", profile="seat")
    profile = profiles.opened(tmp_path / "seat")
    with profile.settings_file.open("a") as file:
        file.write('\n[wire]\nhost = "10.0.0.1"\n')
    faults = {name: fault.code for name, _shown, fault in key_command.findings(profile) if fault}
    assert faults == {"curve.server": "wire.server_not_pinned"}
