"""Every sample of CAP is taken or refused as its index says, and none has the reader open a file or a network."""

import csv
from pathlib import Path

import pytest

from chengyun_core.bulletins.reading import Read, read
from chengyun_core.model.warning import MessageType
from tests.core.bulletins.test_reading import CAP, nothing_opened

REFUSED = {
    "xee.cap": "warning.document_type",
    "invalid.cap": "warning.missing_element",
    "weather_index.atom": "warning.no_alert",
    "no_link.atom": "warning.no_alert",
    "noaaExampleSmall.xml": "warning.no_alert",
    "meteoalarm_de.json": "warning.unknown_file",
    # Valid by the schema of their time; 1.0 is not taken (decision 0296).
    "v1dot0_appendix_adot1.xml": "warning.old_version",
    "v1dot0_appendix_adot3.xml": "warning.old_version",
}


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> dict[str, tuple[dict[str, str], bytes]]:
    """Return name → (what the index says, bytes)."""
    with (shared_data / "cap" / "index.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["file"]: (row, (shared_data / "cap" / row["file"]).read_bytes()) for row in rows}


def _read(samples: dict[str, tuple[dict[str, str], bytes]]) -> dict[str, Read]:
    assert read("warm.xml", CAP.encode()).warnings  # the words of kinds and the codec are loaded with the first one
    with nothing_opened() as told:
        found = {name: read(name, data) for name, (_, data) in samples.items()}
    assert told == []
    return found


def test_that_each_sample_is_taken_or_refused_as_its_index_says_and_nothing_is_opened(
    samples: dict[str, tuple[dict[str, str], bytes]],
) -> None:
    found = _read(samples)
    refused = {name: one.faults[0].code for name, one in found.items() if one.faults}
    assert refused == REFUSED
    valid = {name for name, (row, _) in samples.items() if row["xsd_valid"] == "True" and row["cap_version"] != "1.0"}
    assert valid
    assert valid <= found.keys() - refused.keys()
    assert all(len(one.warnings) == 1 for name, one in found.items() if name not in refused)


def test_that_what_is_taken_says_what_the_index_says(samples: dict[str, tuple[dict[str, str], bytes]]) -> None:
    for name, one in _read(samples).items():
        row = samples[name][0]
        for held in one.warnings:
            # The index cuts long identifiers off.
            assert held.identifier.startswith(row["identifier"]), name
            if row["cap_version"]:
                assert held.format == f"cap-{row['cap_version']}", name
                assert held.status == row["status"].lower(), name
                assert held.message is MessageType(row["msgType"].lower()), name


def test_that_a_sample_cut_in_two_is_refused_not_half_read(
    samples: dict[str, tuple[dict[str, str], bytes]],
) -> None:
    for name, (_, data) in samples.items():
        assert read(name, data[: len(data) // 2]).warnings == [], name
