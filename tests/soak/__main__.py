"""`./dev soak [PART …]`: runs parts of the soak one after the other, says what was counted, and fails when one does."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.soak import parts, report
from tests.soak.verdict import Asked, Verdict

SEED = 20_200_820


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 1 when anything did not hold."""
    options = _parser().parse_args(arguments)
    unknown = [name for name in options.parts if name not in parts.PARTS]
    if unknown:
        print(f"no part is called {', '.join(unknown)}; there are {', '.join(parts.PARTS)}", file=sys.stderr)
        return 2
    asked = Asked(seed=options.seed, seconds=options.seconds, count=options.count, quick=options.quick)
    ran = [_ran(name, asked) for name in options.parts or parts.PARTS]
    if options.write:
        report.write(options.write, ran, options.date)
    return 0 if all(one.verdict.passed for one in ran) else 1


def _ran(name: str, asked: Asked) -> report.Ran:
    print(f"== {name}: {parts.PARTS[name].about}, seed {asked.seed}", flush=True)
    began = time.monotonic()
    try:
        verdict = parts.run(name, asked)
    except Exception as fault:  # noqa: BLE001 - one part that breaks must not keep the others from being run
        verdict = Verdict(faults=(f"the part itself broke: {type(fault).__name__}: {fault}",))
    ran = report.Ran(name=name, seed=asked.seed, seconds=time.monotonic() - began, verdict=verdict)
    print(report.text(ran), flush=True)
    return ran


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev soak", description=__doc__)
    told = "; ".join(f"{name}: {part.about}" for name, part in parts.PARTS.items())
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"default: all. {told}")
    parser.add_argument("--seed", type=int, default=SEED, help="chooses points, victims, bytes and values")
    parser.add_argument("--count", type=int, help="kills, cuts, cases or frames instead of the part's own measure")
    parser.add_argument("--seconds", type=float, help="how long, for the parts that last")
    parser.add_argument("--quick", action="store_true", help="each part's smallest honest measure")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put what was run into this page (Markdown)")
    parser.add_argument("--date", default="", help="date told in the page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
