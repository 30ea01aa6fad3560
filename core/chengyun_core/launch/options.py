"""The options of commands that have many; light, because `--help` of every command builds them."""

import argparse
from pathlib import Path


def audit(made: argparse.ArgumentParser) -> None:
    """Add what the journal's proof can be told."""
    made.add_argument("act", choices=("verify", "export", "head"))
    made.add_argument("--witness", type=Path, action="append", default=[], metavar="FILE", help="heads held elsewhere")
    made.add_argument("--head", action="append", default=[], dest="held", metavar="WORD", help="a head as printed")
    made.add_argument("--file", type=Path, help="verify an exported file instead of the profile's journal")
    made.add_argument("--public", default="", metavar="HEX", help="key to verify with (default: the profile's own)")
    made.add_argument("--quick", action="store_true", help="verify hashes and chain, and the last signature only")
    made.add_argument("--from", default="", dest="begin", metavar="TIME", help="export: ISO time with zone")
    made.add_argument("--to", default="", dest="end", metavar="TIME", help="export: ISO time with zone")
    made.add_argument("--output", type=Path, metavar="FILE", help="export: file to write")


def glass(made: argparse.ArgumentParser) -> None:
    """Add what two persons say of themselves, and what is asked of a broken glass and of sealed codes."""
    made.add_argument("act", choices=("break", "end", "list", "review", "codes"))
    made.add_argument("number", nargs="?", type=int, default=0, help="end, review, list: number of the broken glass")
    made.add_argument("--seat", default="", help="break: seat whose session it becomes")
    made.add_argument("--account", default="", help="break: who sits (his name, with --code)")
    made.add_argument("--second", default="", help="break: who vouches for him (his name, with --second-code)")
    made.add_argument("--code", action="store_true", help="break: who sits has a sealed code in place of a password")
    made.add_argument("--second-code", action="store_true", help="break: likewise who vouches for him")
    made.add_argument(
        "--post", action="append", default=[], help="break: kind of post to be lent; codes: code of a post"
    )
    made.add_argument("--reason", default="", help="break, end, codes --lost: why")
    made.add_argument("--finding", default="", help="review: what was found")
    made.add_argument("--count", type=int, default=2, metavar="N", help="codes: how many envelopes (default: 2)")
    made.add_argument("--keep", action="store_true", help="codes: earlier envelopes of the post stay good")
    made.add_argument("--lost", type=int, default=0, metavar="N", help="codes: number of an envelope that was lost")
    made.add_argument(
        "--output", type=Path, metavar="FILE", help="codes: 0600 file to print from (default: shown once)"
    )


def report(made: argparse.ArgumentParser) -> None:
    """Add which report, of what time, and where it goes."""
    made.add_argument("what", choices=("alarms", "figures", "daily", "event", "handover"))
    made.add_argument("number", nargs="?", type=int, help="event, handover: number of the event or the sheet")
    made.add_argument("--from", default="", metavar="TIME", dest="begin", help="ISO time with zone at which it begins")
    made.add_argument("--to", default="", metavar="TIME", dest="end", help="ISO time with zone at which it ends")
    made.add_argument("--seat", default="", help="alarms: of this seat (default: the whole city); daily: what is open")
    made.add_argument("--csv", action="store_true", help="alarms: write CSV to standard output")
    made.add_argument("--sql", action="store_true", help="figures: the statements that count the same")
    made.add_argument("--pdf", type=Path, metavar="FILE", help="file to write; one that is there is not replaced")
    made.add_argument("--xlsx", type=Path, metavar="FILE", help="likewise, as a workbook")
    made.add_argument("--docx", type=Path, metavar="FILE", help="likewise, for Word and WPS")
    made.add_argument("--numbered", action="store_true", help="daily, event: give it the next document number")


def seal(made: argparse.ArgumentParser) -> None:
    """Add what can be done with a seal, and how its passphrase comes in."""
    made.add_argument("act", choices=("check", "make", "show", "close", "extend", "passphrase", "destroy"))
    made.add_argument("--until", metavar="DATE", help="make, extend: last day (2026-12-31), at most a year ahead")
    made.add_argument("--synthetic", action="store_true", help="make: you vouch that every name in it is invented")
    made.add_argument("--yes", action="store_true", help="destroy: you mean it; nothing brings the data back")
    made.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help="passphrase: 0600 file with the new one")
    passphrase(made)


def passphrase(made: argparse.ArgumentParser) -> None:
    """Add the two ways besides typing; what stands in an argument or the environment, every program can read."""
    made.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="0600 file with the passphrase of a sealed profile"
    )
    made.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="open descriptor the passphrase is read from, as a service gives it",
    )
