"""Who we are, said as the standards have it, and never more often than it helps."""

from chengyun_core.video.rtsp.credentials import Credentials, best

RFC_2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def credentials(user: str, password: str, nonce: str) -> Credentials:
    return Credentials(user=user, password=password, make_nonce=lambda: nonce)


def test_that_the_example_of_rfc_2617_comes_out() -> None:
    who = credentials("Mufasa", "Circle Of Life", "0a4f113b")
    assert who.challenged([RFC_2617])
    line = who.line("GET", "/dir/index.html")
    assert 'response="6629fae49393a05397450978507c4ef1"' in line
    assert "nc=00000001" in line
    assert "nc=00000002" in who.line("GET", "/dir/index.html")


def test_that_the_example_of_rfc_7616_comes_out() -> None:
    who = credentials("Mufasa", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    assert who.challenged([RFC_7616])
    expected = 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"'
    assert expected in who.line("GET", "/dir/index.html")


def test_that_the_strongest_challenge_is_answered() -> None:
    asked = best(["Basic realm=x", 'Digest realm="r", nonce="n"', 'Digest realm="r", nonce="n", algorithm=SHA-256'])
    assert asked is not None
    assert asked.algorithm == "sha-256"
    weak = best(["Basic realm=x", 'Digest realm="r", nonce="n"'])
    assert weak is not None
    assert weak.scheme == "digest"
    assert (
        best(["Negotiate", 'Digest realm="r", nonce="n", algorithm=TOKEN', 'Digest nonce="n", qop="auth-int"']) is None
    )


def test_that_basic_is_said_where_nothing_better_is_asked() -> None:
    who = credentials("Aladdin", "open sesame", "")
    assert who.challenged(["Basic realm=x"])
    assert who.line("DESCRIBE", "rtsp://x/") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_that_a_wrong_password_is_not_said_twice() -> None:
    who = credentials("a", "b", "")
    assert who.challenged(['Digest realm="r", nonce="1"'])
    assert not who.challenged(['Digest realm="r", nonce="2"'])
    assert who.challenged(['Digest realm="r", nonce="3", stale=true'])
    assert not credentials("", "", "").challenged(["Basic realm=x"])


def test_that_nothing_of_them_is_shown() -> None:
    who = credentials("duty", "open sesame", "")
    assert "duty" not in repr(who)
    assert "sesame" not in repr(who)
