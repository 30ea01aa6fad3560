"""What `chengyun camera` can be told; light, because `--help` of every command builds it."""

import argparse
from pathlib import Path


def add(made: argparse.ArgumentParser) -> None:
    """Add the acts and their options."""
    made.add_argument("act", choices=("list", "check", "credentials", "channels", "evidence"))
    made.add_argument("codes", nargs="*", metavar="CODE", help="list, check: only these cameras; evidence: a number")
    made.add_argument("--centre", default="", metavar="CODE", help="list, check: only of this centre and below")
    made.add_argument("--camera", default="", metavar="CODE", help="credentials: of this camera alone")
    made.add_argument("--network", default="", metavar="CIDR", help="credentials: of cameras in this network")
    made.add_argument("--platform", default="", metavar="CODE", help="credentials, channels: of this video platform")
    made.add_argument("--kind", default="wvp", choices=("wvp",), help="credentials: what kind of platform it is")
    made.add_argument("--name", default="", help="credentials: what the platform is called")
    made.add_argument("--url", default="", help="credentials: address of the platform, http://HOST:PORT")
    made.add_argument("--user", default="", help="credentials: write this user (no camera, network, platform: default)")
    made.add_argument("--password-file", type=Path, metavar="FILE", help="credentials: 0600 file with the password")
    made.add_argument("--remove", action="store_true", help="credentials: take the entry away")
    made.add_argument("--reason", default="", help="evidence: why it is handed out; needed")
    made.add_argument("--output", type=Path, metavar="DIR", help="evidence: folder the files go to")
