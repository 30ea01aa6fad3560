"""Versions: read from messages of any build, and the rule for those that name none."""

from dataclasses import fields

import msgspec
import pytest

from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, frames, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Reply, Request


def test_that_the_version_of_a_record_with_unknown_fields_is_read() -> None:
    assert versions.named_in(msgspec.msgpack.encode({"protocol": 7, "colour": "grey"})) == 7


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80", codec.pack({"protocol": "7"}), codec.pack([7])])
def test_that_bytes_without_a_version_have_none(data: bytes) -> None:
    assert versions.named_in(data) is None


def test_that_the_id_of_a_request_of_any_version_is_read() -> None:
    assert versions.id_in(msgspec.msgpack.encode({"id": "x", "colour": "grey"})) == "x"
    assert versions.id_in(b"\xc1") == ""


def test_that_a_request_of_another_version_is_refused_with_both_numbers() -> None:
    with pytest.raises(Refused) as refused:
        versions.refuse_other(codec.pack({"protocol": PROTOCOL_VERSION + 1, "id": "x"}))
    assert refused.value.reason.code == "wire.other_protocol"
    assert refused.value.reason.params == {"theirs": str(PROTOCOL_VERSION + 1), "ours": str(PROTOCOL_VERSION)}


def test_that_requests_and_replies_name_their_version_from_the_second_on() -> None:
    assert PROTOCOL_VERSION == versions.UNNAMED or all(
        "protocol" in {field.name for field in fields(kind)} for kind in (Request, Reply)
    ), "decision 0071: give Request and Reply a field `protocol` with the new version"


def test_that_the_magic_of_frames_is_that_of_the_version() -> None:
    assert frames.MAGIC == b"CYF%d" % PROTOCOL_VERSION
