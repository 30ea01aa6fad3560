"""A console's session as a process of its own that sends one order after the other until it is killed (RF2).

Tells on stdout, line by line: `sent <title>` as an order goes to the session, `done <title> <key>` when answered.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from chengyun_console.session.session import Session
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply

EVERY_MS = 15
WHO = ("500103.unit.1", "500103.unit.2")


def main(profile: Path, name: str, password: str, seat: str, run: str) -> int:
    """Sign on and send until killed."""
    application = QCoreApplication([])
    session, titles = Session(profile), dict[str, str]()

    def send() -> None:
        title = f"{run}-{len(titles)}"
        people = tuple(Recipient(code=code, role=Role.ASSIST if at else Role.LEAD) for at, code in enumerate(WHO))
        draft = OrderDraft(title=title, text="立即办理", centre="500103", recipients=people)
        print("sent", title, flush=True)
        titles[session.send(SendOrders(drafts=(draft,)))] = title

    def ended(command_id: str, reply: Reply) -> None:
        if command_id in titles and reply.outcome == "done":
            print("done", titles[command_id], codec.unpack(reply.body, Done).key, flush=True)

    timer = QTimer(interval=EVERY_MS)
    timer.timeout.connect(send)
    session.sign_on_ended.connect(lambda _ended: timer.start())
    session.command_ended.connect(ended)
    session.start()
    session.sign_on(name, password, seat)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:6]))
