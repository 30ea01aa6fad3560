"""A console's session as a process of its own, to be stopped and woken: tells on stdout how it stands, line by line."""

import json
import os
import sys
from pathlib import Path

REPORT_MS = 20


def main(profile: Path) -> int:
    """Run until killed; a line for each change of (reason of ingest's link, sum of all values)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QTimer

    from chengyun_console.session.session import Session
    from tests.support.fake_centre import PASSWORD

    application = QCoreApplication([])
    session, told = Session(profile), []

    def tell() -> None:
        link = session.links().ingest
        now = [link.reason.code, float(session.state.value.sum()), round(link.lag_s)]
        if told != now:
            told[:] = now
            print(json.dumps(now), flush=True)

    session.links_came.connect(tell)
    session.frame_came.connect(tell)
    timer = QTimer(interval=REPORT_MS)
    timer.timeout.connect(tell)
    timer.start()
    session.start()
    session.sign_on("officer", PASSWORD, "A-01")
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
