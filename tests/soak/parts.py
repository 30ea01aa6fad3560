"""The parts of the soak by name: what each is about, and where it is found (loaded only when it is run)."""

from dataclasses import dataclass
from importlib import import_module

from tests.soak.verdict import Asked, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part; `module` has `run(Asked) -> Verdict`."""

    module: str
    about: str


PARTS = {
    "kills": Part(
        module="tests.faults.kills.soaked",
        about="RF1, RG2: kill -9 of centre and ingest under load, autopsies, and mutants that must be caught",
    ),
    "cuts": Part(module="tests.soak.cuts", about="RF7, RG1: power cuts by the recorder method, with controls"),
    "chain": Part(
        module="tests.faults.kills.chain_soaked",
        about="RF1, RF2, RF24: kill -9 amid alarms, events, orders and receipts, and mutants that must be caught",
    ),
    "damage": Part(module="tests.soak.damage", about="RF4: bytes flipped and files cut off at random places"),
    "fuzz": Part(module="tests.soak.fuzz", about="RF16: damaged frames and requests at every decoder and door"),
    "clock": Part(module="tests.soak.clock", about="RF12: steps of the machine's clock"),
    "disk": Part(module="tests.soak.disk", about="RF5, RF6: full disk and EIO at the centre and at the spool"),
    "flood": Part(module="tests.faults.flood.soaked", about="RF13: more samples and alarms than can be taken"),
    "week": Part(module="tests.soak.week", about="RF10, RG9: seven days compressed, memory and handles watched"),
    "demo": Part(module="tests.soak.demo", about="the demo with its console for hours, watched for what grows"),
}


def run(name: str, asked: Asked) -> Verdict:
    """Run a part by its name."""
    verdict: Verdict = import_module(PARTS[name].module).run(asked)
    return verdict
