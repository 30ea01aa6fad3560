"""The doctor names vitals that no ingest daemon can judge, and the supervisor starts one daemon per shard."""

from pathlib import Path

import pytest

from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.launch import doctor, up
from chengyun_core.launch.profile import Profile
from chengyun_resources.texts import Texts
from tests.core.ingest.daemon.building import city

RANGES = "[wire]\nshards = 2\n[[ingest.ranges]]\nshard = 1\n"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(folder=tmp_path)


def looked(profile: Profile, settings: str) -> list[doctor.Finding]:
    profile.settings_file.write_text(settings)
    return list(doctor._shards(profile))


def test_that_a_profile_with_one_shard_has_nothing_to_look_at(profile: Profile) -> None:
    assert looked(profile, "") == []


def test_that_vitals_that_span_shards_are_named_with_what_to_do(profile: Profile) -> None:
    CatalogueCache(profile.folder).save(city())
    (finding,) = looked(profile, RANGES + "first = 12\nlast = 14\n")
    assert (finding.fine, finding.shown) == (False, "1: V2")
    for language in ("zh_CN", "en"):
        assert "V2" in doctor._facts(finding, Texts(language))["advice"]


def test_that_shards_that_leave_every_vital_whole_are_fine(profile: Profile) -> None:
    CatalogueCache(profile.folder).save(city())
    (finding,) = looked(profile, RANGES + 'devices = "P"\n')
    assert finding.fine


def test_that_without_a_catalogue_the_doctor_says_that_it_does_not_know(profile: Profile) -> None:
    (finding,) = looked(profile, RANGES + 'devices = "P"\n')
    assert (finding.fine, finding.code) == (False, "doctor.shards_unknown")


def test_that_up_starts_one_ingest_daemon_per_shard_with_its_number_and_log(profile: Profile) -> None:
    profile.settings_file.write_text("[wire]\nshards = 3\n")
    made = {child.name: child for child in up.children(profile, ("--scenario", "flood_2020"))}
    assert [name for name in made if name.startswith("ingest")] == ["ingest", "ingest-1", "ingest-2"]
    assert "--shard" not in made["ingest"].command
    assert list(made["ingest-2"].command[-4:]) == ["--shard", "2", "--scenario", "flood_2020"]
    assert made["ingest-2"].log.name == "ingest-2.log"
