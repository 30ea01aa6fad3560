"""`chengyun key`: makes this machine's CURVE keys, says whom the daemons let in, and cuts who is revoked."""

import argparse
from collections.abc import Callable, Iterator

from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, Report
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.wire import curve
from chengyun_core.wire.curve import Card
from chengyun_core.wire.roles import Role
from chengyun_resources.texts import Texts

LOCAL = "local-"
"""Before the role: the name under which the daemons' machine allows its own clients."""


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Do one act and report it. Raises Refused or Trouble."""
    acts: dict[str, Callable[[Profile, argparse.Namespace, Texts], Report]] = {
        "show": _show,
        "make": _make,
        "allow": _allow,
        "revoke": _revoke,
        "list": _list,
        "pin": _pin,
    }
    return acts[options.act](profile, options, texts)


def _make(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Without a role this becomes the daemons' machine; with one, a client of daemons elsewhere."""
    if options.role is not None:
        curve.make(profile.folder, options.role)
        return _show(profile, options, texts)
    curve.make(profile.folder, curve.SERVER)
    known = {card.key for card in curve.allowed(profile.folder).cards.values()}
    for role in Role:
        public = curve.make(profile.folder, role).public.decode("ascii")
        if public not in known:
            curve.allow(profile.folder, Card(name=f"{LOCAL}{role}", role=role, key=public))
    return _show(profile, options, texts)


def _show(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:  # noqa: ARG001 - as every act
    keys = dict(_own(profile))
    lines = tuple(texts.say("key.own", name=name, public=public) for name, public in keys.items())
    return Report(lines=lines or (texts.say("key.none"),), facts={"keys": keys})


def _own(profile: Profile) -> Iterator[tuple[str, str]]:
    folder = curve.folder_of(profile.folder)
    for name in (curve.SERVER, *Role):
        if (folder / f"{name}.key").exists():
            yield str(name), curve.own_pair(profile.folder, name).public.decode("ascii")
        elif name == curve.SERVER and (folder / f"{name}.pub").exists():
            yield "server (pinned)", curve.pinned_server(profile.folder).decode("ascii")


def _allow(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    public, role = _given(options, "public"), Role(_given(options, "role"))
    name = _given(options, "name")
    curve.allow(profile.folder, Card(name=name, role=role, key=public))
    return Report(lines=(texts.say("key.allowed", name=name, role=role),), facts={"name": name, "role": str(role)})


def _revoke(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    name = _given(options, "name")
    curve.revoke(profile.folder, name)
    return Report(lines=(texts.say("key.revoked", name=name),), facts={"name": name})


def _pin(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    public = _given(options, "public")
    curve.pin(profile.folder, public)
    return Report(lines=(texts.say("key.pinned", public=public),), facts={"public": public})


def _list(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:  # noqa: ARG001 - as every act
    """Exit code: trouble when a file is not used, for somebody cannot connect."""
    found = curve.allowed(profile.folder)
    cards = sorted(found.cards.values(), key=lambda card: card.name)
    lines = [texts.say("key.line", name=card.name, role=card.role, public=card.key) for card in cards]
    lines += [_sentence(fault, texts) for fault in found.faults]
    facts = {
        "allowed": [{"name": card.name, "role": str(card.role), "public": card.key} for card in cards],
        "faults": [{"code": fault.code, **fault.params} for fault in found.faults],
    }
    return Report(
        lines=tuple(lines) or (texts.say("key.nobody"),), facts=facts,
        exit_code=EXIT_TROUBLE if found.faults else EXIT_DONE,
    )  # fmt: skip


def findings(profile: Profile) -> Iterator[tuple[str, str, Reason | None]]:
    """Yield name, what is shown, and what is wrong (None: nothing) of each CURVE key, for the doctor."""
    folder = curve.folder_of(profile.folder)
    for file in sorted(folder.glob("*.key")):
        shown = f"{file} {file.stat().st_mode & 0o777:o}"
        yield f"curve.{file.stem}", shown, _fault_of(profile, file.stem)
    if curve.is_elsewhere(profile.folder):
        shown = str(folder / f"{curve.SERVER}.pub")
        yield "curve.server", shown, _fault_of_pin(profile)
        return
    found = curve.allowed(profile.folder)
    for fault in found.faults:
        yield "curve.allowed", fault.params.get("file", str(folder)), fault
    if folder.exists() and not found.faults:
        yield "curve.allowed", f"{folder / 'allowed'} {len(found.cards)}", None


def _fault_of(profile: Profile, name: str) -> Reason | None:
    try:
        curve.own_pair(profile.folder, name)
    except (Refused, Trouble) as fault:
        return fault.reason
    return None


def _fault_of_pin(profile: Profile) -> Reason | None:
    try:
        curve.pinned_server(profile.folder)
        curve.client_pair(profile.folder, Role.CONSOLE)
    except (Refused, Trouble) as fault:
        return fault.reason
    return None


def _given(options: argparse.Namespace, name: str) -> str:
    value: str = getattr(options, name) or ""
    if not value:
        raise Refused("wire.key_option", act=options.act, option="NAME" if name == "name" else f"--{name}")
    return value


def _sentence(fault: Reason, texts: Texts) -> str:
    return texts.say(fault.code, **fault.params)
