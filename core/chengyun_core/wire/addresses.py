"""Addresses of a profile's sockets: ipc files in its run folder, moved when the path is too long for the kernel."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_IPC_PATH = 100
"""sun_path holds 108 bytes; ZeroMQ needs a few of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """ZeroMQ addresses of the four sockets of a profile."""

    ingest_state: str
    ingest_door: str
    centre_changes: str
    centre_door: str


def of_profile(profile: Path) -> Addresses:
    """Return the ipc addresses of the profile in this folder; its run folder (0700) is made when missing."""
    run = run_folder(profile)
    return Addresses(
        ingest_state=f"ipc://{run}/ingest.state",
        ingest_door=f"ipc://{run}/ingest.door",
        centre_changes=f"ipc://{run}/centre.changes",
        centre_door=f"ipc://{run}/centre.door",
    )


def run_folder(profile: Path) -> Path:
    """Return the folder of sockets and process ids: `profile/run`, or a hashed name below the temporary folder."""
    run = profile.resolve() / "run"
    if len(bytes(run)) + len("/centre.changes") > LONGEST_IPC_PATH:
        digest = hashlib.sha256(bytes(run)).hexdigest()[:16]
        run = Path(tempfile.gettempdir()) / f"chengyun-{os.getuid()}-{digest}"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    if run.stat().st_uid != os.getuid():
        raise PermissionError(f"{run} belongs to another user; remove it or choose another --profile")
    run.chmod(0o700)
    return run
