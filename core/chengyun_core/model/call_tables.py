"""Call lists as rows of a table: one row for each addressee, with his chain; rows of one code are one list."""

from collections.abc import Iterable, Mapping

from chengyun_core.model.callout import CallList
from chengyun_core.model.failure import Reason

COLUMNS = ("code", "name", "grades", "matters", "chain")
"""`grades`: 1 blue … 4 red, `matters`: kinds of warnings, both parted by `|`, empty: all; `chain`: codes by `>`."""
MOST_FAULTS = 50
_GRADES = frozenset("1234")


def lists(rows: Iterable[Mapping[str, str]]) -> tuple[list[CallList], list[Reason]]:
    """Return the lists in the order of their first rows, and what is wrong with which row (2: the first of them).

    Name, grades and matters are those of a list's first row; another row may repeat them or leave them empty.
    """
    made: dict[str, CallList] = {}
    faults: list[Reason] = []
    for line, row in enumerate(rows, start=2):
        told = {column: (row.get(column) or "").strip() for column in COLUMNS}
        fault = _fault(line, told, made)
        if fault is not None:
            faults.append(fault)
            continue
        held = made.get(told["code"]) or _begun(told)
        chain = tuple(part.strip() for part in told["chain"].split(">"))
        made[held.code] = CallList(
            code=held.code, name=held.name, grades=held.grades, matters=held.matters, chains=(*held.chains, chain)
        )
    return list(made.values()), faults[:MOST_FAULTS]


def _begun(told: Mapping[str, str]) -> CallList:
    grades = tuple(int(one) for one in _parts(told["grades"]))
    return CallList(code=told["code"], name=told["name"], grades=grades, matters=_parts(told["matters"]))


def _fault(line: int, told: Mapping[str, str], made: Mapping[str, CallList]) -> Reason | None:
    known = made.get(told["code"])
    if not told["code"] or (known is None and not told["name"]):
        missing = "name" if told["code"] else "code"
        return Reason(code="warning.empty_element", params={"line": str(line), "element": missing})
    if any(grade not in _GRADES for grade in _parts(told["grades"])):
        params = {"line": str(line), "element": "grades", "value": told["grades"][:60], "allowed": "1|2|3|4"}
        return Reason(code="warning.bad_value", params=params)
    if not all(part.strip() for part in told["chain"].split(">")):
        return Reason(code="warning.empty_element", params={"line": str(line), "element": "chain"})
    said = {"name": told["name"], "grades": told["grades"], "matters": told["matters"]}
    if known is not None and any(
        value and value != was for value, was in zip(said.values(), _said(known), strict=True)
    ):
        return Reason(code="call_list.rows_differ", params={"line": str(line), "list": told["code"]})
    return None


def _said(held: CallList) -> tuple[str, str, str]:
    return held.name, "|".join(map(str, held.grades)), "|".join(held.matters)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
