"""Messages of others: what is in them, what is wrong with them and where; nothing hostile is opened or fetched."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.bulletins import xml_tree
from chengyun_core.bulletins.reading import read
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import MessageType

CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier><sender>cma</sender>'
    "<sent>2026-07-14T08:00:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Met</category><event>暴雨</event><urgency>Immediate</urgency><severity>Severe</severity>"
    "<certainty>Likely</certainty><headline>标题</headline><area><areaDesc>渝中区</areaDesc></area></info></alert>"
)
NATIONAL = (
    '<?xml version="1.0" encoding="GBK"?><alert><identifier>50010341600000_20260714080000</identifier>'
    "<sender>渝中区气象局</sender><senderCode>50010341600000</senderCode>"
    "<sendTime>2026-07-14 08:00:00+08:00</sendTime><status>Actual</status><msgType>Alert</msgType>"
    "<scope>Public</scope><secClassification>None</secClassification><note/><references/>"
    "<info><language>zh-CN</language><eventType>11B03</eventType><urgency>Unknown</urgency><severity>Red</severity>"
    "<certainty>Unknown</certainty><effective>2026-07-14 08:00:00+08:00</effective><onset/>"
    "<expires>2026-07-14 14:00:00+08:00</expires><headline>渝中区气象局发布暴雨红色预警</headline>"
    "<description>预计3小时内降雨量将达100毫米以上</description><instruction>停止集会</instruction>"
    "<area><areaDesc>渝中区</areaDesc><geocode>500103000000</geocode></area></info></alert>"
)
TABLE = (
    "issued,adcode,name,type,color,level,expires,n_polls\n"
    "2026-07-14T00:44:48Z,500153,荣昌区,高温,橙色,Ⅱ,2026-07-14T11:00:00Z,2\n"
    "2026-07-14T01:44:48Z,500154,开州区,Forest (grassland) fire risk,,,,1\n"
)


def _codes(text: str | bytes, name: str = "a.xml") -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [fault.code for fault in read(name, data).faults]


def _swapped(old: str, new: str) -> str:
    assert CAP.count(old) == 1
    return CAP.replace(old, new)


@contextmanager
def nothing_opened() -> Iterator[list[str]]:
    """Yield what is opened or connected to within the block, as the interpreter itself tells it."""
    told: list[str] = []
    watching = [True]

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event in ("open", "os.open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
            told.append(f"{event} {arguments[0]}")

    sys.addaudithook(heard)
    try:
        yield told
    finally:
        watching.clear()


def test_that_the_watch_hears_what_is_opened() -> None:
    with nothing_opened() as told:
        Path(__file__).read_bytes()
    assert told == [f"open {__file__}"]


def test_that_a_message_becomes_the_eight_fields_of_the_law() -> None:
    (held,) = read("a.xml", CAP.encode()).warnings
    assert (held.category, held.colour, held.message) == ("rainstorm", WarningColour.ORANGE, MessageType.ALERT)
    assert (held.area.text, held.headline, held.issuer, held.sender) == ("渝中区", "标题", "cma", "cma")
    assert held.starts_at == held.issued_at == 1_783_987_200_000_000_000
    assert held.expires_at is None


def test_that_the_national_form_is_read_with_its_own_encoding_codes_and_colours() -> None:
    found = read("12379.xml", NATIONAL.encode("gbk"))
    assert found.faults == []
    (held,) = found.warnings
    assert (held.format, held.category, held.colour) == ("gbt-35965.1", "rainstorm", WarningColour.RED)
    assert (held.sender, held.issuer, held.area.codes) == ("50010341600000", "渝中区气象局", ("500103000000",))
    assert held.expires_at is not None
    assert held.expires_at - held.starts_at == 6 * 3600 * 10**9


def test_that_rows_of_a_table_are_read_and_known_again() -> None:
    first, second = read("warnings.csv", TABLE.encode()).warnings
    assert (first.category, first.colour, first.area.codes) == ("heat", WarningColour.ORANGE, ("500153",))
    assert (second.category, second.colour, second.expires_at) == ("forest_fire", WarningColour.NONE, None)
    assert [one.identifier for one in read("w.csv", TABLE.encode()).warnings] == [first.identifier, second.identifier]


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/x.dtd">' + CAP,
        '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + CAP.replace("标题", "&x;"),
        '<!DOCTYPE alert [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>' + CAP,
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + CAP.replace("标题", "&b;"),
        "<!DOCTYPE alert>" + CAP,
    ],
)
def test_that_a_document_type_is_refused_before_anything_it_names_is_looked_at(document: str) -> None:
    with nothing_opened() as told:
        assert _codes(document) == ["warning.document_type"]
    assert told == []


def test_that_an_inclusion_is_an_unknown_element_and_nothing_is_included() -> None:
    included = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    with nothing_opened() as told:
        assert _codes(_swapped("<headline>", f"{included}<headline>")) == ["warning.unexpected"]
        assert _codes(CAP.replace("标题", "&unknown;")) == ["warning.not_xml"]
    assert told == []


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<a>" * 70 + "</a>" * 70, "warning.limits"),
        ("<a>" + "<b/>" * (xml_tree.MOST_ELEMENTS + 1) + "</a>", "warning.limits"),
        ("<a " + " ".join(f'a{n}="1"' for n in range(40)) + "/>", "warning.limits"),
        (f'<a b="{"x" * 5000}"/>', "warning.limits"),
        ("<a>" + "x" * (xml_tree.LONGEST_TEXT + 1) + "</a>", "warning.limits"),
        ("<a>" + "x" * 2**20 + "</a>", "warning.too_large"),
        ("<a></b>", "warning.not_xml"),
        ("<a/>", "warning.no_alert"),
        ("<feed><entry><link href='http://127.0.0.1:1/x'/></entry></feed>", "warning.no_alert"),
        ('<alert xmlns="http://www.incident.com/cap/1.0"/>', "warning.old_version"),
        ('<alert xmlns="urn:other"/>', "warning.unknown_form"),
        ('<?xml version="1.0" encoding="utf-7"?><alert/>', "warning.encoding"),
        ("<r>" + CAP * 51 + "</r>", "warning.too_many_alerts"),
        ("{}", "warning.unknown_file"),
    ],
)
def test_that_what_is_beyond_a_limit_or_no_alert_is_refused_by_name(document: str, code: str) -> None:
    assert _codes(document) == [code]


def test_that_bytes_that_are_not_of_their_encoding_are_refused_with_the_place() -> None:
    (fault,) = read("a.xml", CAP.encode("gbk")).faults
    assert (fault.code, fault.params["encoding"]) == ("warning.encoding", "utf-8-sig")
    assert int(fault.params["at"]) > 100


@pytest.mark.parametrize(
    ("old", "new", "code", "element"),
    [
        ("<scope>Public</scope>", "", "warning.missing_element", "alert"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "warning.too_often", "scope"),
        ("<scope>Public</scope>", "<scope>Everybody</scope>", "warning.bad_value", "scope"),
        ("<scope>Public</scope>", "<scope><b/></scope>", "warning.unexpected", "b"),
        ("<identifier>A1</identifier>", "<identifier/>", "warning.empty_element", "identifier"),
        ("<identifier>A1</identifier>", "<identifier>A 1</identifier>", "warning.bad_identity", "identifier"),
        ("2026-07-14T08:00:00+08:00", "2026-07-14T08:00:00", "warning.bad_time", "sent"),
        ("2026-07-14T08:00:00+08:00", "2026-02-30T08:00:00+08:00", "warning.bad_time", "sent"),
        ("2026-07-14T08:00:00+08:00", "0001-01-01T00:00:00+08:00", "warning.bad_time", "sent"),
        ("<event>暴雨</event>", "", "warning.missing_element", "info"),
        ("</areaDesc>", "</areaDesc><polygon>29,106 29,107 30,107</polygon>", "warning.open_polygon", "polygon"),
        ("</areaDesc>", "</areaDesc><polygon>29,106 29,107 30,107 29,999</polygon>", "warning.bad_polygon", "polygon"),
        ("</areaDesc>", "</areaDesc><polygon>1e9,nan</polygon>", "warning.bad_polygon", "polygon"),
        ("</areaDesc>", "</areaDesc><circle>29,106</circle>", "warning.bad_circle", "circle"),
        ("</areaDesc>", "</areaDesc><circle>29,106 inf</circle>", "warning.bad_circle", "circle"),
        ("<msgType>Alert</msgType>", "<msgType>Cancel</msgType>", "warning.no_references", "alert"),
    ],
)  # fmt: skip
def test_that_each_fault_is_told_by_name_line_and_element(old: str, new: str, code: str, element: str) -> None:
    found = read("a.xml", ("\n\n" + _swapped(old, new)).encode())
    assert found.warnings == []
    assert [(fault.code, fault.params["element"], fault.params["line"]) for fault in found.faults] == [
        (code, element, "3")
    ]


def test_that_elements_out_of_their_order_are_told() -> None:
    swapped = _swapped(
        "<status>Actual</status><msgType>Alert</msgType>", "<msgType>Alert</msgType><status>Actual</status>"
    )
    assert _codes(swapped) == ["warning.out_of_order"]


def test_that_a_message_inside_a_feed_or_an_envelope_is_found() -> None:
    envelope = '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">'
    wrapped = f"{envelope}<contentObject>{CAP}</contentObject></EDXLDistribution>"
    assert len(read("a.xml", wrapped.encode()).warnings) == 1


def test_that_a_signature_at_the_end_is_passed_over() -> None:
    signed = CAP.replace("</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a/></Signature></alert>')
    assert _codes(signed) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("adcode", "code", "warning.no_columns"),
        ("2026-07-14T00:44:48Z", "yesterday", "warning.bad_time"),
        ("2026-07-14T11:00:00Z", "soon", "warning.bad_time"),
        ("橙色", "紫色", "warning.bad_value"),
        ("500153", "", "warning.empty_element"),
        (",2\n", ",2,3,4\n", "warning.row_shape"),
        ("荣昌区", "x" * 600, "warning.row_shape"),
    ],
)
def test_that_a_row_that_cannot_be_read_stops_the_whole_table(old: str, new: str, code: str) -> None:
    found = read("w.csv", TABLE.replace(old, new).encode())
    assert found.warnings == []
    assert [fault.code for fault in found.faults] == [code]


def test_that_a_table_without_rows_or_with_too_many_is_refused() -> None:
    head, row, _ = TABLE.splitlines(keepends=True)
    assert _codes(head, "w.csv") == ["warning.too_many_rows"]
    assert _codes(head + row * 201, "w.csv") == ["warning.too_many_rows"]


@given(st.binary(max_size=400))
def test_that_no_bytes_make_it_fail(data: bytes) -> None:
    for name in ("a.xml", "a.csv", "a"):
        found = read(name, data)
        assert found.faults or found.warnings


@given(st.integers(0, len(CAP) - 1), st.characters(codec="utf-8"), st.integers(0, 30))
def test_that_a_message_with_a_hole_or_a_patch_is_read_or_refused(at: int, letter: str, length: int) -> None:
    found = read("a.xml", (CAP[:at] + letter + CAP[at + length :]).encode())
    assert bool(found.faults) != bool(found.warnings)
