"""Debian's Janus for tests: our own configuration on private ports, no STUN, no TURN, host candidates only."""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from chengyun_core.rtc.janus_config import Place, written
from tests.support.waiting import wait_until


class JanusStand:
    """Starts it and ends it; `address` is what a console is told."""

    def __init__(self, folder: Path, secret: str) -> None:
        if shutil.which("janus") is None:
            pytest.skip("janus is not installed (./dev setup installs it)")
        self._folder = folder
        self.place = Place(port=_free_port(), secret=secret, host="127.0.0.1", media_ports=(20_000, 20_400))
        self.address = self.place.address
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        written(self.place, self._folder)
        with (self._folder / "janus.log").open("ab") as log:
            self._process = subprocess.Popen(self.place.command(self._folder), stdout=log, stderr=log)
        wait_until(self._answers, "janus answers", limit_s=20.0)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    @property
    def pid(self) -> int:
        """Return its process id."""
        assert self._process is not None
        return self._process.pid

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.place.host, self.place.port), timeout=1.0):
                return True
        except OSError:
            time.sleep(0.02)
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
