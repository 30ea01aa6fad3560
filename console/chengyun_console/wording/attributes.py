"""What measured attributes of events and risk points are called."""

from chengyun_resources.texts import Texts

KNOWN = (
    "area_m2", "band", "beds", "built", "dead", "deflection_mm", "depth_cm", "depth_m", "diameter_mm", "floor",
    "height_m", "households", "injured", "leak_m3", "length_m", "magnitude", "material", "missing", "people",
    "pressure", "rain_mm", "stock_t", "trapped", "value", "volume_wm3", "water_level_m",
)  # fmt: skip
"""Codes this house has words for; a test holds the list to the texts."""


def attribute_name(texts: Texts, code: str) -> str:
    """Return the name of an attribute; one this house has no word for is shown as its code."""
    said = f"console.attribute.{code}"
    return texts.say(said) if texts.has(said) else code


def attribute_code(texts: Texts, word: str) -> str:
    """Return the code of an attribute called by its name, with its unit or without; another word is its own code."""
    for code in KNOWN:
        name = attribute_name(texts, code)
        if word in (name, name.partition("(")[0].strip()):
            return code
    return word
