"""Which layers a mode shows, and that words nothing answers to are named."""

import csv
from importlib import resources

from chengyun_console.maps.presets import EMERGENCY, PEACETIME, WORDS, Show, choice_of
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_resources.texts import LANGUAGES, Texts

LAYERS = (
    MapLayer(code="districts", name="区县", kind=LayerKind.BOUNDARY),
    MapLayer(code="r", name="江", kind=LayerKind.WATER),
    MapLayer(code="p", name="供水", kind=LayerKind.PIPELINE, style="pipe_supply"),
    MapLayer(code="s", name="避难", kind=LayerKind.PLACE, style="shelter"),
)  # fmt: skip


def test_that_peace_shows_the_base_and_what_happens() -> None:
    choice = choice_of((), LAYERS, is_emergency=False)
    assert (choice.shows, choice.layers, choice.missing) == (PEACETIME, {"districts", "r"}, ())


def test_that_an_emergency_brings_forces_rings_and_the_layers_its_words_mean() -> None:
    choice = choice_of(("mains", "shelters", "traffic"), LAYERS, is_emergency=True)
    assert choice.layers == {"districts", "r", "p", "s"}
    assert choice.shows == EMERGENCY | {Show.CAMERAS}


def test_that_a_word_nothing_here_answers_to_is_named() -> None:
    assert choice_of(("hydrants", "rain", "lifts"), LAYERS, is_emergency=True).missing == ("hydrants", "lifts")


def test_that_every_word_of_the_reference_presets_is_known_and_has_a_name() -> None:
    text = resources.files("chengyun_resources.reference").joinpath("presets.csv").read_text("utf-8-sig")
    words = {word for row in csv.DictReader(text.splitlines()) for word in row["layers"].split()}
    assert words <= set(WORDS)
    assert all(Texts(language).has(f"mode.version.layers.{word}") for language in LANGUAGES for word in WORDS)
