"""Texts of events: longer than notes, of several lines, and as clean as they are (RS10)."""

from chengyun_core.centre.wording import clean
from chengyun_core.model.failure import Refused

LONGEST_TITLE = 100
LONGEST_CODE = 64
LONGEST_NARRATIVE = 4000
LONGEST_REPORT = 20_000
MOST_ATTRIBUTES = 64


def clean_lines(text: str, *, field: str, most: int = LONGEST_NARRATIVE, required: bool = False) -> str:
    """Return a text of several lines, each as `wording.clean` leaves it; line ends become `\\n`.

    Raises:
        Refused: as `wording.clean`.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    if required and not unified:
        raise Refused(f"text.missing.{field}")
    if len(unified) > most:
        raise Refused("text.too_long", field=field, length=len(unified), most=most)
    return "\n".join(clean(line, field=field, most=most) for line in unified.split("\n"))


def clean_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Return measured attributes with clean codes and values; raise Refused for too many."""
    if len(attributes) > MOST_ATTRIBUTES:
        raise Refused("event.too_many_attributes", count=len(attributes), most=MOST_ATTRIBUTES)
    return {
        clean(code, field="attribute", most=LONGEST_CODE, required=True): clean(value, field="attribute", most=200)
        for code, value in attributes.items()
    }
