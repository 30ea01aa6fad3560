"""`chengyun bench`: runs the benchmarks that lie beside the source; an installed build has none."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from chengyun_core.model.failure import Trouble


def run(names: Sequence[str]) -> int:
    """Run the named benchmarks (all when none is named) and return their exit code; Trouble outside a checkout."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "tests" / "bench" / "__main__.py").exists():
        raise Trouble("launch.no_bench", folder=root)
    return subprocess.run([sys.executable, "-m", "tests.bench", *names], cwd=root, check=False).returncode
