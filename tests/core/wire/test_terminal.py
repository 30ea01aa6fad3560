"""RF29: whatever the locale, a refusal can be read and nothing crashes for want of a letter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SENTENCE = "中没有配置"
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Without Python's own helping hand, as an older or an embedded one runs."""


def _refused(env: dict[str, str], profile: Path) -> bytes:
    """Ask a profile that is not there how it is; return what was said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    command = [sys.executable, "-m", "chengyun_core.launch", "doctor", "--profile", str(profile)]
    done = subprocess.run(command, env=kept | env, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("env", "encoding"),
    [
        ({"LC_ALL": "C"}, "utf-8"),
        ({"LC_ALL": "C", **PLAIN}, "utf-8"),
        ({"LC_ALL": "no_SUCH.locale", **PLAIN}, "utf-8"),
        ({"PYTHONIOENCODING": "latin-1"}, "utf-8"),
        ({"PYTHONIOENCODING": "gbk"}, "gbk"),
        ({"PYTHONIOENCODING": "gb18030"}, "gb18030"),
    ],
)
def test_that_a_refusal_can_be_read_in_any_locale(env: dict[str, str], encoding: str, tmp_path: Path) -> None:
    assert SENTENCE in _refused(env, tmp_path / "城").decode(encoding)


def test_that_a_letter_the_terminal_lacks_costs_no_more_than_itself() -> None:
    asked = "from chengyun_core.wire.terminal import speak_chinese; speak_chinese(); print('水位 \\u2212 \\U0001f6a8')"
    env = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, check=True)
    assert done.stdout.decode("gbk").strip() == "水位 ? ?"
