"""The reference city's library of plans: templates by matter, risk points spread over its towns, what is bound there.

All of it is ours: no plan of any real place. The case of 嘉西村 follows LAW-AND-STANDARDS («a real case with real
times»); the measures named F66-… and F67-… are those of 突发事件应对法 art. 66 and 67.
"""

from collections.abc import Iterator
from functools import cache
from itertools import count

from chengyun_resources.reference import divisions, facts_files, guided_plans
from chengyun_resources.reference.points import beside, point_of

Rows = list[dict[str, str]]

POINTS = 300
"""Risk points of a demo; 65 000 are what a whole city has (P1)."""
_STREET = ("residents.tell", "residents.move")
"""What the street office of the risk point's own town does: there a plan is that point's own (一点一策一预案)."""
_STEP_AT, _NAME_AT = 7919, 104_729
"""Primes: towns, names and attributes go round at different paces, so that neighbours differ."""


def tables(points: int = POINTS) -> dict[str, Rows]:
    """Return every table as rows of {column: text}, empty cells left out: what `plan.import` takes.

    points: how many risk points; every one has its plan. The same number gives the same tables on every machine.
    """
    placed = [*_named_points(), *_spread_points(points)][:points] if points else []
    return {
        "templates": [_template(row, place) for place, row in enumerate(_all_plans(), start=1)],
        "tiers": [_tier(row) for row in _rows("plan_tiers.csv")],
        "actions": [step for row in _all_plans() for step in _steps(row)],
        "resources": [line for row in _all_plans() for line in _resources(row)],
        "messages": [line for row in _all_plans() for line in _messages(row)],
        "stop_rules": [line for row in _all_plans() for line in _stop_rules(row)],
        "risk_points": [point for point, _, _ in placed],
        "bindings": [{"risk_point": point["code"], "template": template} for point, template, _ in placed],
        "overrides": [line for point, template, town in placed for line in _overrides(point["code"], template, town)],
    }


@cache
def _plans() -> tuple[dict[str, str], ...]:
    return tuple(facts_files.rows("plans.csv"))


def _all_plans() -> tuple[dict[str, str], ...]:
    """Return the plans that have risk points, then those that are there because an alarm's guidance names them."""
    return (*_plans(), *guided_plans.brought())


def _template(row: dict[str, str], place: int) -> dict[str, str]:
    made = {
        "code": row["matter"], "edition": "1", "name": row["name"], "matter": row["matter"], "state": "in_force",
        "drilled": row["drilled"], "triggers": row["triggers"], "written_by": "示例预案库", "valid_from": "2026-01-01",
        "approved_by": f"示例〔2026〕{place}号",
    }  # fmt: skip
    return {name: text for name, text in made.items() if text}


