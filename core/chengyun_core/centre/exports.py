"""What leaves the house is told in the journal before it does (RS7's twin: who took what)."""

import re

from chengyun_core.centre import labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import LONGEST_TAKEN, LONGEST_WORD, RANK, ExportNote
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("export", ExportNote)
COUNTER = "export"
_DIGEST = re.compile("[0-9a-f]{64}")


def note(desk: Desk, work: Work, caller: Caller, command: NoteExport) -> Done:  # noqa: ARG001 - a handler's signature
    """Write who takes what out; the bytes leave after this is answered."""
    what = clean(command.what, field="what", most=LONGEST_WORD, required=True)
    form = clean(command.form, field="form", most=LONGEST_WORD, required=True)
    if _DIGEST.fullmatch(command.digest) is None or command.rows < 0:
        raise Refused("export.bad_note", what=what)
    if RANK[command.label] > RANK[labels.clearance_of(work.connection, caller)]:
        raise Refused("label.not_cleared", label=command.label.value)
    record = ExportNote(
        number=counters.take(work.connection, COUNTER, 1), what=what, form=form, rows=command.rows,
        digest=command.digest, label=command.label, at=work.at_ns, account=caller.account,
        seat=caller.session.seat if caller.session else "",
        taken=clean(command.taken, field="taken", most=LONGEST_TAKEN),
    )  # fmt: skip
    late = {"taken": record.taken} if record.taken else {}
    told = {"what": what, "form": form, "rows": command.rows, **late}
    change = work.note("export.note", LOG.kind, record.number, record.version, record, params=told)
    return Done(change=change, key=str(record.number), version=record.version)
