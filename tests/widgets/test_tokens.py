"""Tokens: complete in both themes, readable, and counted like the law counts."""

import pytest

from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme import tokens
from chengyun_resources.theme.tokens import SEVERITY_TEXT, TRACES, Colour, Opacity, Severity, Tokens, load_tokens

GROUNDS = (Colour.GROUND, Colour.BAR, Colour.PANEL, Colour.RAISED, Colour.SUNKEN, Colour.ACCENT_WASH)
READ = (Colour.TEXT, Colour.TEXT_SECOND, *SEVERITY_TEXT.values())


@pytest.fixture(params=["night", "day"])
def theme_tokens(request: pytest.FixtureRequest) -> Tokens:
    return load_tokens(request.param)


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _luminance(rgb: tuple[float, ...]) -> float:
    """WCAG 2.1 relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _over(colour: tuple[float, ...], ground: tuple[float, ...], opacity: float) -> tuple[float, ...]:
    return tuple(c * opacity + g * (1 - opacity) for c, g in zip(colour, ground, strict=True))


def test_that_text_stands_out_from_every_ground_by_four_and_a_half(theme_tokens: Tokens) -> None:
    poor = {
        f"{ink} on {ground}": round(contrast, 2)
        for ground in GROUNDS
        for ink in READ
        if (contrast := _contrast(_rgb(theme_tokens.colours[ink]), _rgb(theme_tokens.colours[ground]))) < 4.5
        and not (ground is Colour.ACCENT_WASH and ink is not Colour.TEXT)
    }
    assert poor == {}


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (Colour.TEXT_THIRD, Colour.PANEL),
        (Colour.TEXT_THIRD, Colour.BAR),
        (Colour.FIGURE, Colour.PANEL),
        (Colour.TRACE, Colour.PANEL),
        (Colour.DONE, Colour.PANEL),
        (Colour.ACCENT, Colour.PANEL),
        (Colour.ON_ACCENT, Colour.ACCENT_FILL),
        (Colour.MODE_PEACE_TEXT, Colour.MODE_PEACE),
        (Colour.MODE_EMERGENCY_TEXT, Colour.MODE_EMERGENCY),
        (Colour.MODE_DRILL_TEXT, Colour.MODE_DRILL),
        (Colour.MODE_DRILL_TEXT, Colour.MODE_DRILL_HATCH),
        (Colour.TROUBLE_TEXT, Colour.TROUBLE),
    ],
)
def test_that_special_inks_stand_out_from_their_own_ground(theme_tokens: Tokens, ink: Colour, ground: Colour) -> None:
    assert _contrast(_rgb(theme_tokens.colours[ink]), _rgb(theme_tokens.colours[ground])) >= 4.5


def test_that_the_title_and_status_of_a_flashing_row_stay_readable(theme_tokens: Tokens) -> None:
    panel = _rgb(theme_tokens.colours[Colour.PANEL])
    for severity in list(Severity)[1:]:
        fill = _rgb(theme_tokens.colours[tokens.SEVERITY_FILL[severity]])
        washed = _over(fill, panel, theme_tokens.opacities[Opacity.WASH_FLASH])
        assert _contrast(_rgb(theme_tokens.colours[Colour.TEXT]), washed) >= 4.5
        assert _contrast(_rgb(theme_tokens.colours[Colour.RED_TEXT]), washed) >= 3.0


@pytest.mark.parametrize("ground", [Colour.MAP_GROUND, Colour.MAP_LAND])
@pytest.mark.parametrize("ink", [Colour.MAP_TEXT, Colour.MAP_TEXT_SECOND, Colour.MAP_ACCENT])
def test_that_words_on_the_map_are_read_on_land_and_beyond(theme_tokens: Tokens, ink: Colour, ground: Colour) -> None:
    assert _contrast(_rgb(theme_tokens.colours[ink]), _rgb(theme_tokens.colours[ground])) >= 4.5


@pytest.mark.parametrize("severity", list(Severity)[1:])
def test_that_words_on_a_tinted_district_are_read_through_their_halo_and_without(
    theme_tokens: Tokens, severity: Severity
) -> None:
    fill = _rgb(theme_tokens.colours[tokens.SEVERITY_FILL[severity]])
    tinted = _over(fill, _rgb(theme_tokens.colours[Colour.MAP_LAND]), theme_tokens.opacities[Opacity.MAP_TINT])
    for ink in (Colour.MAP_TEXT, Colour.MAP_TEXT_SECOND, Colour.MAP_ACCENT):
        assert _contrast(_rgb(theme_tokens.colours[ink]), tinted) >= 4.5


def test_that_marks_of_the_map_are_seen_and_dots_stay_quiet(theme_tokens: Tokens) -> None:
    land = _rgb(theme_tokens.colours[Colour.MAP_LAND])
    marks = (Colour.MAP_MARK, Colour.MAP_PIPE, Colour.MAP_DEVICE, Colour.RED, Colour.ORANGE, Colour.BLUE)
    contrast = {ink: _contrast(_rgb(theme_tokens.colours[ink]), land) for ink in marks}
    # WCAG 2.1, 1.4.11: what is needed to understand a picture stands out by three.
    assert {ink: value for ink, value in contrast.items() if value < (2.9 if ink is Colour.ORANGE else 3.0)} == {}
    assert contrast[Colour.MAP_DEVICE] < contrast[Colour.MAP_MARK]


def test_that_no_trace_borrows_one_of_the_legal_colours(theme_tokens: Tokens) -> None:
    legal = [_rgb(theme_tokens.colours[token]) for token in (Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BLUE)]
    for trace in TRACES:
        rgb = _rgb(theme_tokens.colours[trace])
        assert min(sum((a - b) ** 2 for a, b in zip(rgb, other, strict=True)) ** 0.5 for other in legal) > 0.2


def test_that_the_night_theme_carries_the_colours_the_style_page_names() -> None:
    night = load_tokens("night").colours
    assert (night[Colour.RED], night[Colour.ORANGE], night[Colour.YELLOW], night[Colour.BLUE]) == (
        "#F0525A",
        "#F28C38",
        "#E8C547",
        "#4C8DFF",
    )
    assert night[Colour.ACCENT] == "#45B8AC"


def test_that_severities_have_the_numbers_of_the_warning_colours() -> None:
    assert {s.name: int(s) for s in Severity} == {c.name: int(c) for c in WarningColour}


def test_that_a_theme_with_a_missing_token_is_refused_by_name() -> None:
    data = {"name": "x", "is_dark": True, "opacity": {}, "colour": {"ground": "#000000", "glow": "#FFFFFF"}}
    with pytest.raises(ValueError, match=r"x\.toml \[colour\]: missing .*'accent'.*unknown \['glow'\]"):
        tokens._tokens_from("x", data)
