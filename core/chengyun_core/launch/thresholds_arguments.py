"""The command line of `chengyun thresholds`; light, because `--help` of every command builds it."""

import argparse
from pathlib import Path

from chengyun_resources.texts import LANGUAGES

Acts = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_acts(made: argparse.ArgumentParser) -> None:
    """Add what can be done with thresholds to the command line."""
    acts = made.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, text in (
        ("preview", "tell what would alarm now if this set were in force"),
        ("switch", "put this set in force, with the preview of now"),
    ):
        act = _act(acts, name, text)
        act.add_argument("threshold_set", metavar="SET")
        if name == "switch":
            act.add_argument("--reason", required=True)
    text = "propose a change of one vital's rule; another person approves it"
    act = _act(acts, "propose", text)
    act.add_argument("vital", metavar="VITAL")
    act.add_argument("cells", nargs="+", metavar="COLUMN=TEXT", help="column of the thresholds table; empty: cleared")
    act.add_argument("--set", metavar="SET", dest="threshold_set", help="default: the set in force")
    act.add_argument("--reason", required=True)
    act.add_argument("--at", metavar="TIME", help="ISO time it takes effect; default: as soon as it is approved")
    text = "propose to undo a change that is in force"
    act = _act(acts, "rollback", text)
    act.add_argument("change", type=int, metavar="NUMBER")
    act.add_argument("--reason", required=True)
    for name, text in (
        ("approve", "approve what another person proposed"),
        ("refuse", "refuse it, or withdraw what you proposed yourself"),
    ):
        act = _act(acts, name, text)
        act.add_argument("change", type=int, metavar="NUMBER")
        if name == "refuse":
            act.add_argument("--reason", required=True)
    text = "list the last 200 changes of thresholds"
    _act(acts, "list", text)


def _act(acts: Acts, name: str, text: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    """Add an act. Its options of every command may stand behind it too, and hold nothing when they do not."""
    made: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text)  # type: ignore[attr-defined]
    made.add_argument("--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="folder of the profile")
    made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="report as JSON")
    made.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help="language of messages")
    made.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help="log what is done")
    return made
