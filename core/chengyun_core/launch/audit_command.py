"""`chengyun audit`: proves the journal, tells its head, and writes a run of it for another machine to prove."""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from chengyun_core.centre.lock import ProfileLock
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.launch import settings
from chengyun_core.launch.alarm_report import moment
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model import audit_head
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.store import chain, journal, journal_file, proof
from chengyun_core.store.page_sums import PageSums
from chengyun_core.store.proof import Finding, Held, Proof
from chengyun_core.wire import addresses, witness_file
from chengyun_resources.texts import Texts

EXIT_DAMAGED = 3
"""The journal is not what it was."""
EXIT_TOLD_LOST = 4
"""It is whole, and tells itself that rows were lost: people have to know why."""
_MISSING = frozenset({"journal.tail_missing"})
_REWRITTEN = frozenset({"journal.not_what_was_held", "audit.other_key", "audit.other_realm", "journal.signature_wrong"})
_MEDIUM = frozenset({"store.pages_differ", "store.damaged", "store.fault", "store.io_error"})


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Do one act. Raises Refused and Trouble."""
    if options.act == "verify":
        return _verified(profile, options, texts)
    if options.act == "export":
        return _exported(profile, options, texts)
    return _head(profile, texts)


def _verified(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    realm, database = _realm(profile), _database(profile)
    outside = list(_given(options))
    held = [*proof.own_heads(database, realm), *_of_seats(profile), *outside]
    public, strange = _public(profile, options.public)
    findings = [*strange, *_pages(profile, database)]
    signatures = chain.LAST_ONLY if options.quick else chain.EVERY
    try:
        with proof.read_only(database) as connection:
            proved = proof.prove(connection, public, realm, held, signatures=signatures)
    except Trouble as trouble:
        proved = Proof(rows=0, head="")
        findings.append(Finding(code=trouble.reason.code, number=0, by=str(database)))
    return _report(proved, [*proved.findings, *findings], len(outside), texts)


def _report(proved: Proof, findings: list[Finding], outside: int, texts: Texts) -> Report:
    lines = [texts.say("audit.looked", rows=proved.rows, held=proved.held, outside=outside)]
    lines += [_sentence(finding, texts) for finding in findings]
    lines += [texts.say("audit.told_lost", first=first, last=last) for first, last in proved.told_lost]
    if findings:
        lines += [texts.say(code) for code in sorted({_advice(finding) for finding in findings})]
    else:
        lines.append(texts.say("audit.whole", head=audit_head.printed(proved.head)))
    if not outside:
        lines.append(texts.say("audit.no_outside_head"))
    facts = {
        "rows": proved.rows, "head": proved.head, "held": proved.held, "outside": outside, "lost": proved.told_lost,
        "findings": [{"code": one.code, "number": one.number, "by": one.by} for one in findings],
    }  # fmt: skip
    lost = EXIT_TOLD_LOST if proved.told_lost else 0
    return Report(lines=tuple(lines), facts=facts, exit_code=EXIT_DAMAGED if findings else lost)


def _sentence(finding: Finding, texts: Texts) -> str:
    told = texts.say(finding.code, number=finding.number, file=finding.by, reason="", error="")
    return texts.say("audit.known_by", told=told, by=finding.by) if finding.by else told


def _advice(finding: Finding) -> str:
    for codes, advice in ((_MISSING, "missing"), (_REWRITTEN, "rewritten"), (_MEDIUM, "medium")):
        if finding.code in codes:
            return f"audit.do_{advice}"
    return "audit.do_edited"


def verify_file(options: argparse.Namespace, texts: Texts) -> Report:
    """Verify an exported file, which needs no profile; its key is the one in it unless another is given."""
    told, rows = journal_file.read(options.file)
    public = bytes.fromhex(options.public) if options.public else bytes.fromhex(told.public)
    verdict = journal_file.verify(told, rows, public)
    findings = [Finding(code=verdict.fault, number=verdict.number)] if verdict.fault else []
    held = [one for one in _given(options) if told.first <= one.head.number <= told.last]
    by_number = {row.number: row for row in rows}
    for one in held:
        row = by_number.get(one.head.number)
        if row is None or not one.head.is_of(row.hash):
            findings.append(Finding(code="journal.not_what_was_held", number=one.head.number, by=one.by))
    last = rows[-1] if rows else None
    head = audit_head.head_text(told.realm, last.chain, last.number, last.hash) if last else ""
    return _report(Proof(rows=verdict.rows, head=head, held=len(held)), findings, len(held), texts)


def _exported(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Write the rows of a time to a file, after the centre has noted that they leave."""
    if options.output is None:
        raise Refused("audit.no_output")
    public, _ = _public(profile, "")
    with proof.read_only(_database(profile)) as connection:
        first, last = _range(connection, options)
        lines = list(journal_file.lines(connection, _realm(profile), public, first, last))
    data = ("\n".join(lines) + "\n").encode()
    digest = hashlib.sha256(data).hexdigest()
    key = profile.key("admin.key")
    with borrowed_centre(profile), DoorClient(addresses.of_profile(profile.folder).centre_door, session=key) as door:
        door.send(NoteExport(what="audit", form="jsonl", rows=len(lines) - 1, digest=digest))
    try:
        options.output.write_bytes(data)
    except OSError as fault:
        raise Trouble("launch.not_writable", file=options.output, reason=fault.strerror or fault) from fault
    facts = {"rows": len(lines) - 1, "first": first, "last": last, "file": str(options.output), "sha256": digest}
    return Report(lines=(texts.say("audit.exported", rows=len(lines) - 1, file=options.output),), facts=facts)


