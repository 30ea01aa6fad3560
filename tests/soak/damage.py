"""The soak's part of damaged databases: bytes flipped and files cut off at random places."""

from dataclasses import fields
from importlib import import_module

from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 500, 20


def run(asked: Asked) -> Verdict:
    """Run the part: `tests.faults.damage.run(cases, seed)`, whose result is a dataclass of counts with `sound`."""
    found = import_module("tests.faults.damage").run(asked.counted(FULL, QUICK), asked.seed)
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    broken = tuple(map(str, told.pop("broken", ())))
    unsound = () if found.sound or broken else ("the run was not sound",)
    return Verdict(counts=told, faults=(*broken, *unsound))
