"""From profile.toml and the command line to each daemon's settings, and into its composition root."""

import argparse
from dataclasses import replace

from chengyun_core.launch import settings
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.settings import ProfileSettings


def run_ingest(profile: Profile, options: argparse.Namespace) -> int:
    """Run the ingest daemon until it is told to stop."""
    from chengyun_core.ingest.daemon import run  # noqa: PLC0415 - each daemon loads only itself
    from chengyun_core.ingest.settings import IngestSettings, ReplaySettings, SimulatorSettings  # noqa: PLC0415

    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    found = settings.read(profile.settings_file, "ingest", IngestSettings, realm=str(whole.realm), shard=options.shard)
    if options.scenario is not None:
        simulator = found.simulator or SimulatorSettings()
        found = replace(found, simulator=replace(simulator, scenario=options.scenario))
    if options.replay is not None:
        chosen = {"map": options.map, "speed": options.speed, "rebase": options.rebase, "as_of": options.as_of}
        given = {name: str(value) for name, value in chosen.items() if value is not None}
        found = replace(found, replay=(*found.replay, ReplaySettings(file=str(options.replay), **given)))
    return run(profile.folder, found, None)


def run_centre(profile: Profile, *, as_of: str | None = None, rate: float | None = None) -> int:
    """Run the centre daemon until it is told to stop."""
    from chengyun_core.centre.daemon import run  # noqa: PLC0415 - each daemon loads only itself
    from chengyun_core.centre.settings import CentreSettings  # noqa: PLC0415

    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    found = settings.read(
        profile.settings_file,
        "centre",
        CentreSettings,
        realm=str(whole.realm),
        centre=whole.centre,
        clock_as_of=as_of,
        clock_rate=rate,
    )
    return run(profile.folder, found, None)


def run_survey(profile: Profile) -> int:
    """Run the survey until it is told to stop."""
    from chengyun_core.ingest.survey.daemon import run  # noqa: PLC0415 - each daemon loads only itself
    from chengyun_core.ingest.survey.settings import SurveySettings  # noqa: PLC0415

    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    found = settings.read(profile.settings_file, "survey", SurveySettings)
    return run(profile.folder, found, str(whole.realm))


def run_historian(profile: Profile) -> int:
    """Run the historian until it is told to stop."""
    from chengyun_core.ingest.historian.daemon import run  # noqa: PLC0415 - each daemon loads only itself
    from chengyun_core.ingest.historian.settings import HistorianSettings  # noqa: PLC0415

    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    found = settings.read(profile.settings_file, "historian", HistorianSettings)
    return run(profile.folder, found, str(whole.realm))
