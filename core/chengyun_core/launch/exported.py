"""Tells the journal what a command is about to hand out: bytes go to a file or a pipe after that, never before."""

import hashlib

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done


def note(profile: Profile, *, what: str, form: str, rows: int, content: object) -> Done:
    """Have the centre note it, as who stands at the machine; one is started for that when none runs.

    content: the text itself, or records whose packed bytes the digest is of. Raises Refused or Trouble: nothing may
    leave then.
    """
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        return tell(door, what=what, form=form, rows=rows, content=content)


def tell(door: DoorClient, *, what: str, form: str, rows: int, content: object) -> Done:
    """Note it through a door that is open already."""
    data = content.encode() if isinstance(content, str) else codec.pack(content)
    return door.send(NoteExport(what=what, form=form, rows=rows, digest=hashlib.sha256(data).hexdigest()))
