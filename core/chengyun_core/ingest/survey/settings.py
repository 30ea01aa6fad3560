"""Settings of the survey: section `[survey]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySettings:
    """The survey, which knows where every device stands and how it stands."""

    turn_ms: float = 250.0
    """How often the last values are looked at."""
    health_channels: int = 4_194_304
    """Channels that are judged for sticking, lowest numbers first: 34 bytes each."""
    drift_channels: int = 1_048_576
    """Channels that are judged for drifting, lowest numbers first: 160 bytes each."""