def _tier(row: dict[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in row.items() if name != "matter" and text}
    return {"template": row["matter"], **kept}


def _steps(row: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the steps written for a plan, or those its matter's lead and assistants suggest; then those of the law."""
    own = [step for step in _rows("plan_steps.csv") if step["matter"] == row["matter"]]
    for step in own or _suggested(row["matter"]):
        kept = {name: text for name, text in step.items() if name != "matter" and text}
        yield {"template": row["matter"], **kept}
    highest = next((tier["code"] for tier in reversed(_tiers_of(row["matter"]))), "")
    for measure in _measures(row["law"]):
        code = f"F{measure['article']}-{measure['item']}"
        kept = {name: measure[name] for name in ("text", "capability", "within_min", "critical") if measure[name]}
        yield {"template": row["matter"], "code": code, **({"tier": highest} if highest else {}), **kept}


def _suggested(code: str) -> Iterator[dict[str, str]]:
    """Yield a plan's steps from what its matter asks for: a check, the lead, each assistant, a summary at the end."""
    matter = next(row for row in _rows("matters.csv") if row["code"] == code)
    yield {"code": "HESHI", "text": "现场核实{place}情况并拍照回传", "capability": "grid.verify", "within_min": "15",
           "reached": "arrived"}  # fmt: skip
    yield {"code": "QIANTOU", "lead": "true", **_phrase(matter["lead"])}
    for place, capability in enumerate(word for word in matter["assist"].split("|") if word):
        yield {"code": f"PEIHE{place + 1}", **_phrase(capability)}
    yield {"code": "HUIZONG", "text": "汇总{title}处置情况，拟续报或终报", "done_by": "hand", "within_min": "60",
           "after": "QIANTOU"}  # fmt: skip


def _phrase(capability: str) -> dict[str, str]:
    found = next(row for row in _rows("plan_phrases.csv") if row["capability"] == capability)
    return dict(found)


def _tiers_of(matter: str) -> list[dict[str, str]]:
    return [row for row in _rows("plan_tiers.csv") if row["matter"] == matter]


def _measures(named: str) -> list[dict[str, str]]:
    wanted = [tuple(one.split(".")) for one in named.split("|") if one]
    known = {(row["article"], row["item"]): row for row in _rows("plan_measures.csv")}
    return [known[article, item] for article, item in wanted]


def _resources(row: dict[str, str]) -> Iterator[dict[str, str]]:
    for one in (part for part in row["resource"].split("|") if part):
        held, _, where = one.partition("@")
        name, many, unit = held.split("*")
        yield {"template": row["matter"], "name": name, "count": many, "unit": unit, "where": where}


def _messages(row: dict[str, str]) -> Iterator[dict[str, str]]:
    told = {
        "属地镇街": "{place}发生{title}，已启动预案，请组织力量先期处置并续报。",
        "市委宣传部": "{place}{title}（{grade}）处置中，请统一口径、引导舆情。",
    }
    yield from ({"template": row["matter"], "to": to, "text": text} for to, text in told.items())


def _stop_rules(row: dict[str, str]) -> Iterator[dict[str, str]]:
    yield {"template": row["matter"], "text": row["end"]}
    if _tiers_of(row["matter"]):
        yield {"template": row["matter"], "text": "出现人员伤亡或影响范围扩大时提级", "raises_tier": "true"}


def _named_points() -> Iterator[tuple[dict[str, str], str, str]]:
    kinds = {row["matter"]: row["kind"] for row in _plans()}
    for row in facts_files.rows("plan_points.csv"):
        kept = {name: row[name] for name in ("code", "name", "attributes", "vitals", "longitude", "latitude")}
        if not row["longitude"]:
            kept["longitude"], kept["latitude"] = (f"{one}" for one in point_of(row["town"]))
        kept |= {"centre": row["town"], "kind": kinds[row["matter"]], "owner_post": f"{row['town']}.unit.1"}
        yield {name: text for name, text in kept.items() if text}, row["matter"], row["town"]


def _spread_points(most: int) -> Iterator[tuple[dict[str, str], str, str]]:
    """Yield risk points without end but `most`, spread over all towns and plans."""
    towns, plans = divisions.towns(), _plans()
    words = [row["word"] for row in facts_files.rows("plan_places.csv")]
    for number in range(1, most + 1):
        town = towns[number * _STEP_AT % len(towns)]
        plan = plans[number * _NAME_AT % len(plans)]
        measured = dict(_chosen(plan["choices"], number))
        name = f"{town.name}{words[number % len(words)]}{plan['suffix'].format_map(measured)}"
        longitude, latitude = beside(point_of(town.code), number % 97, degrees=0.0016)
        made = {
            "code": f"FX-{number:06d}", "name": name, "centre": town.code, "kind": plan["kind"],
            "longitude": f"{longitude}", "latitude": f"{latitude}", "owner_post": f"{town.code}.unit.1",
            "attributes": "; ".join(f"{code}={text}" for code, text in measured.items()),
        }  # fmt: skip
        yield {column: text for column, text in made.items() if text}, plan["matter"], town.code


def _chosen(choices: str, number: int) -> Iterator[tuple[str, str]]:
    for pace, choice in zip(count(1), (part for part in choices.split(";") if part), strict=False):
        code, _, values = choice.partition("=")
        known = values.split("|")
        yield code, known[number // pace % len(known)]


def _overrides(point: str, template: str, town: str) -> Iterator[dict[str, str]]:
    for action in _street_steps(template):
        yield {"risk_point": point, "template": template, "action": action, "unit": f"{town}-JD"}


@cache
def _street_steps(template: str) -> tuple[str, ...]:
    row = next(row for row in _plans() if row["matter"] == template)
    return tuple(step["code"] for step in _steps(row) if step.get("capability") in _STREET)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(facts_files.rows(name))
