"""Who has a sealed profile open: lays it out in memory, seals it back again and again, and closes it for good."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from chengyun_core.custody import container, envelope, erasing, place, story, term, tree, tries
from chengyun_core.custody.container import Container, Index
from chengyun_core.custody.envelope import Envelope, Keys
from chengyun_core.custody.place import Lock
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused, Trouble

logger = logging.getLogger(__name__)


class Keeper:
    """Holds the lock and the key of one open profile; belongs to one thread but for `seal_staged`."""

    def __init__(self, profile: Path, passphrase: str, clock: Clock) -> None:
        """Open the profile, or take up what somebody who was killed left open.

        Raises:
            Refused: it is open elsewhere, the passphrase is wrong or has to wait, the clock went back.
            Trouble: it has expired (and is destroyed), was destroyed, is damaged, or memory is too small.
        """
        self.profile, self._clock = profile, clock
        self.folder = place.open_folder(profile)
        self._seal = place.seal_of(profile)
        current(profile, clock)  # before the lock is ours: what an expired seal left open goes, too
        self._lock = Lock(profile)
        try:
            self._envelope, self._keys = unlocked(profile, passphrase, clock)
            self._container = Container(self._seal, self._envelope, self._keys)
            self._index: Index | None = self._expected_index()
            place.sweep(self.folder)
            self.was_left_open = _is_left_open(self.folder, self._envelope)
            self._lay_out(self._index)
        except BaseException:
            self._lock.release()
            raise
        self._ends_at = clock.monotonic_ns() + self._envelope.until_ns - clock.utc_ns()

    @property
    def until_ns(self) -> int:
        """Return when the seal expires, ns UTC."""
        return self._envelope.until_ns

    def seal(self, stopped: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """Seal what changed, as of one instant at which `stopped` keeps the writers still.

        Copying into memory is all that happens within it; the sealing comes after. Raises OSError, Refused, Trouble.
        """
        now_ns, stage = self._clock.utc_ns(), self.folder.with_name(f"{self.folder.name}{place.STAGE}")
        place.take_away(stage)
        stage.mkdir(mode=0o700)
        try:
            with stopped():
                there = tree.lying(self.folder)
                known = container.unchanged(self._index, there)
                changed = tuple(one for one in there if one.path not in known and not one.is_folder)
                copies = {one.path: one for one in tree.copied(self.folder, changed, stage)}
            kept = (
                copies.get(one.path, one) for one in there if one.is_folder or one.path in known or one.path in copies
            )
            self._index = self._container.seal(
                stage, tuple(kept), serial=self._envelope.serial, now_ns=now_ns, known=known
            )
        finally:
            place.take_away(stage)
        term.note_seen(self._seal, self._clock.utc_ns())

    def take_up_envelope(self) -> None:
        """Take the envelope anew: its date may have been moved. One made without the key is not taken."""
        with suppress(Trouble):
            found = envelope.read(self._seal)
            if found.serial > self._envelope.serial and envelope.is_vouched(found, self._keys):
                self._ends_at += found.until_ns - self._envelope.until_ns
                self._envelope = found
                place.mark(self.folder, found.number, found.until_ns)

    def is_over(self) -> bool:
        """Return whether the seal has expired, by the clock or by the time that has passed since it was opened."""
        return term.is_over(self._envelope, self._clock.utc_ns()) or self._clock.monotonic_ns() >= self._ends_at

    def close(self) -> None:
        """Seal everything and forget the open profile; nobody may write to it any more.

        Raises OSError or Trouble when it could not be sealed: it stays open in memory then, until the machine stops.
        """
        there = tree.lying(self.folder)
        now_ns = self._clock.utc_ns()
        self._container.seal(self.folder, there, serial=self._envelope.serial, now_ns=now_ns)
        term.note_seen(self._seal, now_ns)
        story.note(self._seal, "closed", now_ns)
        self._forget()

    def destroy(self) -> None:
        """End an expired seal and forget the open profile. Raises OSError."""
        term.destroy(self._seal, self._clock.utc_ns(), "expired")
        self._forget()

    def abandon(self) -> None:
        """Let go of the lock and leave the open profile where it is, for the next who opens it."""
        self._lock.release()

    def _forget(self) -> None:
        place.take_away(self.folder)
        self._lock.release()

    def _expected_index(self) -> Index:
        index = self._container.index()
        if index.serial > self._envelope.serial:
            raise Refused("custody.old_envelope")
        term.expect_clock(self._clock.utc_ns(), index.sealed_ns)
        return index

    def _lay_out(self, index: Index) -> None:
        now_ns = self._clock.utc_ns()
        if not self.was_left_open:
            place.expect_room(index.size)
            part = self.folder.with_name(f"{self.folder.name}{place.PART}")
            self._container.lay_out(index, part)
            place.mark(part, self._envelope.number, self._envelope.until_ns)
            part.rename(self.folder)
        else:
            # Its times are of files that lived on: everything is looked at when it is sealed next.
            self._index = None
            place.mark(self.folder, self._envelope.number, self._envelope.until_ns)
        erasing.erase_tree(self.profile, keep=frozenset({tree.SEAL}))  # what a cut left of the sealing
        _sweep_epochs(self._seal, self._envelope.epoch)
        story.note(self._seal, "adopted" if self.was_left_open else "opened", now_ns)
        term.note_seen(self._seal, now_ns)


def make(profile: Path, passphrase: str, clock: Clock, *, suite: str, until_ns: int, cost: int) -> Envelope:
    """Seal a profile in place: all of it is sealed and read back before the first clear byte is written over.

    Cut off at any point it is either the profile it was, or sealed, with clear remains that the next opening erases.
    Raises Refused for a weak passphrase, a date out of range or a link among the files; OSError.
    """
    now_ns = clock.utc_ns()
    term.expect_until(until_ns, now_ns)
    there = tree.lying(profile, strict=True)
    made, keys = envelope.make(passphrase, suite=suite, now_ns=now_ns, until_ns=until_ns, cost=cost)
    seal = place.seal_of(profile)
    seal.mkdir(mode=0o700, exist_ok=True)
    content = Container(seal, made, keys)
    index = content.seal(profile, there, serial=made.serial, now_ns=now_ns)
    content.check(index, profile)
    term.note_seen(seal, now_ns)
    story.note(seal, "sealed", now_ns)
    envelope.write(seal, made)  # from here on it is a sealed profile
    erasing.erase_tree(profile, keep=frozenset({tree.SEAL}))
    return made


def current(profile: Path, clock: Clock) -> Envelope:
    """Return the envelope of a seal that lasts; one whose date is over is destroyed here.

    Raises Trouble `custody.destroyed_expired`, `custody.destroyed_asked`, `custody.expired_now`, `custody.no_envelope`,
    and Refused `custody.clock_back`.
    """
    seal, now_ns = place.seal_of(profile), clock.utc_ns()
    if (end := term.end_of(seal)) is not None:
        if end.why == "expired":
            raise Trouble("custody.destroyed_expired", at=term.shown(end.at_ns))
        raise Trouble("custody.destroyed_asked", at=term.shown(end.at_ns))
    found = envelope.read(seal)
    term.expect_clock(now_ns, found.made_ns, term.seen_ns(seal))
    if term.is_over(found, now_ns):
        destroy(profile, clock, "expired")
        raise Trouble("custody.expired_now")
    return found


def destroy(profile: Path, clock: Clock, why: str) -> None:
    """End a seal before its time or after it, and what a killed keeper left open of it. Raises OSError."""
    term.destroy(place.seal_of(profile), clock.utc_ns(), why)
    if not place.is_open(profile):
        place.take_away(place.open_folder(profile))


def unlocked(profile: Path, passphrase: str, clock: Clock) -> tuple[Envelope, Keys]:
    """Return envelope and keys; count and note a wrong passphrase.

    Raises as `current`, and Refused `custody.wrong_passphrase`, `custody.wrong_and_wait`, `custody.wait`.
    """
    found, seal = current(profile, clock), place.seal_of(profile)
    tries.expect_allowed(seal, clock.utc_ns())
    try:
        keys = envelope.opened(found, passphrase)
    except Refused as fault:
        if fault.reason.code != "custody.wrong_passphrase":
            raise
        now = tries.note_wrong(seal, clock.utc_ns())
        story.note(seal, "wrong_passphrase", clock.utc_ns(), wrong=now.wrong)
        if now.wait_s:
            raise Refused("custody.wrong_and_wait", wrong=now.wrong, seconds=now.wait_s) from fault
        raise
    tries.forget(seal)
    return found, keys


def extend(profile: Path, passphrase: str, clock: Clock, *, until_ns: int) -> Envelope:
    """Move the date; the profile may be open meanwhile. Raises as `unlocked`."""
    now_ns = clock.utc_ns()
    term.expect_until(until_ns, now_ns)
    found, keys = unlocked(profile, passphrase, clock)
    made = envelope.moved(found, passphrase, keys, until_ns)
    content = Container(place.seal_of(profile), made, keys)
    envelope.write(place.seal_of(profile), made)
    if not place.is_open(profile):
        # From now on the envelope with the other date is an old one; who has it open writes that at the next sealing.
        content.write_index(replace(content.index(), serial=made.serial))
    story.note(place.seal_of(profile), "extended", now_ns, until_ns=until_ns)
    return made


def change_passphrase(profile: Path, old: str, new: str, clock: Clock, *, cost: int) -> Envelope:
    """Seal everything anew under a new key: the old passphrase opens nothing of what comes, whoever kept the envelope.

    Raises as `unlocked`; Refused `custody.is_open` while somebody has it open.
    """
    envelope.expect_passphrase(new)
    lock = Lock(profile)
    try:
        if place.opened_of(place.open_folder(profile)):
            raise Refused("custody.left_open")
        found, keys = unlocked(profile, old, clock)
        seal, now_ns = place.seal_of(profile), clock.utc_ns()
        before = Container(seal, found, keys)
        made, new_keys = envelope.rekeyed(found, new, cost)
        before.moved_to(Container(seal, made, new_keys), before.index(), serial=made.serial, now_ns=now_ns)
        envelope.write(seal, made)  # one rename: before it all is as it was, after it the old epoch is noise
        _sweep_epochs(seal, made.epoch)
        story.note(seal, "passphrase_changed", now_ns)
    finally:
        lock.release()
    return made


def _is_left_open(folder: Path, envelope: Envelope) -> bool:
    """Return whether a keeper that was killed left it open; raise Refused when it is of another seal in this place."""
    number = place.opened_of(folder)
    if number not in ("", envelope.number):
        raise Refused("custody.other_left_open", folder=folder)
    return bool(number)


def _sweep_epochs(seal: Path, epoch: int) -> None:
    for folder in seal.iterdir():
        if folder.is_dir() and folder.name.isdigit() and int(folder.name) != epoch:
            erasing.unlink_tree(folder)
            folder.rmdir()
