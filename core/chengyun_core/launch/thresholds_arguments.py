"""The command line of `chengyun thresholds`; light, because `--help` of every command builds it."""

import argparse


def add_acts(made: argparse.ArgumentParser) -> None:
    """Add what can be done with thresholds to the command line."""
    acts = made.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, text in (
        ("preview", "tell what would alarm now if this set were in force"),
        ("switch", "put this set in force, with the preview of now"),
    ):
        act = acts.add_parser(name, help=text, description=text)
        act.add_argument("threshold_set", metavar="SET")
        if name == "switch":
            act.add_argument("--reason", required=True)
    text = "propose a change of one vital's rule; another person approves it"
    act = acts.add_parser("propose", help=text, description=text)
    act.add_argument("vital", metavar="VITAL")
    act.add_argument("cells", nargs="+", metavar="COLUMN=TEXT", help="column of the thresholds table; empty: cleared")
    act.add_argument("--set", metavar="SET", dest="threshold_set", help="default: the set in force")
    act.add_argument("--reason", required=True)
    act.add_argument("--at", metavar="TIME", help="ISO time it takes effect; default: as soon as it is approved")
    text = "propose to undo a change that is in force"
    act = acts.add_parser("rollback", help=text, description=text)
    act.add_argument("change", type=int, metavar="NUMBER")
    act.add_argument("--reason", required=True)
    for name, text in (
        ("approve", "approve what another person proposed"),
        ("refuse", "refuse it, or withdraw what you proposed yourself"),
    ):
        act = acts.add_parser(name, help=text, description=text)
        act.add_argument("change", type=int, metavar="NUMBER")
        if name == "refuse":
            act.add_argument("--reason", required=True)
    text = "list the last 200 changes of thresholds"
    acts.add_parser("list", help=text, description=text)
