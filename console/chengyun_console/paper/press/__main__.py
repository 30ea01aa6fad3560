"""Runs the press: a job comes in on standard input, progress and the end go out on standard output as lines of JSON."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from chengyun_console.paper import job
from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.press import delivery, lines
from chengyun_console.paper.press.ledger import Made, record
from chengyun_console.paper.printed import Block
from chengyun_core.model.failure import Trouble

EXIT_DONE, EXIT_TROUBLE, EXIT_STOPPED = 0, 1, 143
NICENESS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one job, or with --printers name the printers; return the exit code."""
    parser = argparse.ArgumentParser(prog="chengyun-press", description=__doc__)
    parser.add_argument("--printers", action="store_true", help="name the printers this computer knows")
    options = parser.parse_args(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Being told to stop is an exit like any other: what was begun is taken away again.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(EXIT_STOPPED))
    if hasattr(os, "nice"):
        # The console and the daemons of this machine go first.
        os.nice(NICENESS)
    if options.printers:
        from chengyun_console.paper.press import outputs  # noqa: PLC0415 - a CSV needs no Qt, and starts faster

        _with_qt()
        _tell(printers=outputs.printers())
        return EXIT_DONE
    return run(sys.stdin.buffer)


def run(stream: BinaryIO) -> int:
    """Do the job in `stream`; what went wrong is told as a code with its parameters."""
    try:
        order, blocks = job.read(stream)
        made = _done(order, blocks)
    except Trouble as trouble:
        params = {key: str(value) for key, value in trouble.reason.params.items()}
        _tell(code=trouble.reason.code, params=params)
        return EXIT_TROUBLE
    except ValueError as fault:
        _tell(code="paper.broken_job", params={"fault": str(fault)})
        return EXIT_TROUBLE
    _tell(done=[[one.path, one.size] for one in made])
    return EXIT_DONE


def _done(order: PrintOrder, blocks: tuple[Block, ...]) -> tuple[Made, ...]:
    target = Path(order.target)
    match order.format:
        case "csv":
            return delivery.deliver(order, (target,), lambda parts: _csv(order, blocks, parts[0]))
        case "pdf" | "png" | "printer":
            return _pages(order, blocks, target)
        case other:
            raise ValueError(f"format {other!r}; one of pdf, png, csv, printer")


def _csv(order: PrintOrder, blocks: tuple[Block, ...], part: Path) -> int:
    with part.open("x", encoding="utf-8", newline="") as file:
        lines.write(file, order, blocks)
    return 0


def _pages(order: PrintOrder, blocks: tuple[Block, ...], target: Path) -> tuple[Made, ...]:
    from chengyun_console.paper.press import outputs  # noqa: PLC0415 - a CSV needs no Qt, and starts faster
    from chengyun_console.paper.press.pages import pages_of  # noqa: PLC0415

    _app = _with_qt()
    pages = pages_of(order, blocks)
    count, title = len(pages.pages), order.head.title

    def pdf(parts: tuple[Path, ...]) -> int:
        outputs.write_pdf(pages, parts[0], title, _progress)
        return count

    def pictures(parts: tuple[Path, ...]) -> int:
        outputs.write_pictures(pages, parts, _progress)
        return count

    if order.format == "pdf":
        return delivery.deliver(order, (target,), pdf)
    if order.format == "png":
        return delivery.deliver(order, _numbered(target, count), pictures)
    record(order, (), count)
    outputs.send_to_printer(pages, order.printer, title, _progress)
    return ()


def _numbered(target: Path, count: int) -> tuple[Path, ...]:
    """Return a name per page: the one asked for, or with -1, -2 … before its ending."""
    if count == 1:
        return (target,)
    return tuple(target.with_name(f"{target.stem}-{page}{target.suffix}") for page in range(1, count + 1))


def _with_qt() -> object:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    return QApplication.instance() or QApplication(sys.argv[:1])


def _progress(page: int, of: int) -> None:
    _tell(page=page, of=of)


def _tell(**told: Any) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
