"""Which plan of the library an alarm's guidance names, and the plans that are there because a guidance names them.

Where the library has a plan for a matter of the alarm's sub-track, or of its track, guidance names that one. Where it
has none and the track has a matter, the library brings the plan that guidance.csv names, for that matter. Guidance of a
track without matters names none: no event could ever start it.
"""

from functools import cache

from chengyun_resources.reference import facts_files

_DRILLED = ("2026-03-18", "2026-04-22", "2026-05-27", "2026-06-24")


@cache
def brought() -> tuple[dict[str, str], ...]:
    """Return rows as plans.csv has them of the plans that only guidance names; none has risk points of its own."""
    made: dict[str, dict[str, str]] = {}
    for place, row in enumerate(facts_files.rows("guidance.csv")):
        matter = _own_matter(row) if not _written(row) else None
        if matter is not None and matter["code"] not in made:
            made[matter["code"]] = {
                "matter": matter["code"], "name": _name(row["plan"]), "kind": "", "suffix": "", "choices": "",
                "triggers": "", "drilled": _DRILLED[place % len(_DRILLED)], "law": "", "resource": "",
                "end": "诉求办结、反馈属实后终止",
            }  # fmt: skip
    return tuple(made.values())


def name_for(row: dict[str, str]) -> str:
    """Return the name of the plan that a row of guidance.csv speaks of, empty when the library has none."""
    written = _written(row)
    if written:
        return written
    matter = _own_matter(row)
    return next((one["name"] for one in brought() if matter is not None and one["matter"] == matter["code"]), "")


def _written(row: dict[str, str]) -> str:
    """Return the name of the first plan of plans.csv for the row's sub-track, else for its track."""
    whole, track = f"{row['track']}/{row['subtrack']}", f"{row['track']}/"
    exact = (name for subtrack, name in _of_subtrack() if row["subtrack"] and subtrack == whole)
    wide = (name for subtrack, name in _of_subtrack() if subtrack.startswith(track))
    return next(exact, "") or next(wide, "")


def _own_matter(row: dict[str, str]) -> dict[str, str] | None:
    """Return the first matter of the row's sub-track that has no plan, else of its track."""
    whole, track = f"{row['track']}/{row['subtrack']}", f"{row['track']}/"
    free = [one for one in facts_files.rows("matters.csv") if one["code"] not in _planned()]
    exact = (one for one in free if row["subtrack"] and one["subtrack"] == whole)
    return next(exact, None) or next((one for one in free if one["subtrack"].startswith(track)), None)


@cache
def _of_subtrack() -> tuple[tuple[str, str], ...]:
    """Return (track/sub-track, name) of the plans of plans.csv."""
    subtracks = {row["code"]: row["subtrack"] for row in facts_files.rows("matters.csv")}
    return tuple((subtracks[row["matter"]], row["name"]) for row in facts_files.rows("plans.csv"))


@cache
def _planned() -> frozenset[str]:
    return frozenset(row["matter"] for row in facts_files.rows("plans.csv"))


def _name(text: str) -> str:
    """Return a plan's name without the number of its file."""
    return text.partition(" ")[2] or text
