"""The labels of the wall: what it says, says with less detail, or does not say at all."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from chengyun_core.model.catalogue import Vital
from chengyun_core.model.places import Post

PEOPLE = ("person", "phone", "account", "seat")
EVENT = "event"
CLASS, CODE = "vital.", "code."
ENDING = "*"


class Label(StrEnum):
    """How a kind of data is treated on the wall."""

    NORMAL = "normal"
    DIM = "dim"
    HIDE = "hide"


def check(table: Mapping[str, str]) -> None:
    """Raise ValueError when a row of the table is unknown; says which and what is known."""
    for key, value in table.items():
        if key != EVENT and key not in PEOPLE and not key.startswith((CLASS, CODE)):
            raise ValueError(
                f"wall label {key!r}; known are {PEOPLE}, {EVENT}, {CLASS}<class> and {CODE}<code or beginning*>"
            )
        if value not in set(Label):
            raise ValueError(f"wall label {key!r} is {value!r}; one of {[str(label) for label in Label]}")


class Labels:
    """Answers the table. What the table does not name is normal, people excepted: they are hidden."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table
        self._codes = {key.removeprefix(CODE): Label(value) for key, value in table.items() if key.startswith(CODE)}

        self._classes = {key.removeprefix(CLASS): Label(value) for key, value in table.items() if key.startswith(CLASS)}

    def of(self, kind: str) -> Label:
        """Return the label of person, phone, account or seat."""
        return Label(self._table.get(kind, Label.HIDE))

    def of_event(self) -> Label:
        """Return the label of an event that is sent to the wall: dim leaves its title and timeline out."""
        return Label(self._table.get(EVENT, Label.NORMAL))

    def of_vital(self, vital: Vital) -> Label:
        """Return the label of a vital: by its code, by the longest beginning of it, then by its class."""
        if not self._codes:
            return self._classes.get(vital.vital_class, Label.NORMAL)
        if vital.code in self._codes:
            return self._codes[vital.code]
        begun = [code for code in self._codes if code.endswith(ENDING) and vital.code.startswith(code[:-1])]
        if begun:
            return self._codes[max(begun, key=len)]
        return self._classes.get(vital.vital_class, Label.NORMAL)

    def post(self, post: Post) -> Post:
        """Return a post with holder and phone as the wall may say them."""
        holder = _cut(post.holder, self.of("person"), keep_first=1)
        return replace(post, holder=holder, phone=_cut(post.phone, self.of("phone"), keep_last=2))


def _cut(text: str, label: Label, *, keep_first: int = 0, keep_last: int = 0) -> str:
    match label:
        case Label.NORMAL:
            return text
        case Label.HIDE:
            return ""
        case Label.DIM:
            cut = len(text) - keep_first - keep_last
            return text if cut <= 0 else text[:keep_first] + "•" * cut + text[len(text) - keep_last :]
