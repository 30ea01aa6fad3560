"""SOAP envelopes: the digest of the token profile, escaped text, and answers read with suspicion."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.bulletins import xml_tree
from chengyun_core.centre.camera_ports import Login
from chengyun_core.centre.onvif.envelope import MEDIA, PTZ, Call, digest_of, element, read, written
from chengyun_core.model.failure import Trouble

AT = datetime(2010, 9, 16, 7, 50, 45, 123_456, tzinfo=UTC)
letters = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=40)


def test_that_the_digest_is_that_of_onvif_s_own_example() -> None:
    # ONVIF Application Programmer's Guide 1.0, section 6.1.1.3: nonce, date and digest of userpassword.
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")
    assert digest_of(nonce, "2010-09-16T07:50:45Z", "userpassword") == "tuOSpGlFlIXsozq4HFNeeGeFLEI="


def test_that_without_a_user_nothing_is_signed() -> None:
    data = written(Call(service=MEDIA, name="GetProfiles"), Login(), AT, b"n" * 16)
    assert b"Security" not in data
    assert xml_tree.read(data).name == "Envelope"


@given(user=letters.filter(bool), name=letters, password=letters)
def test_that_whatever_is_named_is_one_text_in_the_envelope(user: str, name: str, password: str) -> None:
    call = Call(service=PTZ, name="SetPreset", inside=element("PresetName", name))
    root = xml_tree.read(written(call, Login(user=user, password=password), AT, b"n" * 16))
    (body,) = root.of("Body")
    (asked,) = body.of("SetPreset")
    assert asked.namespace == PTZ
    assert asked.say("PresetName") == name.strip()
    token = root.of("Header")[0].of("Security")[0].of("UsernameToken")[0]
    assert token.say("Username") == user.strip()
    assert token.say("Created") == "2010-09-16T07:50:45.123Z"


@given(st.binary(max_size=200))
def test_that_no_bytes_do_more_than_raise_trouble(data: bytes) -> None:
    with pytest.raises(Trouble):
        read(data, "GetProfilesResponse")


def test_that_a_login_is_not_readable_in_a_log() -> None:
    assert "s3cret" not in repr(Login(user="viewer", password="s3cret"))
