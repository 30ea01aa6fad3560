"""The reference city's roster: three shifts a day around the clock, people per seat, departments, and a gap or two.

Nobody is real: names are 「某」, the numbers cannot be dialled.
"""

from datetime import date, timedelta

from chengyun_resources.reference import divisions, people

Rows = list[dict[str, str]]

SHIFTS = (("早班", 0, 8), ("中班", 8, 16), ("晚班", 16, 24))
"""Name, hour of its begin and of its end: 00–08, 08–16, 16–24."""
DAYS = 3
"""Yesterday's last shift belongs to nobody any more; today, tomorrow and the day after are planned."""
SEATS = tuple(f"A-{number:02d}" for number in range(3, 7))
"""Seats that are manned on every shift; A-01 is the chief's."""
GROUPS = 4
"""Groups that take turns: three shifts a day with sixteen hours of rest between two of one's own need four."""
_RESIDENT = ("公安局", "应急管理局", "交通局")
"""常驻部门 (办法 art. 25)."""
_ROTATING = ("水利局", "城市管理局", "住房城乡建委", "卫生健康委")
"""轮驻部门: one of them on each shift."""
_ACCOUNTS = {"g1-3": "officer", "g1-1": "chief"}
"""People of the first group behind the demo's accounts: group and place."""


def tables(today: date) -> dict[str, Rows]:
    """Return `people` and `roster` as rows of {column: text}, empty cells left out: what `roster.import` takes."""
    return {"people": _people(today), "roster": _roster(today)}


def _people(today: date) -> Rows:
    until = (today + timedelta(days=400)).isoformat()
    # One certificate ends tomorrow: the gap is told two days before it happens.
    soon = (today + timedelta(days=1)).isoformat()
    rows = []
    for place, code in enumerate(_codes()):
        role = _role_of(code)
        lasts = soon if code == "g3-5" else until
        row = {
            "code": code, "name": people.name_of(place), "centre": divisions.CITY, "unit": _unit_of(code),
            "phones": f"023-0001-{place + 1:04d}", "account": _ACCOUNTS.get(code, ""),
            "certificates": f"{role}={lasts}" if role in ("chief", "officer") else "",
        }  # fmt: skip
        rows.append({name: text for name, text in row.items() if text})
    return rows


def _roster(today: date) -> Rows:
    rows: Rows = []
    turns = [(day, shift) for day in range(DAYS) for shift in range(len(SHIFTS))]
    for turn, (day, shift) in enumerate(turns):
        name, begins, ends = SHIFTS[shift]
        midnight = today + timedelta(days=day)
        times = {"shift": name, "begins": _at(midnight, begins), "ends": _at(midnight, ends)}
        rows += [{**times, **row} for row in _on(turn % GROUPS + 1, turn, is_last=turn == len(turns) - 1)]
    return rows


def _on(group: int, turn: int, *, is_last: bool) -> Rows:
    leader = {"person": f"g{group}-0", "role": "leader", "needs": "1"}
    chief = {"person": f"g{group}-1", "role": "chief", "needs": "1", "seat": "A-01"}
    # The last shift of the roster lacks an officer, so that a gap is seen before it happens.
    manned = SEATS[:-1] if is_last else SEATS
    officers: Rows = [
        {"person": f"g{group}-{place}", "role": "officer", "seat": seat} for place, seat in enumerate(manned, start=3)
    ]
    officers[0]["needs"] = str(len(SEATS))
    more = {"role": "officer", "needs": str(len(SEATS) + 2), "mode": "emergency"}
    resident: Rows = [{"person": f"r-{place}", "role": "resident"} for place in range(len(_RESIDENT))]
    rotating = {"person": f"t-{turn % len(_ROTATING)}", "role": "rotating", "needs": "1"}
    return [leader, chief, *officers, more, *(resident if turn % len(SHIFTS) == 1 else []), rotating]


def _codes() -> list[str]:
    groups = [f"g{group}-{place}" for group in range(1, GROUPS + 1) for place in (0, 1, *range(3, 3 + len(SEATS)))]
    departments = [f"r-{place}" for place in range(len(_RESIDENT))] + [f"t-{place}" for place in range(len(_ROTATING))]
    return [*groups, *departments]


def _role_of(code: str) -> str:
    if code[0] != "g":
        return "resident" if code[0] == "r" else "rotating"
    return {"0": "leader", "1": "chief"}.get(code.partition("-")[2], "officer")


def _unit_of(code: str) -> str:
    kind, _, place = code.partition("-")
    if kind[0] == "g":
        return "市城市运行中心"
    return (_RESIDENT if kind == "r" else _ROTATING)[int(place)]


def _at(day: date, hour: int) -> str:
    moved = day + timedelta(days=hour // 24)
    return f"{moved.isoformat()}T{hour % 24:02d}:00"
