"""Centres of the three levels and the people's posts and seats in them."""

from dataclasses import dataclass

from chengyun_core.model.scales import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A governance centre. Codes are official division codes, or local ones marked as such."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    official_code: bool = True
    scheme: str = "full"
    """Code of the sector scheme it works with (办法 art. 12: eight sectors; four for towns)."""
    valid_from: str = ""
    """ISO date, empty: since always."""
    valid_to: str = ""
    """ISO date, empty: until further notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post (岗位) that owns tracks, vitals or duties."""

    code: str
    name: str
    centre: str
    phone: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A workplace (席位) in a control room, taken by an account at sign-on."""

    code: str
    name: str
    centre: str
    post: str
    area: str = ""
    """Centre code whose subtree this seat watches; empty: its own centre's."""
