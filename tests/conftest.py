"""What every test gets: Qt without a screen, a home of its own, the real data, a watch over what it leaves behind."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything of Qt: pytest-qt makes the application in the first test that asks for it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.house import leaks

pytest_plugins = ["pytester"]

REPOSITORY = Path(__file__).resolve().parents[1]

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    # Where Python may leave nothing beside the sources, each of the hundreds of daemons and databases the suite starts
    # would compile them again: minutes. What is compiled is kept out of the way instead.
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(REPOSITORY / "build" / "pycache")
    sys.dont_write_bytecode = False

settings.register_profile(
    "ci",
    max_examples=25,
    deadline=None,  # two shared cores: a deadline would judge the neighbours
    derandomize=True,  # CI says the same thing twice; `fuzz` looks for what is new
    print_blob=True,
)
settings.register_profile(
    "fuzz", max_examples=5000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


ALONE = ("wire", "flows", "faults", "realdata", "complaints", "console/session", "core/wire")
"""Folders whose tests start daemons, displays or brokers and wait for them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is run three at a time after the rest; `./dev test` runs the rest by as many as there are cores."""
    folders = tuple(REPOSITORY / "tests" / folder for folder in ALONE)
    for item in items:
        lonely = any(item.get_closest_marker(name) for name in ("wire", "flow", "fault"))
        if lonely or any(folder in item.path.parents for folder in folders):
            item.add_marker("alone")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's top folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the checkout (../shared/data).

    The one reason in this suite to skip: most of these data may not be passed on, so a stranger's checkout has none.
    """
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data are not at {folder}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Send settings, profiles and state into a folder of this run: no test may touch its user's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
            folder = home / name.lower()
            folder.mkdir(mode=0o700)
            patch.setenv(name, str(folder))
        yield home


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, Qt threads, windows, barred keys or tasks, or logs an error without `caplog`."""
    before = leaks.baseline()
    errors: list[str] = []
    with leaks.watched_tasks(before.unfinished_tasks), leaks.watched_log(errors):
        yield
        with_qt = "qapp" in request.fixturenames
        if with_qt:
            leaks.bury()
    if "caplog" in request.fixturenames:
        errors.clear()
    left = [*leaks.leftovers(before, with_qt=with_qt), *errors]
    if left:
        pytest.fail("this test left behind:\n  " + "\n  ".join(left), pytrace=False)
