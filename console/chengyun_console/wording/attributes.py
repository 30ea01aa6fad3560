"""What measured attributes of events and risk points are called."""

from chengyun_resources.texts import Texts


def attribute_name(texts: Texts, code: str) -> str:
    """Return the name of an attribute; one this house has no word for is shown as its code."""
    said = f"console.attribute.{code}"
    return texts.say(said) if texts.has(said) else code