def _range(connection: Connection, options: argparse.Namespace) -> tuple[int, int]:
    from_ns = moment(options.begin) if options.begin else 0
    to_ns = moment(options.end) if options.end else 2**62
    first, last = journal_file.numbers_between(connection, from_ns, to_ns)
    if last < first:
        raise Refused("audit.nothing_then")
    return first, last


def _head(profile: Profile, texts: Texts) -> Report:
    public, _ = _public(profile, "")
    with proof.read_only(_database(profile)) as connection:
        end = journal.head(connection)
    head = audit_head.head_text(_realm(profile), end.chain, end.number, end.hash)
    lines = (audit_head.printed(head), texts.say("audit.keep_head")) if head else (texts.say("audit.empty"),)
    return Report(lines=lines, facts={"head": head, "printed": audit_head.printed(head), "public": public.hex()})


def _of_seats(profile: Profile) -> Iterator[Held]:
    """Yield the heads that consoles of this machine keep with their seats: better than none, on the same disk."""
    for file in sorted((profile.folder / "seats").glob(f"*/{witness_file.NAME}")):
        yield from (Held(by=file.parent.name, head=head) for head in witness_file.read(file))


def _given(options: argparse.Namespace) -> Iterator[Held]:
    for file in options.witness:
        yield from (Held(by=file.name, head=head) for head in witness_file.read(file))
    for word in options.held:
        yield Held(by=word, head=audit_head.head_of(word))


def _public(profile: Profile, given: str) -> tuple[bytes, list[Finding]]:
    """Return the key to verify with, and a finding when the profile's own is another than the one that was given."""
    file = profile.folder / "keys" / "sign.pub"
    try:
        own = bytes.fromhex(file.read_text("ascii").strip())
        wanted = bytes.fromhex(given) if given else own
    except (OSError, ValueError) as fault:
        raise Trouble("audit.no_key", file=file, reason=fault) from fault
    return wanted, [] if wanted == own else [Finding(code="audit.other_key", number=0, by=str(file))]


def _pages(profile: Profile, database: Path) -> list[Finding]:
    """Look at the sums of the file's pages; only while no centre writes them."""
    try:
        with ProfileLock(addresses.run_folder(profile.folder) / "centre.pid"):
            damaged = PageSums(database).damaged()
    except (Refused, OSError):
        return []
    return [Finding(code="store.pages_differ", number=0, by=f"{database}: {len(damaged)}")] if damaged else []


def _database(profile: Profile) -> Path:
    centre = settings.read(profile.settings_file, "centre", CentreSettings)
    if centre.database != "sqlite":
        raise Refused("audit.on_a_server", kind=centre.database)
    return profile.folder / "centre" / "chengyun.db"


def _realm(profile: Profile) -> str:
    return settings.read(profile.settings_file, "profile", settings.ProfileSettings).realm.value
