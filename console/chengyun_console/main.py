"""The console's composition root: read it top to bottom and you know the program."""

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.layouts.placement import WindowPlace
from chengyun_console.lookout.lookout import LOGS, Lookout
from chengyun_console.lookout.wording import tell_halt
from chengyun_console.options import Options, parse
from chengyun_console.preferences import PreferenceFile, Preferences, latest_seat
from chengyun_console.residue import Residue
from chengyun_console.session import loop
from chengyun_console.session.session import Session
from chengyun_console.shell import unseal
from chengyun_console.shell.heap import Heap
from chengyun_console.shell.screens import put_back
from chengyun_console.shell.stage import Stage
from chengyun_console.shell.wall import CONSOLE
from chengyun_console.shell.warming import Warming
from chengyun_console.shot import Shot
from chengyun_console.sign_on_file import AutoSignOn
from chengyun_console.sound.horn import Horn
from chengyun_console.sound.speech import Speech
from chengyun_console.sound.voice import Voice
from chengyun_console.usable import UsableWatch
from chengyun_core.custody import place
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.wire import codec, redaction, secret_file, terminal
from chengyun_core.wire.envelope import SignedOn
from chengyun_resources.texts import LANGUAGES, Texts
from chengyun_resources.theme.tokens import FONT_FAMILIES
from chengyun_widgets.theme import apply_theme, load_theme

EXIT_DONE, EXIT_TROUBLE, EXIT_NOT_SIGNED_ON = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console; return the process's exit code."""
    terminal.speak_chinese()
    redaction.configure(logging.WARNING)
    secret_file.forbid_core_files()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if not place.is_sealed(options.profile):
        return _run(options)
    texts = Texts(options.language or LANGUAGES[0])
    try:
        return _run_sealed(options, texts)
    except (Refused, Trouble) as failure:
        return _stop(texts.say(failure.reason.code, **failure.reason.params))


def _run_sealed(options: Options, texts: Texts) -> int:
    """Have a sealed profile opened first; it may be open already. Raises Refused, Trouble."""
    found = unseal.place_of(options.profile)
    if found is not None:
        return _run(replace(options, profile=found), sealed=options.profile)
    if options.shot is not None:
        raise Trouble("custody.closed", folder=options.profile)  # nobody is there to type
    _check_display()
    app = QApplication(sys.argv[:1])
    _check_font()
    app.setQuitOnLastWindowClosed(False)
    theme = load_theme(Preferences().theme)
    apply_theme(app, theme)
    window = unseal.made(options.profile, theme, texts, ProfileClock())
    found = unseal.opened(window)
    if found is None:
        return EXIT_TROUBLE
    app.setQuitOnLastWindowClosed(True)
    code = _run(replace(options, profile=found), app, sealed=options.profile)
    # Who opened the laptop's profile closes it by leaving; one that was open already goes on without this console.
    app.setQuitOnLastWindowClosed(False)
    unseal.close(window)
    return code


def _run(options: Options, app: QApplication | None = None, *, sealed: Path | None = None) -> int:
    """Run the console on an open profile; `sealed` names the one whose end ends the console, too."""
    preferences = PreferenceFile(options.profile, options.seat or latest_seat(options.profile)).read()
    texts = Texts(options.language or preferences.language)
    try:
        password, opened = _checked_password(options), _opened_session(options)
        _check_display()
        app = app or QApplication(sys.argv[:1])
        _check_font()
    except Trouble as trouble:
        return _stop(texts.say(trouble.reason.code, **trouble.reason.params))
    theme = load_theme(preferences.theme)
    apply_theme(app, theme)
    session, tick = Session(options.profile), FrameTick()
    desk = Desk(session, options.profile, theme, texts, preferences)
    stage = Stage(desk, tick, page=options.page, seat=options.seat, account=options.account)
    signing_on = _signing_on(session, options, password, opened)
    residue = Residue(session)
    Heap(stage, Warming(stage, usable := UsableWatch(session, tick, stage)))
    shot = _shot(options, stage, desk, tick, usable)
    horn = Horn(desk, tick, Voice(), Speech())
    lookout = _lookout(options, desk)
    watch = unseal.EndWatch(sealed) if sealed is not None else None
    _show(stage.window, options, preferences.windows.get(CONSOLE))

    async def start(_orchestra: loop.Orchestra) -> None:
        session.start()
        tick.start()
        lookout.start()
        if shot is None:
            horn.start()

    try:
        loop.run(app, start)
    finally:
        _stop_all(lookout, tick, horn, desk.video, desk.rooms, desk.drafts, session)
        residue.forget()
        if watch is not None:
            watch.tidy()
    return _ended(desk, shot, signing_on.failed if signing_on else None)


def _stop_all(*parts: "_Stoppable") -> None:
    for part in parts:
        part.stop()


class _Stoppable(Protocol):
    def stop(self) -> None: ...


def _lookout(options: Options, desk: Desk) -> Lookout:
    made = Lookout(options.profile / LOGS, desk.halts, has_sentry=options.shot is None)  # a picture makes no noise
    made.did_halt.connect(partial(tell_halt, desk))
    return made


def _signing_on(session: Session, options: Options, password: str, opened: SignedOn | None) -> AutoSignOn | None:
    """Sit down with a session that was opened elsewhere, or return what signs on; None: who comes does it himself."""
    if opened is not None:
        session.take_seat(opened)
    return AutoSignOn(session, options.account, password, options.seat) if password else None


def _checked_password(options: Options) -> str:
    if not options.profile.is_dir():
        raise Trouble("console.no_profile", profile=options.profile)
    if options.password_file is None:
        return ""
    if not options.account or not options.seat:
        raise Trouble("console.password_with")
    return secret_file.read(options.password_file)


def _opened_session(options: Options) -> SignedOn | None:
    """Return the session of a file of `chengyun glass break`."""
    if options.session_file is None:
        return None
    try:
        return codec.unpack(bytes.fromhex(secret_file.read(options.session_file)), SignedOn)
    except (ValueError, codec.BadMessage) as fault:
        raise Trouble("console.no_session", file=options.session_file) from fault


def _check_display() -> None:
    """Qt aborts the whole process when it finds no display; say what to do instead."""
    told = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in told):
        raise Trouble("console.no_display")


def _check_font() -> None:
    """Stop before an unreadable screen: without a Chinese font every text would be boxes."""
    if not set(FONT_FAMILIES) & set(QFontDatabase.families()):
        raise Trouble("console.no_font")


def _shot(
    options: Options, stage: Stage, desk: Desk, tick: FrameTick, usable: UsableWatch
) -> Shot | None:  # fmt: skip
    if options.shot is None:
        return None
    shot = Shot(stage, desk, desk.session, tick, usable, options.shot)
    shot.did_end.connect(_on_shot)
    shot.after(options.after_s)
    return shot


def _on_shot(summary: str) -> None:
    if summary:
        sys.stdout.write(summary + "\n")
        sys.stdout.flush()
    QApplication.exit()


def _show(window: QWidget, options: Options, kept: WindowPlace | None) -> None:
    window.resize(options.width, options.height)
    if not options.windowed:
        put_back(window, kept)
    window.show()


def _ended(desk: Desk, shot: Shot | None, failed: Reason | None) -> int:
    if shot is not None and shot.trouble is not None:
        return _stop(desk.refusal(shot.trouble.reason))
    if shot is not None and failed is not None:
        _stop(desk.say("console.sign_on_failed", reason=desk.refusal(failed)))
        return EXIT_NOT_SIGNED_ON
    return EXIT_DONE


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + os.linesep)
    return EXIT_TROUBLE


if __name__ == "__main__":
    sys.exit(main())
